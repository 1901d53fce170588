package org.macekv.error;

/** A change was asked for of a store that is open for reading only. */
public final class StoreReadOnlyException extends MaceException {
  private static final long serialVersionUID = 1L;

  /** With the store's name. */
  public StoreReadOnlyException(String store) {
    super(store + " is open for reading only: open it without the option readOnly to change it");
  }
}
