package org.macekv.collections;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.macekv.Bucket;
import org.macekv.Cursor;
import org.macekv.KeyRange;
import org.macekv.Mace;
import org.macekv.ValueReading;

/** Each operation is a transaction of its own. Thread-safe. */
final class AutoCommitAccess implements Access {
  private final Mace mace;
  private final Listeners listeners;

  AutoCommitAccess(Mace mace, Listeners listeners) {
    this.mace = mace;
    this.listeners = listeners;
  }

  @Override
  public byte @Nullable [] get(Bucket bucket, byte[] key) {
    return bucket.get(key);
  }

  @Override
  public <T> @Nullable T get(Bucket bucket, byte[] key, ValueReading<T> reading) {
    return bucket.get(key, reading);
  }

  @Override
  public boolean contains(Bucket bucket, byte[] key) {
    return bucket.contains(key);
  }

  @Override
  public long count(Bucket bucket) {
    return bucket.count();
  }

  @Override
  public Cursor scan(Bucket bucket, KeyRange range, boolean descending) {
    return descending ? bucket.scanReverse(range) : bucket.scan(range);
  }

  @Override
  public void put(Bucket bucket, byte[] key, byte[] value) {
    if (!listeners.isListenedTo(bucket)) {
      bucket.put(key, value);
      return;
    }
    this.<@Nullable Object>atomically(
        within -> {
          within.put(bucket, key, value);
          return null;
        });
  }

  @Override
  public void delete(Bucket bucket, byte[] key) {
    if (!listeners.isListenedTo(bucket)) {
      bucket.delete(key);
      return;
    }
    this.<@Nullable Object>atomically(
        within -> {
          within.delete(bucket, key);
          return null;
        });
  }

  @Override
  public byte @Nullable [] getAndPut(Bucket bucket, byte[] key, byte[] value) {
    return listeners.isListenedTo(bucket)
        ? atomically(within -> within.getAndPut(bucket, key, value))
        : bucket.getAndPut(key, value);
  }

  @Override
  public byte @Nullable [] getAndDelete(Bucket bucket, byte[] key) {
    return listeners.isListenedTo(bucket)
        ? atomically(within -> within.getAndDelete(bucket, key))
        : bucket.getAndDelete(key);
  }

  @Override
  public <R extends @Nullable Object> R atomically(Function<? super Access, ? extends R> work) {
    AtomicReference<@Nullable TransactionState> last = new AtomicReference<>();
    try {
      return mace.transact(
          transaction -> {
            TransactionState state = new TransactionState(transaction);
            R result =
                work.apply(
                    new TransactionAccess(
                        transaction, state, listeners, transaction::isOpen, null));
            last.setPlain(state);
            listeners.willCommit(state, transaction);
            return result;
          });
    } finally {
      TransactionState state = last.getPlain();
      if (state != null) {
        listeners.committed(state);
      }
    }
  }

  @Override
  public void requireUsable() {
    // The engine itself refuses what comes after close().
  }

  @Override
  public void requireWritable() {
    // Always.
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
    return false;
  }
}
