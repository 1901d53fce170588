package org.macekv.collections;

import java.util.Comparator;
import java.util.Spliterator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.macekv.Bucket;
import org.macekv.Cursor;
import org.macekv.KeyRange;

/**
 * Walks over a range of a map, and splits it at about the middle of its keys, taken as numbers. How
 * many entries lie on either side is not known, so the estimates are rough. A spliterator that has
 * begun to walk, or belongs to a transaction, does not split.
 */
final class RangeSpliterator<K, V, T> implements Spliterator<T> {
  private final StoredMap<K, V> map;
  private final Access access;
  private final EntryReading<K, V, T> reading;
  private final int characteristics;
  private final @Nullable Comparator<? super T> order;
  private final boolean descending;
  private KeyRange range;
  private long estimate;
  private @Nullable Cursor cursor;

  /**
   * @param map the map, for its range and order
   * @param reading what is made of entries
   * @param characteristics the characteristics beside {@code ORDERED}, {@code NONNULL} and {@code
   *     CONCURRENT} or {@code IMMUTABLE}
   * @param order the order if {@code SORTED} is among them; null for the natural order
   */
  RangeSpliterator(
      StoredMap<K, V> map,
      EntryReading<K, V, T> reading,
      int characteristics,
      @Nullable Comparator<? super T> order) {
    this.map = map;
    this.order = order;
    this.access = map.access();
    this.reading = reading;
    this.characteristics =
        characteristics | ORDERED | NONNULL | (access.isFrozen() ? IMMUTABLE : CONCURRENT);
    this.descending = map.isDescending();
    this.range = map.range();
    this.estimate = access.isShareable() ? access.count(map.collection().bucket()) : Long.MAX_VALUE;
  }

  private RangeSpliterator(RangeSpliterator<K, V, T> other, KeyRange range, long estimate) {
    this.map = other.map;
    this.order = other.order;
    this.access = other.access;
    this.reading = other.reading;
    this.characteristics = other.characteristics;
    this.descending = other.descending;
    this.range = range;
    this.estimate = estimate;
  }

  @Override
  public boolean tryAdvance(Consumer<? super T> action) {
    access.requireUsable();
    Cursor walk = walk();
    if (!walk.next()) {
      return false;
    }
    action.accept(reading.read(map, access, walk.key(), walk));
    return true;
  }

  @Override
  public void forEachRemaining(Consumer<? super T> action) {
    Cursor walk = walk();
    access.requireUsable();
    while (walk.next()) {
      action.accept(reading.read(map, access, walk.key(), walk));
      access.requireUsable();
    }
  }

  @Override
  public @Nullable Spliterator<T> trySplit() {
    if (cursor != null || !access.isShareable()) {
      return null;
    }
    Bucket bucket = map.collection().bucket();
    Cursor first = access.scan(bucket, range, false);
    Cursor last = access.scan(bucket, range, true);
    if (!first.next() || !last.next()) {
      return null;
    }
    byte[] middle = KeyMidpoint.between(first.key(), last.key());
    if (middle == null) {
      return null;
    }
    KeyRange lower = range.intersect(KeyRange.lessThan(middle));
    KeyRange upper = range.intersect(KeyRange.atLeast(middle));
    estimate >>>= 1;
    range = descending ? lower : upper;
    return new RangeSpliterator<>(this, descending ? upper : lower, estimate);
  }

  @Override
  public long estimateSize() {
    return estimate;
  }

  @Override
  public int characteristics() {
    return characteristics;
  }

  @Override
  public @Nullable Comparator<? super T> getComparator() {
    if (!hasCharacteristics(SORTED)) {
      throw new IllegalStateException("not sorted");
    }
    return order;
  }

  private Cursor walk() {
    Cursor walk = cursor;
    if (walk == null) {
      walk = access.scan(map.collection().bucket(), range, descending);
      cursor = walk;
    }
    return walk;
  }
}
