package org.macekv.collections;

import java.util.List;

/**
 * Told of what commits have changed in a collection: {@link PersistentStore#listen}.
 *
 * @param <K> the keys
 * @param <V> the values
 */
@FunctionalInterface
public interface ChangeListener<K, V> {
  /**
   * A transaction was committed. Called once for each that changed something in the collection, in
   * the order of the commits, by a thread of the store's own, one call at a time for all listeners
   * of the store. It may read and write the store. What it throws is logged, and it is called again
   * for the next commit.
   *
   * @param changes one for each key whose value is another now, in the order of the keys' bytes;
   *     immutable, and never empty
   */
  void changed(List<Change<K, V>> changes);
}
