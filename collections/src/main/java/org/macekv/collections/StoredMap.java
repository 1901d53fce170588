package org.macekv.collections;

import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.macekv.Bucket;
import org.macekv.Cursor;
import org.macekv.KeyRange;

/**
 * A range of a stored collection as a {@link ConcurrentMap}: all that needs no order. Immutable but
 * for what is stored.
 */
abstract class StoredMap<K, V> extends AbstractMap<K, V> implements ConcurrentMap<K, V> {
  private static final int REWRITTEN_AT_ONCE = 256;

  private final StoredCollection<K, V> collection;
  private final AccessSource source;
  private final KeyRange range;
  private final Bucket bucket;

  StoredMap(StoredCollection<K, V> collection, AccessSource source, KeyRange range) {
    this.collection = collection;
    this.source = source;
    this.range = range;
    this.bucket = collection.bucket();
  }

  /** Whether this is all of the collection and not a range of it. */
  abstract boolean isWhole();

  /** Whether walks go from high keys to low ones. */
  abstract boolean isDescending();

  final StoredCollection<K, V> collection() {
    return collection;
  }

  final AccessSource source() {
    return source;
  }

  final KeyRange range() {
    return range;
  }

  /** Where a read goes that is made now. */
  final Access access() {
    return source.current();
  }

  /** Where a write goes that is made now. */
  final Access writableAccess() {
    Access access = source.current();
    access.requireWritable();
    return access;
  }

  // Reads.

  @Override
  public @Nullable V get(Object key) {
    byte[] encoded = collection.encodeKey(key);
    Access access = access();
    return range.contains(encoded) ? collection.read(access, encoded) : null;
  }

  @Override
  public boolean containsKey(Object key) {
    byte[] encoded = collection.encodeKey(key);
    return range.contains(encoded) && access().contains(bucket, encoded);
  }

  @Override
  public boolean containsValue(Object value) {
    Objects.requireNonNull(value, "value");
    Iterator<V> values = new EntryIterator<>(this, isDescending(), EntryReading.values());
    while (values.hasNext()) {
      if (value.equals(values.next())) {
        return true;
      }
    }
    return false;
  }

  /** The number of entries: of the engine's count for the whole, by a walk for a range. */
  public long count() {
    Access access = access();
    if (isWhole()) {
      return access.count(bucket);
    }
    long count = 0;
    Cursor cursor = access.scan(bucket, range, false);
    while (cursor.next()) {
      count++;
    }
    return count;
  }

  @Override
  public int size() {
    return (int) Math.min(count(), Integer.MAX_VALUE);
  }

  @Override
  public boolean isEmpty() {
    return !access().scan(bucket, range, false).next();
  }

  @Override
  public void forEach(BiConsumer<? super K, ? super V> action) {
    Objects.requireNonNull(action, "action");
    for (Map.Entry<K, V> entry : entrySet()) {
      action.accept(entry.getKey(), entry.getValue());
    }
  }

  // Single writes.

  @Override
  public @Nullable V put(K key, V value) {
    Access access = writableAccess();
    byte[] encoded = keyInRange(key);
    return collection.decodeNullable(
        encoded, access.getAndPut(bucket, encoded, collection.encodeForStoring(encoded, value)));
  }

  /** Sets a value without reading the one before. */
  public void set(K key, V value) {
    Access access = writableAccess();
    byte[] encoded = keyInRange(key);
    access.put(bucket, encoded, collection.encodeForStoring(encoded, value));
  }

  @Override
  public @Nullable V remove(Object key) {
    Access access = writableAccess();
    byte[] encoded = collection.encodeKey(key);
    return range.contains(encoded)
        ? collection.decodeNullable(encoded, access.getAndDelete(bucket, encoded))
        : null;
  }

  /** Removes a key without reading its value. */
  public void delete(K key) {
    Access access = writableAccess();
    byte[] encoded = collection.encodeKey(key);
    if (range.contains(encoded)) {
      access.delete(bucket, encoded);
    }
  }

  // Reads and writes in one. Each looks first without a transaction where that can settle it.

  @Override
  public @Nullable V putIfAbsent(K key, V value) {
    Access access = writableAccess();
    byte[] encoded = keyInRange(key);
    byte[] newValue = collection.encodeForStoring(encoded, value);
    byte[] present = access.get(bucket, encoded);
    if (present == null) {
      present =
          access.atomically(
              within -> {
                byte[] now = within.get(bucket, encoded);
                if (now == null) {
                  within.put(bucket, encoded, newValue);
                }
                return now;
              });
    }
    return collection.decodeNullable(encoded, present);
  }

