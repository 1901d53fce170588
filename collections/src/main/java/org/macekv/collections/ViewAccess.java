package org.macekv.collections;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.macekv.Bucket;
import org.macekv.Cursor;
import org.macekv.KeyRange;
import org.macekv.ValueReading;
import org.macekv.View;

/** Reads of a state that does not change. Thread-safe. */
final class ViewAccess implements Access, AccessSource {
  private final View view;
  private volatile boolean closed;

  ViewAccess(View view) {
    this.view = view;
  }

  /** Lets go of the view. Idempotent. */
  void close() {
    closed = true;
    view.close();
  }

  @Override
  public Access current() {
    return this;
  }

  @Override
  public byte @Nullable [] get(Bucket bucket, byte[] key) {
    requireUsable();
    return view.get(bucket, key);
  }

  @Override
  public <T> @Nullable T get(Bucket bucket, byte[] key, ValueReading<T> reading) {
    requireUsable();
    return view.get(bucket, key, reading);
  }

  @Override
  public boolean contains(Bucket bucket, byte[] key) {
    requireUsable();
    return view.contains(bucket, key);
  }

  @Override
  public long count(Bucket bucket) {
    requireUsable();
    return view.count(bucket);
  }

  @Override
  public Cursor scan(Bucket bucket, KeyRange range, boolean descending) {
    requireUsable();
    return descending ? view.scanReverse(bucket, range) : view.scan(bucket, range);
  }

  @Override
  public void put(Bucket bucket, byte[] key, byte[] value) {
    throw readOnly();
  }

  @Override
  public void delete(Bucket bucket, byte[] key) {
    throw readOnly();
  }

  @Override
  public byte @Nullable [] getAndPut(Bucket bucket, byte[] key, byte[] value) {
    throw readOnly();
  }

  @Override
  public byte @Nullable [] getAndDelete(Bucket bucket, byte[] key) {
    throw readOnly();
  }

  @Override
  public <R extends @Nullable Object> R atomically(Function<? super Access, ? extends R> work) {
    return work.apply(this);
  }

  @Override
  public void requireUsable() {
    if (closed) {
      throw new IllegalStateException("the snapshot that this belongs to is closed");
    }
  }

  @Override
  public void requireWritable() {
    throw readOnly();
  }

  @Override
  public @Nullable TransactionState transaction() {
    return null;
  }

  @Override
  public boolean isShareable() {
    return true;
  }

  @Override
  public boolean isFrozen() {
    return true;
  }

  private static UnsupportedOperationException readOnly() {
    return new UnsupportedOperationException("a collection of a snapshot is read-only");
  }
}
