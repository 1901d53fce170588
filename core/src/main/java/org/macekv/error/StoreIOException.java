package org.macekv.error;

/**
 * The file system refused an operation and nothing that was accepted is in doubt: opening failed, a
 * read failed, or no space could be reserved for a commit.
 */
public class StoreIOException extends MaceException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message which file and which operation, and why it makes no sense
   */
  public StoreIOException(String message) {
    super(message);
  }

  /**
   * @param message which file and which operation
   * @param cause what the file system said
   */
  public StoreIOException(String message, Throwable cause) {
    super(message, cause);
  }
}
