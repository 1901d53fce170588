package org.macekv.collections;

import java.util.AbstractMap;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.NavigableSet;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.macekv.Bucket;
import org.macekv.Cursor;
import org.macekv.KeyRange;
import org.macekv.collections.KeyBounds.Bound;

/**
 * A map, or a view of one: what {@link StoredMap} does, with order, in either direction. Bounds are
 * always in the order of the encoded keys; "before" and "after" below are in the order of the walk.
 */
final class NavigableMapView<K, V> extends StoredMap<K, V> implements PersistentNavigableMap<K, V> {
  private static final byte[] NO_BYTES = {};

  private final KeyBounds bounds;
  private final boolean descending;

  NavigableMapView(
      StoredCollection<K, V> collection,
      AccessSource source,
      KeyBounds bounds,
      boolean descending) {
    super(collection, source, bounds.range());
    this.bounds = bounds;
    this.descending = descending;
  }

  /** The same view over what {@code newSource} gives. */
  NavigableMapView<K, V> over(AccessSource newSource) {
    return new NavigableMapView<>(collection(), newSource, bounds, descending);
  }

  @Override
  boolean isWhole() {
    return bounds.isWhole();
  }

  @Override
  boolean isDescending() {
    return descending;
  }

  @Override
  public String name() {
    return collection().name();
  }

  @Override
  public NavigableMapView<K, V> in(TransactionScope scope) {
    return over(scope.sourceFor(collection().store(), name(), source()));
  }

  @Override
  public @Nullable Comparator<? super K> comparator() {
    Comparator<? super K> natural = collection().keys().comparator();
    Comparator<? super K> ascending = natural.equals(Comparator.naturalOrder()) ? null : natural;
    return descending ? Collections.reverseOrder(ascending) : ascending;
  }

  // Navigation. Null for a bound means the end of the view.

  @Override
  public K firstKey() {
    return requireFound(keyIn(KeyRange.all(), true));
  }

  @Override
  public K lastKey() {
    return requireFound(keyIn(KeyRange.all(), false));
  }

  @Override
  public @Nullable K lowerKey(K key) {
    return keyIn(before(key, false), false);
  }

  @Override
  public @Nullable K floorKey(K key) {
    return keyIn(before(key, true), false);
  }

  @Override
  public @Nullable K ceilingKey(K key) {
    return keyIn(after(key, true), true);
  }

  @Override
  public @Nullable K higherKey(K key) {
    return keyIn(after(key, false), true);
  }

  @Override
  public Map.@Nullable Entry<K, V> firstEntry() {
    return entryIn(KeyRange.all(), true);
  }

  @Override
  public Map.@Nullable Entry<K, V> lastEntry() {
    return entryIn(KeyRange.all(), false);
  }

  @Override
  public Map.@Nullable Entry<K, V> lowerEntry(K key) {
    return entryIn(before(key, false), false);
  }

  @Override
  public Map.@Nullable Entry<K, V> floorEntry(K key) {
    return entryIn(before(key, true), false);
  }

  @Override
  public Map.@Nullable Entry<K, V> ceilingEntry(K key) {
    return entryIn(after(key, true), true);
  }

  @Override
  public Map.@Nullable Entry<K, V> higherEntry(K key) {
    return entryIn(after(key, false), true);
  }

  @Override
  public Map.@Nullable Entry<K, V> pollFirstEntry() {
    return poll(true);
  }

  @Override
  public Map.@Nullable Entry<K, V> pollLastEntry() {
    return poll(false);
  }

  // Views.

  @Override
  public NavigableMapView<K, V> subMap(
      K fromKey, boolean fromInclusive, K toKey, boolean toInclusive) {
    return narrow(bound(fromKey, fromInclusive), bound(toKey, toInclusive));
  }

  @Override
  public NavigableMapView<K, V> headMap(K toKey, boolean inclusive) {
    return narrow(null, bound(toKey, inclusive));
  }

  @Override
  public NavigableMapView<K, V> tailMap(K fromKey, boolean inclusive) {
    return narrow(bound(fromKey, inclusive), null);
  }

  @Override
  public NavigableMapView<K, V> subMap(K fromKey, K toKey) {
    return subMap(fromKey, true, toKey, false);
  }

  @Override
  public NavigableMapView<K, V> headMap(K toKey) {
    return headMap(toKey, false);
  }

