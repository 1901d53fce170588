package org.macekv.error;

/**
 * A write or a sync failed after its bytes were accepted. From then on the store takes no more
 * commits (reads go on); close it, mend the cause and open it again: recovery settles what was
 * kept.
 */
public class StoreFailedException extends MaceException {
  private static final long serialVersionUID = 1L;

  private final boolean outcomeUnknown;

  /**
   * @param message what failed
   * @param outcomeUnknown true if the commit in question may or may not be in the store after
   *     reopening
   * @param cause the first failure
   */
  public StoreFailedException(String message, boolean outcomeUnknown, Throwable cause) {
    super(message, cause);
    this.outcomeUnknown = outcomeUnknown;
  }

  /**
   * True if the commit that got this exception may or may not turn out to be in the store; false if
   * it certainly is not.
   */
  public boolean outcomeUnknown() {
    return outcomeUnknown;
  }
}
