package org.macekv.error;

/**
 * A transaction was open for longer than its timeout allows, and was rolled back: nothing of it was
 * kept. Whoever uses it next gets this.
 */
public class TransactionTimeoutException extends MaceException {
  private static final long serialVersionUID = 1L;

  private final int timeoutMillis;

  /**
   * @param timeoutMillis how long it was allowed to be open
   */
  public TransactionTimeoutException(int timeoutMillis) {
    super(
        "the transaction was open for longer than its timeout of "
            + timeoutMillis
            + " ms, and was rolled back");
    this.timeoutMillis = timeoutMillis;
  }

  /** How long it was allowed to be open, in milliseconds. */
  public int timeoutMillis() {
    return timeoutMillis;
  }
}