  @Override
  public NavigableMapView<K, V> tailMap(K fromKey) {
    return tailMap(fromKey, true);
  }

  @Override
  public NavigableMapView<K, V> prefixMap(Object... prefix) {
    byte[] bytes = collection().keys().encodePrefix(prefix);
    return new NavigableMapView<>(collection(), source(), bounds.within(bytes), descending);
  }

  @Override
  public NavigableMapView<K, V> descendingMap() {
    return new NavigableMapView<>(collection(), source(), bounds, !descending);
  }

  @Override
  public NavigableSet<K> keySet() {
    return new KeySetView<>(this);
  }

  @Override
  public NavigableSet<K> navigableKeySet() {
    return keySet();
  }

  @Override
  public NavigableSet<K> descendingKeySet() {
    return descendingMap().keySet();
  }

  @Override
  public Collection<V> values() {
    return new ValuesView<>(this);
  }

  @Override
  public Set<Map.Entry<K, V>> entrySet() {
    return new EntrySetView<>(this);
  }

  /**
   * Removes the first or last key of the view and returns it, or null if there is none. Outside a
   * scope it takes what was the first a moment ago, and takes it alone: no other thread gets it.
   */
  @Nullable K pollKey(boolean first) {
    Taken<K, V> taken = take(first, false);
    return taken == null ? null : taken.key;
  }

  private Map.@Nullable Entry<K, V> poll(boolean first) {
    Taken<K, V> taken = take(first, true);
    return taken == null
        ? null
        : new AbstractMap.SimpleImmutableEntry<>(taken.key, Objects.requireNonNull(taken.value));
  }

  /** An entry that was removed. */
  private record Taken<K, V>(K key, @Nullable V value) {}

  /** Reads the entry first: what can't be read stays. */
  private @Nullable Taken<K, V> take(boolean first, boolean withValue) {
    Access access = writableAccess();
    Bucket bucket = collection().bucket();
    while (true) {
      Cursor cursor = access.scan(bucket, range(), first == descending);
      if (!cursor.next()) {
        return null;
      }
      byte[] key = cursor.key();
      K decodedKey = collection().decodeKey(key);
      byte[] seen = withValue ? cursor.value() : NO_BYTES;
      V value = withValue ? collection().decodeValue(key, seen) : null;
      byte[] removed = access.getAndDelete(bucket, key);
      if (removed != null) {
        boolean changed = withValue && !Arrays.equals(removed, seen);
        return new Taken<>(decodedKey, changed ? collection().decodeValue(key, removed) : value);
      }
      // Another thread took it between the two steps, so there was progress: on to the next.
    }
  }

  private @Nullable K keyIn(KeyRange part, boolean first) {
    Cursor cursor = cursorIn(part, first);
    return cursor.next() ? collection().decodeKey(cursor.key()) : null;
  }

  private Map.@Nullable Entry<K, V> entryIn(KeyRange part, boolean first) {
    Cursor cursor = cursorIn(part, first);
    return cursor.next() ? entry(cursor.key(), cursor.value()) : null;
  }

  private Map.Entry<K, V> entry(byte[] key, byte[] value) {
    return new AbstractMap.SimpleImmutableEntry<>(
        collection().decodeKey(key), collection().decodeValue(key, value));
  }

  private Cursor cursorIn(KeyRange part, boolean first) {
    return access().scan(collection().bucket(), range().intersect(part), first == descending);
  }

  private KeyRange before(K key, boolean inclusive) {
    Bound bound = bound(key, inclusive);
    return descending ? KeyBounds.above(bound) : KeyBounds.below(bound);
  }

  private KeyRange after(K key, boolean inclusive) {
    Bound bound = bound(key, inclusive);
    return descending ? KeyBounds.below(bound) : KeyBounds.above(bound);
  }

  private NavigableMapView<K, V> narrow(@Nullable Bound from, @Nullable Bound to) {
    KeyBounds narrower = descending ? bounds.narrow(to, from) : bounds.narrow(from, to);
    return new NavigableMapView<>(collection(), source(), narrower, descending);
  }

  private Bound bound(K key, boolean inclusive) {
    return new Bound(collection().encodeKey(key), inclusive);
  }

  private static <T> T requireFound(@Nullable T found) {
    if (found == null) {
      throw new NoSuchElementException();
    }
    return found;
  }
}
