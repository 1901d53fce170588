package org.macekv.error;

/** Something is larger than the store permits. Nothing was written. */
public class LimitExceededException extends MaceException {
  private static final long serialVersionUID = 1L;

  private final long limit;
  private final long actual;

  /**
   * @param what what is too large, with its unit
   * @param limit the limit
   * @param actual what was asked for
   */
  public LimitExceededException(String what, long limit, long actual) {
    super(what + " is " + actual + ", the limit is " + limit);
    this.limit = limit;
    this.actual = actual;
  }

  /** The limit. */
  public long limit() {
    return limit;
  }

  /** What was asked for. */
  public long actual() {
    return actual;
  }
}
