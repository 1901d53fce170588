package org.macekv;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.Reference;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.macekv.error.LimitExceededException;
import org.macekv.error.TransactionTimeoutException;
import org.macekv.internal.engine.Engine;
import org.macekv.internal.txn.StoredBucket;
import org.macekv.internal.txn.ValueReader;
import org.macekv.internal.txn.WriteTransaction;
import org.macekv.option.TransactionOptions;

/**
 * Changes to any number of buckets that happen as a whole or not at all, over an unchanging state
 * of the store. Of two that run at the same time and write the same key, the first to commit wins;
 * what else is refused says the {@link org.macekv.option.Isolation}. One that has only read always
 * commits, and writes nothing to the log. Reads see the transaction's own writes. Belongs to one
 * thread at a time; use from a second thread while a call is running fails with {@link
 * IllegalStateException}. Leaving the {@code try} block without {@link #commit()} rolls back. What
 * it has written is on the heap until then, within limits ({@link
 * org.macekv.option.MaceOptions#maxTransactionBytes()}); values over their bucket's inline limit
 * are in the log, all of which is kept from the first of them on.
 *
 * <p>If it has a timeout and that has passed, it is rolled back, and the next call throws {@link
 * TransactionTimeoutException}; the same with a {@link LimitExceededException} if more of the log
 * would have to be kept for it than {@link org.macekv.option.MaceOptions#maxTransactionLogBytes()}.
 * One that nobody refers to any more, and that was not ended, is rolled back when the garbage
 * collector has found that out, with a warning in the log.
 */
public final class Transaction implements SnapshotReader, AutoCloseable {
  private final Engine engine;
  private final WriteTransaction transaction;

  Transaction(Engine engine, TransactionOptions options) {
    this.engine = engine;
    this.transaction = engine.begin(options, this);
  }

  private StoredBucket check(Bucket bucket) {
    return bucket.stored(engine);
  }

  @Override
  public byte @Nullable [] get(Bucket bucket, byte[] key) {
    return transaction.get(check(bucket), key);
  }

  @Override
  public <T> @Nullable T get(Bucket bucket, byte[] key, ValueReading<T> reading) {
    return transaction.get(check(bucket), key, new ReadingAdapter<>(reading));
  }

  /**
   * The value that {@code key} has in the state that this transaction began with, a fresh array, or
   * null: without what it has written itself.
   */
  public byte @Nullable [] getBefore(Bucket bucket, byte[] key) {
    return transaction.getBefore(check(bucket), key);
  }

