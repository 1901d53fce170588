package org.macekv.error;

import org.jspecify.annotations.Nullable;

/**
 * A commit was refused because checkpoints did not keep up with the writers for longer than the
 * option {@code maxStallMillis} allows. Nothing of the commit was kept. The same work may succeed
 * later; if checkpoints fail, the cause says why.
 */
public class WriteStalledException extends MaceException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what waited for what, and for how long
   * @param cause why the last checkpoint failed, or null if it did not
   */
  public WriteStalledException(String message, @Nullable Throwable cause) {
    super(message);
    if (cause != null) {
      initCause(cause);
    }
  }
}
