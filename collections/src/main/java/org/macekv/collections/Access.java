package org.macekv.collections;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.macekv.Bucket;
import org.macekv.Cursor;
import org.macekv.KeyRange;
import org.macekv.ValueReading;

/**
 * Where the operations of collections go: to the store one by one, to a transaction, or to a view.
 * One object serves all buckets.
 */
sealed interface Access permits AutoCommitAccess, TransactionAccess, ViewAccess {

  byte @Nullable [] get(Bucket bucket, byte[] key);

  /** What {@code reading} makes of the value, or has made; null if there is none. */
  <T> @Nullable T get(Bucket bucket, byte[] key, ValueReading<T> reading);

  boolean contains(Bucket bucket, byte[] key);

  long count(Bucket bucket);

  /** A cursor before the first entry of the range, or behind the last if {@code descending}. */
  Cursor scan(Bucket bucket, KeyRange range, boolean descending);

  void put(Bucket bucket, byte[] key, byte[] value);

  void delete(Bucket bucket, byte[] key);

  byte @Nullable [] getAndPut(Bucket bucket, byte[] key, byte[] value);

  byte @Nullable [] getAndDelete(Bucket bucket, byte[] key);

  /**
   * Runs {@code work} so that all that it does through the access given to it happens as a whole:
   * in a new transaction, again after a conflict, or in the one that this is.
   */
  <R extends @Nullable Object> R atomically(Function<? super Access, ? extends R> work);

  /** Ensures: it may be used, by this thread, at this moment; else an exception that says why. */
  void requireUsable();

  /** Ensures: it takes writes; else {@link UnsupportedOperationException}. */
  void requireWritable();

  /** What is noted of the transaction that everything goes to, or null if there is none. */
  @Nullable TransactionState transaction();

  /** Whether several threads may read it at once, each a part. */
  boolean isShareable();

  /** Whether what it shows can never change. */
  boolean isFrozen();
}