  /**
   * Reads a key that is going to be changed, or that what is going to be written depends on: as if
   * the key had been written, a commit is refused if another transaction changed it since this one
   * began. Two transactions that only read it so do not disturb each other. In a transaction that
   * writes nothing, and in a serializable one, it is the same as {@link #get}.
   *
   * @return the value, a fresh array, or null
   * @throws org.macekv.error.StoreReadOnlyException if the store is only read
   */
  public byte @Nullable [] getForUpdate(Bucket bucket, byte[] key) {
    return transaction.getForUpdate(check(bucket), key);
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
        engine, transaction.scan(check(bucket), range.lowShared(), range.highShared(), true), this);
  }

  /** Like {@link #scan}, from the high end to the low. */
  @Override
  public Cursor scanReverse(Bucket bucket, KeyRange range) {
    return new Cursor(
        engine,
        transaction.scan(check(bucket), range.lowShared(), range.highShared(), false),
        this);
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

  // ---- Savepoints and nested work -------------------------------------------------------------

  /** Sets a point to which {@link #rollback(Savepoint)} can go back. */
  public Savepoint setSavepoint() {
    return new Savepoint(transaction.mark());
  }

  /**
   * Takes back what was written since a savepoint, which stays valid. Those that were set since
   * don't. What was read since counts as read, and values that were written to the log ahead of the
   * commit stay there as garbage.
   *
   * @throws IllegalStateException if the savepoint is not valid any more
   * @throws IllegalArgumentException if it is of another transaction
   */
  public void rollback(Savepoint savepoint) {
    transaction.rollback(savepoint.mark());
  }

  /**
   * Forgets a savepoint, and those that were set since. What was written stays.
   *
   * @throws IllegalStateException if the savepoint is not valid any more
   * @throws IllegalArgumentException if it is of another transaction
   */
  public void release(Savepoint savepoint) {
    transaction.release(savepoint.mark());
  }

  /**
   * Runs work in this transaction that is kept as a whole or not at all, when the transaction is:
   * if it throws, what it wrote is taken back, the exception goes on to the caller, and the
   * transaction goes on. A part of this transaction, and no transaction of its own: it sees what
   * was written before, and is committed with it. May be nested.
   *
   * @return what the work returned
   */
  public <R extends @Nullable Object> R nested(Function<? super Transaction, ? extends R> work) {
    WriteTransaction.Mark mark = transaction.mark();
    R result;
    try {
      result = work.apply(this);
    } catch (Throwable e) {
      takeBack(mark, e);
      throw e;
    }
    if (transaction.isOpen()) { // else the work has ended it
      transaction.release(mark);
    }
    return result;
  }

  private void takeBack(WriteTransaction.Mark mark, Throwable cause) {
    if (transaction.isOpen()) {
      try {
        transaction.rollback(mark);
        transaction.release(mark);
      } catch (IllegalStateException | TransactionTimeoutException | LimitExceededException e) {
        cause.addSuppressed(e); // the work went back to before its beginning, or all is rolled back
      }
    }
  }

  // ---- The end --------------------------------------------------------------------------------

  /**
   * Has something run once when this transaction has been committed, as durable as it promises, by
   * the thread that commits it. It can't use this transaction any more, and may begin another. What
   * it throws is logged, since it can't change the outcome any more.
   */
  public void afterCommit(Runnable hook) {
    transaction.afterCommit(hook);
  }

  /**
   * The position in the log at which it was committed: of two transactions that wrote something,
   * the one with the higher position was committed later. 0 if it was not committed, or wrote
   * nothing.
   */
  public long commitPosition() {
    return transaction.commitPosition();
  }

  /**
   * Has something run once when this transaction has ended and nothing of it was kept: it was
   * rolled back, or its commit was refused. Neither hook runs if a commit fails so that its outcome
   * is unknown. Else like {@link #afterCommit}.
   */
  public void afterRollback(Runnable hook) {
    transaction.afterRollback(hook);
  }

  /**
   * Makes the changes durable (as its {@link org.macekv.option.Durability} says) and visible, and
   * ends the transaction.
   *
   * @throws org.macekv.error.ConflictException if another transaction changed one of the written
   *     keys since this one began, or something that must not have been; nothing was kept, and the
   *     transaction is rolled back
   * @throws org.macekv.error.StoreFailedException if the log could not be written
   */
  public void commit() {
    try {
      engine.checkOpen();
      transaction.commit();
    } finally {
      Reference.reachabilityFence(this); // who is committed is not lost
    }
  }

  /**
   * Commits, and does not wait until that is durable: many such commits share a sync. When this
   * returns, the transaction has ended, and its place among all commits is settled; transactions
   * that begin from now on read it, views and other readers when it is durable.
   *
   * @return completed when the changes are as durable as {@link #commit()} would have made them,
   *     and visible; exceptionally with what {@link #commit()} would have thrown. Completed by a
   *     thread of the common pool, which then runs the hooks.
   */
  public CompletionStage<@Nullable Void> commitAsync() {
    try {
      engine.checkOpen();
      return transaction.commitAsync(engine.acknowledger());
    } finally {
      Reference.reachabilityFence(this); // who is committed is not lost
    }
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

  /** Whether it was rolled back since it was open for too long, or kept too much of the log. */
  boolean isExpired() {
    return transaction.isExpired();
  }

  /** Rolls back if the transaction is still open. Idempotent. */
  @Override
  public void close() {
    if (transaction.isOpen()) {
      try {
        transaction.rollback();
      } catch (TransactionTimeoutException | LimitExceededException e) {
        return; // just rolled back by the one who watches
      }
    }
  }
}
