package org.macekv;

import org.jspecify.annotations.Nullable;

/**
 * Reads of one unchanging state of the store: a {@link View}, or a {@link Transaction}, which sees
 * its own writes on top. Buckets must be of the same store.
 */
public sealed interface SnapshotReader permits Transaction, View {

  /**
   * The value of {@code key}, or null if there is none. The empty array is a value.
   *
   * @param bucket the bucket to read
   * @param key 0 B to 64 KiB
   */
  byte @Nullable [] get(Bucket bucket, byte[] key);

  /**
   * What {@code reading} makes, or has made, of the value of {@code key}; null if there is none.
   */
  <T> @Nullable T get(Bucket bucket, byte[] key, ValueReading<T> reading);

  /**
   * The value of {@code key} as a stream, or null if there is none. Usable as long as this view or
   * transaction is open; what a transaction writes later does not change it.
   */
  @Nullable ValueStream openStream(Bucket bucket, byte[] key);

  /** Whether {@code key} has a value. */
  boolean contains(Bucket bucket, byte[] key);

  /**
   * A cursor before the first entry of {@code range}, going up. Costs nothing until it is moved.
   */
  Cursor scan(Bucket bucket, KeyRange range);

  /** A cursor behind the last entry of {@code range}, going down. */
  Cursor scanReverse(Bucket bucket, KeyRange range);

  /**
   * The number of entries in the bucket. Constant cost in a view of a counted bucket; in a
   * transaction plus one look-up for each key that it wrote; a full scan if the bucket is not
   * counted.
   */
  long count(Bucket bucket);
}
