package org.macekv.collections;

/**
 * A value that was stored, or read, was changed in place afterwards, which changes nothing in the
 * store. Only where that is looked for: {@link PersistentStoreBuilder#detectChangesInPlace}.
 */
public final class ChangedInPlaceException extends IllegalStateException {
  private static final long serialVersionUID = 1;

  ChangedInPlaceException(String message) {
    super(message);
  }
}
