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
public interface PersistentNavigableMap<K, V>
    extends PersistentMap<K, V>, ConcurrentNavigableMap<K, V> {

  @Override
  PersistentNavigableMap<K, V> in(TransactionScope scope);

  /**
   * The entries whose keys begin with {@code prefix}: of strings their beginning, one string; of
   * tuples and records their first components, at least one and not all; of others what {@link
   * org.macekv.serialization.KeyCodec#encodePrefix} says. A view as sub maps are: in the order of
   * this map, and it takes no other keys. It has only what this view has, and may be empty for
   * that.
   *
   * @throws UnsupportedOperationException if the keys have no prefixes
   * @throws IllegalArgumentException if the number of components does not fit
   */
  PersistentNavigableMap<K, V> prefixMap(Object... prefix);

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
