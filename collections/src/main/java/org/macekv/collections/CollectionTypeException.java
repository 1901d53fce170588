package org.macekv.collections;

import org.macekv.error.MaceException;

/**
 * A collection was opened as something else than what the store has under its name: another kind,
 * or other types of keys or values. Nothing was changed.
 */
public class CollectionTypeException extends MaceException {
  private static final long serialVersionUID = 1L;

  /**
   * @param store the store
   * @param collection the name of the collection
   * @param stored what the store has
   * @param asked what was asked for
   */
  public CollectionTypeException(String store, String collection, String stored, String asked) {
    super(
        "collection '"
            + collection
            + "' in "
            + store
            + " is stored as a "
            + stored
            + " and was opened as a "
            + asked);
  }
}
