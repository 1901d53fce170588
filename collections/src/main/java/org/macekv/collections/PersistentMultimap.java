package org.macekv.collections;

import java.util.Set;
import org.macekv.serialization.Tuple2;

/**
 * A map from keys to any number of values each, sorted, without duplicates, kept in a store. It
 * takes part in scopes and snapshots as {@link PersistentNavigableMap} does. No nulls.
 *
 * <p>Thread-safe. Inside a scope it is confined as {@link TransactionScope} says.
 *
 * @param <K> the keys, in the order of their codec
 * @param <V> the values, in the order of theirs
 */
public interface PersistentMultimap<K, V> {

  /** The name of the collection in its store. */
  String name();

  /** Adds a value to those of a key; whether it was not among them. */
  boolean put(K key, V value);

  /** Takes a value from those of a key; whether it was among them. */
  boolean remove(K key, V value);

  /** Takes all values of a key, in one transaction; whether there were any. */
  boolean removeAll(K key);

  /** Whether a value is among those of a key. */
  boolean contains(K key, V value);

  /** Whether a key has any values. */
  boolean containsKey(K key);

  /**
   * The values of a key: a view, through which values are added and removed, too, as of any {@link
   * PersistentSet}. Its size is counted by a walk.
   */
  PersistentSet<V> get(K key);

  /** All pairs of a key and one of its values, by key and then by value: a view, as a set is. */
  PersistentSet<Tuple2<K, V>> entries();

  /**
   * The keys that have values, in order: a view. Removing a key from it removes all its values; it
   * can't be added to. Its iterator looks up each key, however many values one has; its size is
   * counted by a walk.
   */
  Set<K> keySet();

  /** How many pairs there are: outside a scope, and in a snapshot, in constant time. */
  long count();

  /** Whether there are none. */
  boolean isEmpty();

  /** Removes all pairs, in one transaction. */
  void clear();

  /**
   * This multimap as part of {@code scope}, whatever thread uses it; see {@link
   * PersistentNavigableMap#in}.
   *
   * @throws IllegalArgumentException if the scope is of another store
   * @throws UnsupportedOperationException if this multimap is of a {@link Snapshot}
   */
  PersistentMultimap<K, V> in(TransactionScope scope);
}
