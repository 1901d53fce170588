package org.macekv.internal.txn;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Map;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;
import org.macekv.internal.mvcc.SnapshotRegistry;
import org.macekv.internal.tree.EntryCursor;
import org.macekv.internal.tree.Tree;
import org.macekv.internal.tree.Write;
import org.macekv.option.Durability;

/**
 * A transaction: a snapshot, and a buffer of writes that reads look into first. Used by one thread
 * at a time, which is checked.
 */
public final class WriteTransaction {
  private static final VarHandle BUSY;

  static {
    try {
      BUSY = MethodHandles.lookup().findVarHandle(WriteTransaction.class, "busy", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private enum State {
    OPEN("open"),
    COMMITTED("committed"),
    ROLLED_BACK("rolled back"),
    FAILED("ended by a commit that failed");

    final String words;

    State(String words) {
      this.words = words;
    }
  }

  private final Committer committer;
  private final Durability durability;
  private final SnapshotRegistry.Slot slot;
  private final SnapshotReads reads;
  private final WriteSet writes = new WriteSet();
  private final Runnable onEnd;

  // Set while a call runs: acquire and release, so that a hand-off between threads is safe.
  @SuppressWarnings("unused") // through BUSY
  private boolean busy;

  private volatile State state = State.OPEN;
  private boolean hasRead;
  private LogPins.@Nullable Pin pin; // from the first large value on

  /**
   * Begins.
   *
   * @param onEnd called once, when the transaction has ended in whatever way
   */
  public WriteTransaction(Committer committer, Durability durability, Runnable onEnd) {
    this.committer = committer;
    this.durability = durability;
    this.slot = committer.writerSnapshot();
    this.reads = new SnapshotReads(committer, slot.position(), this::checkOpen);
    this.onEnd = onEnd;
  }

  private void enter() {
    if (!BUSY.compareAndSet(this, false, true)) {
      throw new IllegalStateException(
          "the transaction is in use by another thread: it belongs to one at a time");
    }
    if (state != State.OPEN) {
      exit();
      checkOpen();
    }
  }

  private void checkOpen() {
    if (state != State.OPEN) {
      throw new IllegalStateException("the transaction was " + state.words);
    }
  }

  private void exit() {
    BUSY.setRelease(this, false);
  }

  /** The position of its snapshot. */
  public long position() {
    return slot.position();
  }

  /** Whether it was neither committed nor rolled back. */
  public boolean isOpen() {
    return state == State.OPEN;
  }

  /** The value, or null. */
  public byte @Nullable [] get(StoredBucket bucket, byte[] key) {
    enter();
    try {
      Write write = writes.of(bucket).writes().get(key);
      if (write != null) {
        Object value = write.value();
        return value == null ? null : committer.load(fresh(value));
      }
      hasRead = true;
      return reads.get(bucket, key);
    } finally {
      exit();
    }
  }

  static Object fresh(Object value) {
    return value instanceof byte[] bytes ? bytes.clone() : value;
  }

  /** Whether the key has a value. */
  public boolean contains(StoredBucket bucket, byte[] key) {
    enter();
    try {
      Write write = writes.of(bucket).writes().get(key);
      if (write != null) {
        return !write.isDeletion();
      }
      hasRead = true;
      return reads.contains(bucket, key);
    } finally {
      exit();
    }
  }

  /** Sets a value. */
  public void put(StoredBucket bucket, byte[] key, byte[] value) {
    Limits.checkKey(bucket, key);
    Limits.checkValue(bucket, value);
    enter();
    try {
      committer.checkWritable();
      bucket.checkExists(slot.position());
      if (pin == null && Committer.isLarge(bucket, value)) {
        pin = committer.pin();
      }
      byte[] ownKey = key.clone();
      Object stored = committer.inlineOrAppended(bucket, ownKey, value);
      writes.add(bucket, Write.put(ownKey, stored == value ? value.clone() : stored));
    } finally {
      exit();
    }
  }

  /** Sets a value that is read from a source. */
  public void put(StoredBucket bucket, byte[] key, StreamedValue value) {
    Limits.checkKey(bucket, key);
    enter();
    try {
      committer.checkWritable();
      bucket.checkExists(slot.position());
      byte[] ownKey = key.clone();
      byte[] beginning = value.beginning(bucket.options().inlineLimitBytes());
      Object stored = beginning;
      if (Committer.isLarge(bucket, beginning)) {
        if (pin == null) {
          pin = committer.pin();
        }
        stored = committer.append(bucket, ownKey, value.from(beginning));
      }
      writes.add(bucket, Write.put(ownKey, stored));
    } finally {
      exit();
    }
  }

  /**
   * The value piece by piece, or null. Reading the pieces does not enter the transaction, so that
   * they can be written by it.
   */
  public @Nullable ValueReader open(StoredBucket bucket, byte[] key) {
    enter();
    try {
      Write write = writes.of(bucket).writes().get(key);
      if (write == null) {
        hasRead = true;
        return reads.open(bucket, key);
      }
      Object value = write.value();
      return value == null ? null : new ValueReader(committer, value, () -> null);
    } finally {
      exit();
    }
  }

  /** Removes a key. */
  public void delete(StoredBucket bucket, byte[] key) {
    Limits.checkKey(bucket, key);
    enter();
    try {
      committer.checkWritable();
      bucket.checkExists(slot.position());
      writes.add(bucket, Write.delete(key.clone()));
    } finally {
      exit();
    }
  }

  /** A cursor over the snapshot with the writes on top. */
  public EntryCursor scan(StoredBucket bucket, byte[] low, byte @Nullable [] high, boolean up) {
    enter();
    try {
      hasRead = true;
      return new TransactionCursor(
          this, reads.scan(bucket, low, high, up), writes.of(bucket).writes(), low, high, up);
    } finally {
      exit();
    }
  }

  /** Enters for one step of a cursor. */
  void enterStep() {
    enter();
  }

  void exitStep() {
    exit();
  }

  /** The number of entries, writes included. */
  public long count(StoredBucket bucket) {
    enter();
    try {
      hasRead = true;
      Tree tree = bucket.tree();
      long count = reads.count(bucket);
      NavigableMap<byte[], Write> own = writes.of(bucket).writes();
      for (Map.Entry<byte[], Write> each : own.entrySet()) {
        boolean before = tree.contains(each.getKey(), slot.position());
        count += (each.getValue().isDeletion() ? 0 : 1) - (before ? 1 : 0);
      }
      return count;
    } finally {
      exit();
    }
  }

  /** Commits and ends. */
  public void commit() {
    commit(null);
  }

  /**
   * Commits and ends.
   *
   * @param dropped a bucket that this transaction drops, or null
   */
  public void commit(@Nullable StoredBucket dropped) {
    enter();
    State end = State.FAILED;
    try {
      if (writes.isEmpty()) {
        if (hasRead) {
          committer.awaitPublished(slot.position());
        }
      } else {
        committer.commit(writes, slot.position(), durability, dropped);
      }
      end = State.COMMITTED;
    } finally {
      end(end);
      exit();
    }
  }

  /** Forgets the writes and ends. */
  public void rollback() {
    enter();
    try {
      end(State.ROLLED_BACK);
    } finally {
      exit();
    }
  }

  private void end(State end) {
    state = end;
    LogPins.Pin held = pin;
    if (held != null) {
      held.close();
    }
    slot.release();
    onEnd.run();
  }
}
