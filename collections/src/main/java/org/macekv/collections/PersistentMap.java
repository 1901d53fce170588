package org.macekv.collections;

import java.util.concurrent.ConcurrentMap;

/**
 * A {@link ConcurrentMap} that is kept in a store. It does what {@link
 * java.util.concurrent.ConcurrentHashMap} does, and promises no order: keys need an encoding, and
 * two keys are the same if their bytes are. What {@link PersistentNavigableMap}, which is one with
 * an order, says of scopes, atomicity, values and cost holds for it too.
 *
 * <p>Thread-safe. Inside a scope it is confined as {@link TransactionScope} says.
 *
 * @param <K> the keys
 * @param <V> the values
 */
public interface PersistentMap<K, V> extends ConcurrentMap<K, V> {

  /** The name of the collection in its store; views of a map have the name of the map. */
  String name();

  /** The number of entries, as {@link #size()}, but not capped at {@link Integer#MAX_VALUE}. */
  long count();

  /**
   * Sets the value of {@code key} without reading the one that it had: cheaper than {@code put}.
   *
   * @throws IllegalArgumentException if the key is out of the range of this view
   */
  void set(K key, V value);

  /** Removes {@code key} without reading its value: cheaper than {@code remove}. */
  void delete(K key);

  /**
   * This map, or view of a map, as part of {@code scope}, whatever thread uses it. It is for
   * hand-offs: a scope serves one thread at a time, and who hands it over sees to it that the other
   * thread's calls happen later.
   *
   * @throws IllegalArgumentException if the scope is of another store
   * @throws UnsupportedOperationException if this map is of a {@link Snapshot}
   */
  PersistentMap<K, V> in(TransactionScope scope);
}