  @Override
  public boolean remove(Object key, @Nullable Object value) {
    Access access = writableAccess();
    byte[] encoded = collection.encodeKey(key);
    if (value == null || !range.contains(encoded) || !access.contains(bucket, encoded)) {
      return false;
    }
    return access.atomically(
        within -> {
          boolean same = value.equals(read(within, encoded));
          if (same) {
            within.delete(bucket, encoded);
          }
          return same;
        });
  }

  @Override
  public @Nullable V replace(K key, V value) {
    Access access = writableAccess();
    byte[] encoded = keyInRange(key);
    byte[] newValue = collection.encodeForStoring(encoded, value);
    if (!access.contains(bucket, encoded)) {
      return null;
    }
    byte[] old =
        access.atomically(
            within -> {
              byte[] now = within.get(bucket, encoded);
              if (now != null) {
                within.put(bucket, encoded, newValue);
              }
              return now;
            });
    return collection.decodeNullable(encoded, old);
  }

  @Override
  public boolean replace(K key, V oldValue, V newValue) {
    Objects.requireNonNull(oldValue, "oldValue");
    Access access = writableAccess();
    byte[] encoded = keyInRange(key);
    byte[] encodedValue = collection.encodeForStoring(encoded, newValue);
    if (!access.contains(bucket, encoded)) {
      return false;
    }
    return access.atomically(
        within -> {
          boolean same = oldValue.equals(read(within, encoded));
          if (same) {
            within.put(bucket, encoded, encodedValue);
          }
          return same;
        });
  }

  @Override
  public @Nullable V computeIfAbsent(
      K key, Function<? super K, ? extends @Nullable V> mappingFunction) {
    Objects.requireNonNull(mappingFunction, "mappingFunction");
    writableAccess();
    V present = get(key);
    if (present != null) {
      return present;
    }
    return compute(key, (k, old) -> old != null ? old : mappingFunction.apply(k));
  }

  @Override
  public @Nullable V computeIfPresent(
      K key, BiFunction<? super K, ? super V, ? extends @Nullable V> remappingFunction) {
    Objects.requireNonNull(remappingFunction, "remappingFunction");
    writableAccess();
    if (!containsKey(key)) {
      return null;
    }
    return compute(key, (k, old) -> old == null ? null : remappingFunction.apply(k, old));
  }

  @Override
  public @Nullable V compute(
      K key, BiFunction<? super K, ? super @Nullable V, ? extends @Nullable V> remappingFunction) {
    Objects.requireNonNull(remappingFunction, "remappingFunction");
    Access access = writableAccess();
    byte[] encoded = collection.encodeKey(key);
    if (!range.contains(encoded)) {
      return computeOutOfRange(key, remappingFunction);
    }
    return access.atomically(
        within -> {
          byte[] present = within.get(bucket, encoded);
          V old = collection.decodeNullable(encoded, present);
          V computed = remappingFunction.apply(key, old);
          if (computed != null) {
            within.put(bucket, encoded, collection.encodeForStoring(encoded, computed));
          } else if (present != null) {
            within.delete(bucket, encoded);
          }
          return computed;
        });
  }

  @Override
  public @Nullable V merge(
      K key, V value, BiFunction<? super V, ? super V, ? extends @Nullable V> remappingFunction) {
    Objects.requireNonNull(value, "value");
    Objects.requireNonNull(remappingFunction, "remappingFunction");
    keyInRange(key);
    return compute(key, (k, old) -> old == null ? value : remappingFunction.apply(old, value));
  }

  // Bulk writes: one transaction each.

  @Override
  public void putAll(Map<? extends K, ? extends V> entries) {
    Objects.requireNonNull(entries, "entries");
    Access access = writableAccess();
    // All is encoded, and thereby checked, before the first is written: in a scope, too, it is all
    // or nothing.
    List<byte[]> keys = new ArrayList<>();
    List<byte[]> values = new ArrayList<>();
    entries.forEach(
        (key, value) -> {
          byte[] encoded = keyInRange(key);
          keys.add(encoded);
          values.add(collection.encodeForStoring(encoded, value));
        });
    access.atomically(
        within -> {
          for (int i = 0; i < keys.size(); i++) {
            within.put(bucket, keys.get(i), values.get(i));
          }
          return null;
        });
  }

  @Override
  public void clear() {
    writableAccess()
        .atomically(
            within -> {
              Cursor cursor = within.scan(bucket, range, false);
              while (cursor.next()) {
                within.delete(bucket, cursor.key());
              }
              return null;
            });
  }

