package org.macekv.internal.log;

/**
 * A large value is not in the log any more: nobody who has registered a snapshot can see it, and
 * whoever has not may read the newer state. Never leaves the engine.
 */
public final class ValueGoneException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ValueGoneException(String file) {
    super(file + " was deleted", null, false, false);
  }
}
