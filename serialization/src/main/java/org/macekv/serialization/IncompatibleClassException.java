package org.macekv.serialization;

/**
 * There may be values of a form of a class that can't be read with the class as it is now. The
 * message has a table of what differs. Nothing was changed; {@link Evolution} is the cure.
 */
public class IncompatibleClassException extends SerializationException {
  private static final long serialVersionUID = 1L;

  /** Creates one with a message that has all differences. */
  public IncompatibleClassException(String message) {
    super(message);
  }
}
