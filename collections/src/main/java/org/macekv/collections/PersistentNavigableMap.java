package org.macekv.collections;

import java.util.concurrent.ConcurrentNavigableMap;

/**
 * A {@link ConcurrentNavigableMap} that is kept in a store. It does what {@link
 * java.util.concurrent.ConcurrentSkipListMap} does, with these differences and additions.
 *
 * <p><b>Where operations go.</b> A map got from the {@link PersistentStore} looks at each call
 * whether the thread has a {@link TransactionScope} open. If not, each call is a transaction of its
 * own, durable when it returns as the store's options say, and iterators are weakly consistent. If
 * so, the call is part of the scope: it sees the scope's state and its own writes, and nothing is
 * kept before the scope commits. Iterators, spliterators and entries stay with the scope that they
 * were made in and fail with {@link IllegalStateException} when it has ended. {@link #in} gives a
 * map that is always part of one scope, {@link Snapshot#of(PersistentNavigableMap)} one that never
 * changes and refuses writes with {@link UnsupportedOperationException}.
 *
 * <p><b>Atomicity.</b> Every single operation is atomic, {@code compute*}, {@code merge}, {@code
 * putIfAbsent} and {@code replace} included. So are the bulk operations {@code putAll}, {@code
 * clear}, {@code replaceAll}, and {@code removeIf}, {@code removeAll} and {@code retainAll} of the
 * collection views: one transaction each, which is held in memory until it commits. Outside a scope
 * these try again after a conflict, so functions given to them may run more than once and should
 * have no side effects; after {@link org.macekv.option.MaceOptions#maxAttempts()} attempts they
 * throw {@link org.macekv.error.ConflictException}. Functions run outside of any scope of the
 * store, unless the caller is in one. If such a function throws, nothing was changed; inside a
 * scope, what the operation did before stays a part of the scope.
 *
 * <p><b>Values</b> are copies: each read decodes a new object, and a change to an object that was
 * put is not a change of the map. Neither keys nor values may be null. Entries of {@link
 * #entrySet()} write through on {@code setValue}; those of {@link #firstEntry()} and the like do
 * not support it.
 *
 * <p><b>Cost.</b> {@link #size()} of a whole map takes constant time outside a scope and in a
 * snapshot, and a look-up per key written in a scope; of a sub map it walks over all its entries.
 * {@code containsValue} walks over the map. Views of keys do not read values.
 *
 * <p>Thread-safe. Inside a scope it is confined as {@link TransactionScope} says.
 *
 * @param <K> the keys, ordered as {@link #comparator()} says
 * @param <V> the values
 */
public interface PersistentNavigableMap<K, V> extends ConcurrentNavigableMap<K, V> {

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
  PersistentNavigableMap<K, V> in(TransactionScope scope);

  @Override
  PersistentNavigableMap<K, V> subMap(
      K fromKey, boolean fromInclusive, K toKey, boolean toInclusive);

  @Override
  PersistentNavigableMap<K, V> headMap(K toKey, boolean inclusive);

  @Override
  PersistentNavigableMap<K, V> tailMap(K fromKey, boolean inclusive);

  @Override
  PersistentNavigableMap<K, V> subMap(K fromKey, K toKey);

  @Override
  PersistentNavigableMap<K, V> headMap(K toKey);

  @Override
  PersistentNavigableMap<K, V> tailMap(K fromKey);

  @Override
  PersistentNavigableMap<K, V> descendingMap();
}
