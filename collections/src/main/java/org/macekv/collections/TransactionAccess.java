package org.macekv.collections;

import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.macekv.Bucket;
import org.macekv.Cursor;
import org.macekv.KeyRange;
import org.macekv.Transaction;
import org.macekv.ValueReading;

/** All operations are part of one transaction. For one thread at a time. */
final class TransactionAccess implements Access {
  private final Transaction transaction;
  private final TransactionState state;
  private final Listeners listeners;
  private final BooleanSupplier open;
  private final @Nullable Thread owner;

  /**
   * @param transaction the transaction
   * @param state what is noted of it
   * @param listeners who is told of what it commits
   * @param open whether the scope that this belongs to is open
   * @param owner the only thread that may use this access, or null for any
   */
  TransactionAccess(
      Transaction transaction,
      TransactionState state,
      Listeners listeners,
      BooleanSupplier open,
      @Nullable Thread owner) {
    this.transaction = transaction;
    this.state = state;
    this.listeners = listeners;
    this.open = open;
    this.owner = owner;
  }

  @Override
  public byte @Nullable [] get(Bucket bucket, byte[] key) {
    return usable().get(bucket, key);
  }

  @Override
  public <T> @Nullable T get(Bucket bucket, byte[] key, ValueReading<T> reading) {
    return usable().get(bucket, key, reading);
  }

  @Override
  public boolean contains(Bucket bucket, byte[] key) {
    return usable().contains(bucket, key);
  }

  @Override
  public long count(Bucket bucket) {
    return usable().count(bucket);
  }

  @Override
  public Cursor scan(Bucket bucket, KeyRange range, boolean descending) {
    return descending ? usable().scanReverse(bucket, range) : usable().scan(bucket, range);
  }

  @Override
  public void put(Bucket bucket, byte[] key, byte[] value) {
    writable(bucket, key).put(bucket, key, value);
  }

  @Override
  public void delete(Bucket bucket, byte[] key) {
    writable(bucket, key).delete(bucket, key);
  }

  @Override
  public byte @Nullable [] getAndPut(Bucket bucket, byte[] key, byte[] value) {
    byte[] old = writable(bucket, key).get(bucket, key);
    transaction.put(bucket, key, value);
    return old;
  }

  @Override
  public byte @Nullable [] getAndDelete(Bucket bucket, byte[] key) {
    byte[] old = usable().get(bucket, key);
    if (old != null) {
      writable(bucket, key).delete(bucket, key);
    }
    return old;
  }

  @Override
  public <R extends @Nullable Object> R atomically(Function<? super Access, ? extends R> work) {
    requireUsable();
    return work.apply(this);
  }

  @Override
  public void requireUsable() {
    if (owner != null && owner != Thread.currentThread()) {
      throw new IllegalStateException(
          "made in a scope of thread '"
              + owner.getName()
              + "' and used by thread '"
              + Thread.currentThread().getName()
              + "'; in(scope) gives collections for hand-offs");
    }
    if (!open.getAsBoolean()) {
      throw new IllegalStateException("the transaction scope that this belongs to has ended");
    }
  }

  @Override
  public void requireWritable() {
    requireUsable();
  }

  @Override
  public TransactionState transaction() {
    return state;
  }

  /** Reads a value, which nobody may have changed when the transaction is committed. */
  byte @Nullable [] getForUpdate(Bucket bucket, byte[] key) {
    return usable().getForUpdate(bucket, key);
  }

  @Override
  public boolean isShareable() {
    return false;
  }

  @Override
  public boolean isFrozen() {
    return false;
  }

  private Transaction writable(Bucket bucket, byte[] key) {
    Transaction usable = usable();
    listeners.willWrite(state, usable, bucket, key);
    return usable;
  }

  private Transaction usable() {
    requireUsable();
    return transaction;
  }
}
