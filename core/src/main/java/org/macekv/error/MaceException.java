package org.macekv.error;

/** The root of everything that the store itself reports. */
public class MaceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates one with a message that says what happened, where, and what to do. */
  public MaceException(String message) {
    super(message);
  }

  /** Creates one with a message and the first cause. */
  public MaceException(String message, Throwable cause) {
    super(message, cause);
  }
}
