package org.macekv.collections;

import java.util.AbstractSet;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import org.jspecify.annotations.Nullable;
import org.macekv.Cursor;
import org.macekv.KeyRange;
import org.macekv.serialization.KeyCodec;
import org.macekv.serialization.KeyCodecs;
import org.macekv.serialization.Tuple2;

/** A multimap: the set of its pairs. */
final class StoredMultimap<K, V> implements PersistentMultimap<K, V> {
  private final NavigableMapView<Tuple2<K, V>, Boolean> pairs;
  private final KeyCodec<V> values;

  /**
   * @param pairs keys of {@link #pairs(KeyCodec, KeyCodec)}
   * @param values the codec of the values
   */
  StoredMultimap(NavigableMapView<Tuple2<K, V>, Boolean> pairs, KeyCodec<V> values) {
    this.pairs = pairs;
    this.values = values;
  }

  static <K, V> KeyCodec<Tuple2<K, V>> pairs(KeyCodec<K> keys, KeyCodec<V> values) {
    return KeyCodecs.tuple(keys, values);
  }

  NavigableMapView<Tuple2<K, V>, Boolean> pairs() {
    return pairs;
  }

  StoredMultimap<K, V> over(NavigableMapView<Tuple2<K, V>, Boolean> newPairs) {
    return new StoredMultimap<>(newPairs, values);
  }

  @Override
  public String name() {
    return pairs.name();
  }

  @Override
  public boolean put(K key, V value) {
    return pairs.putIfAbsent(pair(key, value), Boolean.TRUE) == null;
  }

  @Override
  public boolean remove(K key, V value) {
    return pairs.remove(pair(key, value)) != null;
  }

  /** No nulls, whatever the codecs take. */
  private static <K, V> Tuple2<K, V> pair(K key, V value) {
    return new Tuple2<>(Objects.requireNonNull(key, "key"), Objects.requireNonNull(value, "value"));
  }

  @Override
  public boolean removeAll(K key) {
    return get(key).removeIf(value -> true);
  }

  @Override
  public boolean contains(K key, V value) {
    return pairs.containsKey(pair(key, value));
  }

  @Override
  public boolean containsKey(K key) {
    return !pairs.prefixMap(Objects.requireNonNull(key, "key")).isEmpty();
  }

  @Override
  public PersistentSet<V> get(K key) {
    return get(key, pairs.source());
  }

  private PersistentSet<V> get(K key, AccessSource source) {
    Objects.requireNonNull(key, "key");
    StoredCollection<Tuple2<K, V>, Boolean> all = pairs.collection();
    byte[] prefix = all.keys().encodePrefix(key);
    StoredCollection<V, Boolean> ofKey =
        new StoredCollection<>(
            all.store(),
            all.name(),
            all.bucket(),
            new SuffixKeyCodec<>(prefix, values),
            all.values(),
            ValueSharing.NEVER);
    return new StoredSet<>(
        new NavigableMapView<>(ofKey, source, KeyBounds.NONE.within(prefix), false));
  }

  @Override
  public PersistentSet<Tuple2<K, V>> entries() {
    return new StoredSet<>(pairs);
  }

  @Override
  public Set<K> keySet() {
    return new Keys();
  }

  @Override
  public long count() {
    return pairs.count();
  }

  @Override
  public boolean isEmpty() {
    return pairs.isEmpty();
  }

  @Override
  public void clear() {
    pairs.clear();
  }

  @Override
  public PersistentMultimap<K, V> in(TransactionScope scope) {
    return over(pairs.in(scope));
  }

  private final class Keys extends AbstractSet<K> {
    @Override
    public Iterator<K> iterator() {
      return new KeyIterator();
    }

    @Override
    public Spliterator<K> spliterator() {
      return Spliterators.spliteratorUnknownSize(
          iterator(),
          Spliterator.DISTINCT
              | Spliterator.ORDERED
              | Spliterator.NONNULL
              | Spliterator.CONCURRENT);
    }

    @Override
    @SuppressWarnings("unchecked") // the codec finds keys of foreign types
    public boolean contains(@Nullable Object key) {
      return containsKey((K) Objects.requireNonNull(key, "key"));
    }

    @Override
    @SuppressWarnings("unchecked") // the codec finds keys of foreign types
    public boolean remove(@Nullable Object key) {
      return StoredMultimap.this.removeAll((K) Objects.requireNonNull(key, "key"));
    }

    @Override
    public boolean isEmpty() {
      return StoredMultimap.this.isEmpty();
    }

    @Override
    public int size() {
      long size = 0;
      for (Iterator<K> keys = iterator(); keys.hasNext(); keys.next()) {
        size++;
      }
      return (int) Math.min(size, Integer.MAX_VALUE);
    }

    @Override
    public void clear() {
      StoredMultimap.this.clear();
    }
  }

  /** Looks up the first pair behind all those of the key before. */
  private final class KeyIterator implements Iterator<K> {
    private final Access access = pairs.access();
    private @Nullable KeyRange rest = KeyRange.all();
    private @Nullable K next;
    private @Nullable K last;

    @Override
    public boolean hasNext() {
      KeyRange range = rest;
      if (next == null && range != null) {
        Cursor cursor = access.scan(pairs.collection().bucket(), range, false);
        if (cursor.next()) {
          K key = pairs.collection().decodeKey(cursor.key()).first();
          byte[] behind = KeyRange.prefix(pairs.collection().keys().encodePrefix(key)).high();
          rest = behind == null ? null : KeyRange.atLeast(behind);
          next = key;
        } else {
          rest = null;
        }
      }
      return next != null;
    }

    @Override
    public K next() {
      access.requireUsable();
      K result = hasNext() ? next : null;
      if (result == null) {
        throw new NoSuchElementException();
      }
      last = result;
      next = null;
      return result;
    }

    @Override
    public void remove() {
      K key = last;
      if (key == null) {
        throw new IllegalStateException("there is no key to remove");
      }
      last = null;
      access.requireUsable();
      get(key, () -> access).removeIf(value -> true); // in the scope that it was made in
    }
  }
}