  @Override
  public void replaceAll(BiFunction<? super K, ? super V, ? extends V> function) {
    Objects.requireNonNull(function, "function");
    writableAccess()
        .atomically(
            within -> {
              Cursor cursor = within.scan(bucket, range, isDescending());
              while (cursor.next()) {
                byte[] key = cursor.key();
                V value = collection.decodeValue(key, cursor.value());
                V replaced = function.apply(collection.decodeKey(key), value);
                within.put(bucket, key, collection.encodeForStoring(key, replaced));
              }
              return null;
            });
  }

  /** Removes, in one transaction, every entry whose reading is {@code doomed}. */
  final <T> boolean removeWhere(EntryReading<K, V, T> reading, Predicate<? super T> doomed) {
    Objects.requireNonNull(doomed, "filter");
    return writableAccess()
        .atomically(
            within -> {
              boolean changed = false;
              Cursor cursor = within.scan(bucket, range, isDescending());
              while (cursor.next()) {
                byte[] key = cursor.key();
                if (doomed.test(reading.read(this, within, key, cursor))) {
                  within.delete(bucket, key);
                  changed = true;
                }
              }
              return changed;
            });
  }

  /**
   * Removes, in one transaction, each of {@code elements} with {@code removal}, which is given the
   * access to do it with.
   */
  final boolean removeEach(Iterable<?> elements, Removal removal) {
    Objects.requireNonNull(elements, "elements");
    return writableAccess()
        .atomically(
            within -> {
              boolean changed = false;
              for (Object element : elements) {
                changed |= removal.remove(within, element);
              }
              return changed;
            });
  }

  /** Gives those of {@code keys} that are absent {@code value}, and says whether any was. */
  final boolean addKeys(Iterable<? extends K> keys, V value) {
    Access access = writableAccess();
    byte[] encodedValue = collection.encodeValue(value);
    List<byte[]> encodedKeys = new ArrayList<>();
    keys.forEach(key -> encodedKeys.add(keyInRange(key)));
    return access.atomically(
        within -> {
          boolean changed = false;
          for (byte[] key : encodedKeys) {
            if (!within.contains(bucket, key)) {
              within.put(bucket, key, encodedValue);
              changed = true;
            }
          }
          return changed;
        });
  }

  /** Stores values anew whose bytes are not those of today; see {@link PersistentStore}. */
  final long rewriteValues(Access autoCommit, LongConsumer progress) {
    long seen = 0;
    long rewritten = 0;
    KeyRange rest = range;
    while (true) {
      List<byte[]> keys = new ArrayList<>();
      Cursor cursor = autoCommit.scan(bucket, rest, false);
      while (keys.size() < REWRITTEN_AT_ONCE && cursor.next()) {
        keys.add(cursor.key());
      }
      if (keys.isEmpty()) {
        return rewritten;
      }
      rewritten += autoCommit.atomically(within -> rewrite(within, keys));
      seen += keys.size();
      progress.accept(seen);
      rest = range.intersect(KeyRange.greaterThan(keys.get(keys.size() - 1)));
    }
  }

  private int rewrite(Access within, List<byte[]> keys) {
    int count = 0;
    for (byte[] key : keys) {
      byte[] stored = within.get(bucket, key);
      if (stored != null) {
        byte[] now = collection.encodeValue(collection.decodeValue(key, stored));
        if (!Arrays.equals(stored, now)) {
          within.put(bucket, key, now);
          count++;
        }
      }
    }
    return count;
  }

  /** Removes one element and says whether it was there. */
  @FunctionalInterface
  interface Removal {
    boolean remove(Access within, @Nullable Object element);
  }

  /** Removes the entry of {@code key}, if it is in range, and says whether there was one. */
  final boolean removeKey(Access within, @Nullable Object key) {
    byte[] encoded = collection.encodeKey(key);
    return range.contains(encoded) && within.getAndDelete(bucket, encoded) != null;
  }

  private @Nullable V read(Access access, byte[] key) {
    return collection.decodeNullable(key, access.get(bucket, key));
  }

  /** As {@code java.util} has it: a function that gives nothing is no error. */
  private @Nullable V computeOutOfRange(
      K key, BiFunction<? super K, ? super @Nullable V, ? extends @Nullable V> function) {
    if (function.apply(key, null) != null) {
      throw outOfRange();
    }
    return null;
  }

  private byte[] keyInRange(@Nullable Object key) {
    byte[] encoded = collection.encodeKey(key);
    if (!range.contains(encoded)) {
      throw outOfRange();
    }
    return encoded;
  }

  private IllegalArgumentException outOfRange() {
    return new IllegalArgumentException(
        "key out of range of a view of collection '" + collection.name() + "'");
  }
}
