package org.macekv.error;

/** The store was closed. */
public class StoreClosedException extends MaceException {
  private static final long serialVersionUID = 1L;

  /**
   * @param store the store
   */
  public StoreClosedException(String store) {
    super(store + " is closed");
  }
}
