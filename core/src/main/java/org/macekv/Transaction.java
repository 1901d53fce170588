package org.macekv;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import org.macekv.internal.engine.Engine;
import org.macekv.internal.txn.StoredBucket;
import org.macekv.internal.txn.ValueReader;
import org.macekv.internal.txn.WriteTransaction;
import org.macekv.option.TransactionOptions;

/**
 * Changes to any number of buckets that happen as a whole or not at all, over an unchanging state
 * of the store (snapshot isolation: the first committer of a key wins). Reads see the transaction's
 * own writes. Belongs to one thread at a time; use from a second thread while a call is running
 * fails with {@link IllegalStateException}. Leaving the {@code try} block without {@link #commit()}
 * rolls back.
 */
public final class Transaction implements SnapshotReader, AutoCloseable {
  private final Engine engine;
  private final WriteTransaction transaction;

  Transaction(Engine engine, TransactionOptions options) {
    this.engine = engine;
    this.transaction = engine.begin(options.durability());
  }

  private StoredBucket check(Bucket bucket) {
    return bucket.stored(engine);
  }

  @Override
  public byte @Nullable [] get(Bucket bucket, byte[] key) {
    return transaction.get(check(bucket), key);
  }

  @Override
  public @Nullable ValueStream openStream(Bucket bucket, byte[] key) {
    ValueReader reader = transaction.open(check(bucket), key);
    return reader == null ? null : new ValueStream(reader, new StreamOwner());
  }

  private final class StreamOwner implements ValueStream.Owner {
    @Override
    public void checkOpen() {
      engine.checkOpen();
      if (!transaction.isOpen()) {
        throw new IllegalStateException("the transaction has ended");
      }
    }

    @Override
    public void closed() {}
  }

  @Override
  public boolean contains(Bucket bucket, byte[] key) {
    return transaction.contains(check(bucket), key);
  }

  /**
   * A cursor over the state of this transaction. Writes of the transaction that happen while the
   * cursor walks are seen if they lie ahead of it.
   */
  @Override
  public Cursor scan(Bucket bucket, KeyRange range) {
    return new Cursor(
        engine, transaction.scan(check(bucket), range.lowShared(), range.highShared(), true));
  }

  /** Like {@link #scan}, from the high end to the low. */
  @Override
  public Cursor scanReverse(Bucket bucket, KeyRange range) {
    return new Cursor(
        engine, transaction.scan(check(bucket), range.lowShared(), range.highShared(), false));
  }

  @Override
  public long count(Bucket bucket) {
    return transaction.count(check(bucket));
  }

  /**
   * Sets the value of {@code key}.
   *
   * @param bucket the bucket to write
   * @param key 0 B to 64 KiB
   * @param value 0 B to 1 GiB
   * @throws org.macekv.error.LimitExceededException if the key or the value is too long
   */
  public void put(Bucket bucket, byte[] key, byte[] value) {
    transaction.put(check(bucket), key, value);
  }

  /**
   * Sets the value of {@code key} to what a stream gives until its end. What is longer than the
   * bucket's inline limit is written to the log piece by piece, and never on the heap as a whole.
   * The stream is not closed. If it throws, the transaction goes on without this write; so it does
   * if the value is too long.
   *
   * @param bucket the bucket to write
   * @param key 0 B to 64 KiB
   * @param value 0 B to 1 GiB
   * @throws IOException what the stream throws
   * @throws org.macekv.error.LimitExceededException if the key or the value is too long
   */
  public void putStream(Bucket bucket, byte[] key, InputStream value) throws IOException {
    StoredBucket stored = check(bucket);
    new StreamSource(value).into(streamed -> transaction.put(stored, key, streamed));
  }

  /** Removes {@code key} and its value, if it has one. */
  public void delete(Bucket bucket, byte[] key) {
    transaction.delete(check(bucket), key);
  }

  /**
   * Makes the changes durable (as its {@link org.macekv.option.Durability} says) and visible, and
   * ends the transaction.
   *
   * @throws org.macekv.error.ConflictException if another transaction changed one of the written
   *     keys since this one began; nothing was kept, and the transaction is rolled back
   * @throws org.macekv.error.StoreFailedException if the log could not be written
   */
  public void commit() {
    engine.checkOpen();
    transaction.commit();
  }

  /** Forgets the changes and ends the transaction. */
  public void rollback() {
    transaction.rollback();
  }

  /** Whether the transaction was neither committed nor rolled back, and the store is open. */
  public boolean isOpen() {
    return transaction.isOpen() && !engine.isClosed();
  }

  /** Whether it was neither committed nor rolled back, whatever became of the store. */
  boolean isUnfinished() {
    return transaction.isOpen();
  }

  /** Rolls back if the transaction is still open. Idempotent. */
  @Override
  public void close() {
    if (transaction.isOpen()) {
      transaction.rollback();
    }
  }
}
