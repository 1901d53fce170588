package org.macekv.serialization;

/**
 * A value or key could not be turned into bytes, or bytes could not be turned back: they are torn,
 * of another format, or need a class that is not registered. The message says which and what to do.
 */
public class SerializationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates one with a message that says what happened, where, and what to do. */
  public SerializationException(String message) {
    super(message);
  }

  /** Creates one with a message and the first cause. */
  public SerializationException(String message, Throwable cause) {
    super(message, cause);
  }
}
