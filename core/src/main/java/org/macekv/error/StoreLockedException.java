package org.macekv.error;

/** The store is open elsewhere, in this process or in another one. */
public class StoreLockedException extends MaceException {
  private static final long serialVersionUID = 1L;

  private final String holder;

  /**
   * @param store the store
   * @param holder who holds it, as far as known
   */
  public StoreLockedException(String store, String holder) {
    super(store + " is already open: held by " + holder);
    this.holder = holder;
  }

  /** Who holds the store: process id, host and time of opening where they are known. */
  public String holder() {
    return holder;
  }
}
