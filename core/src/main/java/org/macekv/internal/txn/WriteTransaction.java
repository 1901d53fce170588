package org.macekv.internal.txn;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.macekv.error.LimitExceededException;
import org.macekv.error.MaceException;
import org.macekv.error.StoreFailedException;
import org.macekv.error.TransactionTimeoutException;
import org.macekv.internal.mvcc.SnapshotRegistry;
import org.macekv.internal.tree.EntryCursor;
import org.macekv.internal.tree.Found;
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
    TIMED_OUT("rolled back, since it was open for too long"),
    OUTGREW("rolled back, since it kept too much of the log"),
    FAILED("ended by a commit that failed");

    final String words;

    State(String words) {
      this.words = words;
    }
  }

  /** A point in a transaction to which it can go back. */
  public static final class Mark {
    private final WriteTransaction owner;
    private final int writes;
    private boolean valid = true;

    private Mark(WriteTransaction owner, int writes) {
      this.owner = owner;
      this.writes = writes;
    }
  }

  private final Committer committer;
  private final TransactionSettings settings;
  private final boolean serializable;
  private final long deadline; // if there is a timeout
  private final SnapshotRegistry.Slot slot;
  private final SnapshotReads reads;
  private final WriteSet writes = new WriteSet();
  private final ReadSet mustNotChange = new ReadSet();
  private final Hooks hooks = new Hooks();
  private final List<Mark> marks = new ArrayList<>();
  private final Runnable onEnd;

  // Set while a call runs: acquire and release, so that a hand-off between threads is safe.
  @SuppressWarnings("unused") // through BUSY
  private boolean busy;

  private volatile State state = State.OPEN;
  private volatile long commitPosition;
  private boolean hasRead;
  // From the first large value on. Read by who watches, before he knows that no call is running.
  private volatile LogPins.@Nullable Pin pin;
  private volatile long keptLogBytes; // when that was too much

  /**
   * Begins.
   *
   * @param settings how it runs
   * @param onEnd called once, when the transaction has ended in whatever way
   */
  public WriteTransaction(Committer committer, TransactionSettings settings, Runnable onEnd) {
    this.committer = committer;
    this.settings = settings;
    this.serializable = settings.serializable();
    this.deadline =
        settings.timeoutMillis() == 0
            ? 0
            : settings.nanoTime().getAsLong() + settings.timeoutMillis() * 1_000_000L;
    this.slot = committer.writerSnapshot();
    this.reads = new SnapshotReads(committer, slot.position(), this::checkOpen);
    this.onEnd = onEnd;
  }

  private void enter() {
    State overdue = overdue();
    enterEvenOverdue(overdue);
    if (overdue != null) {
      end(overdue);
      exit();
      tell(Outcome.NOTHING_KEPT);
      checkOpen();
    }
  }

  private void enterEvenOverdue(@Nullable State overdue) {
    if (!BUSY.compareAndSet(this, false, true)) {
      if (overdue != null) { // it may just be ended for that
        throw refusal(overdue);
      }
      if (isExpired()) { // it is just being ended
        checkOpen();
      }
      throw new IllegalStateException(
          "the transaction is in use by another thread: it belongs to one at a time");
    }
    if (state != State.OPEN) {
      exit();
      checkOpen();
    }
  }

  /** Why it should be rolled back, whatever it is about to do; else null. */
  private @Nullable State overdue() {
    if (settings.timeoutMillis() != 0 && settings.nanoTime().getAsLong() - deadline >= 0) {
      return State.TIMED_OUT;
    }
    LogPins.Pin keeps = pin;
    if (keeps != null && state == State.OPEN) {
      long kept = committer.logBytesSince(keeps);
      if (kept > settings.maxLogBytes()) {
        keptLogBytes = kept;
        return State.OUTGREW;
      }
    }
    return null;
  }

  /** Ends it if it is open for too long, or keeps too much of the log, and no call is running. */
  public void expire() {
    if (state != State.OPEN) {
      return;
    }
    State overdue = overdue();
    if (overdue == null || !BUSY.compareAndSet(this, false, true)) {
      return;
    }
    boolean open = state == State.OPEN;
    if (open) {
      end(overdue);
    }
    exit();
    if (open) {
      tell(Outcome.NOTHING_KEPT);
    }
  }

  /** Whether it was rolled back since it was open for too long, or kept too much of the log. */
  public boolean isExpired() {
    State now = state;
    return now == State.TIMED_OUT || now == State.OUTGREW;
  }

  private void checkOpen() {
    State now = state;
    if (now != State.OPEN) {
      throw refusal(now);
    }
  }

  private RuntimeException refusal(State ended) {
    return switch (ended) {
      case TIMED_OUT -> new TransactionTimeoutException(settings.timeoutMillis());
      case OUTGREW ->
          new LimitExceededException(
              "the number of bytes that the log has from the first large value of a transaction"
                  + " on, all of which is kept until it ends (option maxTransactionLogBytes; it was"
                  + " rolled back),",
              settings.maxLogBytes(),
              keptLogBytes);
      default -> new IllegalStateException("the transaction was " + ended.words);
    };
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
    return get(bucket, key, serializable);
  }

  /**
   * The value, or null; a commit of writes is refused if the key was changed since the transaction
   * began.
   */
  public byte @Nullable [] getForUpdate(StoredBucket bucket, byte[] key) {
    committer.checkWritable();
    return get(bucket, key, true);
  }

  private byte @Nullable [] get(StoredBucket bucket, byte[] key, boolean watched) {
    enter();
    try {
      Write write = writes.of(bucket).writes().get(key);
      if (write != null) {
        Object value = write.value();
        return value == null ? null : committer.load(fresh(value));
      }
      willRead(bucket, key, watched);
      return reads.get(bucket, key);
    } finally {
      exit();
    }
  }

  /** What is made of the value, or null; that may use this transaction. */
  public <T> @Nullable T get(StoredBucket bucket, byte[] key, StampedReading<T> reading) {
    Found found = null;
    byte[] own = null;
    enter();
    try {
      Write write = writes.of(bucket).writes().get(key);
      if (write == null) {
        willRead(bucket, key, serializable);
        found = reads.find(bucket, key);
      } else if (write.value() != null) {
        own = committer.load(fresh(write.value()));
      }
    } finally {
      exit();
    }
    if (own != null) {
      return reading.make(own, StampedReading.NONE);
    }
    return found == null ? null : made(bucket, key, found, reading);
  }

  private <T> @Nullable T made(
      StoredBucket bucket, byte[] key, Found found, StampedReading<T> reading) {
    long stamp = found.stamp();
    T made = reading.made(stamp, found.length());
    if (made != null) {
      return made;
    }
    byte[] value;
    enter();
    try {
      value = reads.load(bucket, key, found);
    } finally {
      exit();
    }
    return value == null ? null : reading.make(value, stamp);
  }

  /** The value that its snapshot has, or null, whatever it has written itself. */
  public byte @Nullable [] getBefore(StoredBucket bucket, byte[] key) {
    enter();
    try {
      return reads.get(bucket, key);
    } finally {
      exit();
    }
  }

  private void willRead(StoredBucket bucket, byte[] key, boolean watched) {
    hasRead = true;
    if (watched) {
      mustNotChange.add(bucket, key);
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
      willRead(bucket, key, serializable);
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
      if (Committer.isLarge(bucket, value)) {
        keepLog();
      }
      checkLimits();
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
      checkLimits();
      byte[] ownKey = key.clone();
      byte[] beginning = value.beginning(bucket.inlineLimitBytes());
      Object stored = beginning;
      if (Committer.isLarge(bucket, beginning)) {
        keepLog();
        stored = committer.append(bucket.id(), ownKey, value.from(beginning));
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
        willRead(bucket, key, serializable);
        return reads.open(bucket, key);
      }
      Object value = write.value();
      return value == null ? null : new ValueReader(committer, value, () -> null);
    } finally {
      exit();
    }
  }

  private void keepLog() {
    if (pin == null) {
      pin = committer.pin(this::expire);
    }
  }

  /** One more write has to fit; that it replaces another one is not looked at. */
  private void checkLimits() {
    if (writes.size() >= settings.maxWrites()) {
      throw new LimitExceededException(
          "the number of keys that a transaction writes (option maxTransactionWrites)",
          settings.maxWrites(),
          writes.size() + 1L);
    }
    if (writes.bytes() > settings.maxBytes()) {
      throw new LimitExceededException(
          "the bytes of heap that a transaction's writes take (option maxTransactionBytes)",
          settings.maxBytes(),
          writes.bytes());
    }
  }

  /** Removes a key. */
  public void delete(StoredBucket bucket, byte[] key) {
    Limits.checkKey(bucket, key);
    enter();
    try {
      committer.checkWritable();
      bucket.checkExists(slot.position());
      checkLimits();
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
          this,
          bucket,
          reads.scan(bucket, low, high, up),
          writes.of(bucket).writes(),
          low,
          high,
          up);
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

  /** A cursor makes its first step, or the first after it was asked how far it came: true. */
  boolean watch(StoredBucket bucket, TransactionCursor cursor) {
    if (serializable) {
      mustNotChange.add(bucket, cursor);
    }
    return true;
  }

  /** The number of entries, writes included. */
  public long count(StoredBucket bucket) {
    enter();
    try {
      hasRead = true;
      long count = reads.count(bucket);
      if (serializable) {
        mustNotChange.addCount(bucket, count);
      }
      NavigableMap<byte[], Write> own = writes.of(bucket).writes();
      for (Map.Entry<byte[], Write> each : own.entrySet()) {
        // Nobody else changes it if this commits, so that need not be watched.
        boolean before = reads.contains(bucket, each.getKey());
        count += (each.getValue().isDeletion() ? 0 : 1) - (before ? 1 : 0);
      }
      return count;
    } finally {
      exit();
    }
  }

  // ---- Savepoints -----------------------------------------------------------------------------

  /** A mark to which the transaction can go back as often as is wanted. */
  public Mark mark() {
    enter();
    try {
      Mark mark = new Mark(this, writes.mark());
      marks.add(mark);
      return mark;
    } finally {
      exit();
    }
  }

  /** Takes back what was written since a mark. Marks that were made since are no longer valid. */
  public void rollback(Mark mark) {
    enter();
    try {
      forgetFrom(index(mark) + 1);
      writes.undo(mark.writes);
    } finally {
      exit();
    }
  }

  /** Forgets a mark, and those that were made since; what was written stays. */
  public void release(Mark mark) {
    enter();
    try {
      forgetFrom(index(mark));
    } finally {
      exit();
    }
  }

  private int index(Mark mark) {
    if (mark.owner != this) {
      throw new IllegalArgumentException("the savepoint belongs to another transaction");
    }
    if (!mark.valid) {
      throw new IllegalStateException(
          "the savepoint was released, or the transaction went back to an earlier one");
    }
    return marks.indexOf(mark);
  }

  private void forgetFrom(int index) {
    List<Mark> gone = marks.subList(index, marks.size());
    gone.forEach(each -> each.valid = false);
    gone.clear();
    if (marks.isEmpty()) {
      writes.forgetMarks();
    }
  }

  // ---- The end --------------------------------------------------------------------------------

  /** Has something run once when the transaction is committed, as durable as it promises. */
  public void afterCommit(Runnable hook) {
    enter();
    try {
      hooks.addAfterCommit(hook);
    } finally {
      exit();
    }
  }

  /** Has something run once when the transaction has ended and nothing of it was kept. */
  public void afterRollback(Runnable hook) {
    enter();
    try {
      hooks.addAfterRollback(hook);
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
   * @param change what this transaction changes of the buckets there are, or null
   */
  public void commit(@Nullable BucketChange change) {
    enter();
    Outcome outcome = Outcome.NOTHING_KEPT;
    try {
      State end = State.FAILED;
      try {
        if (writes.isEmpty()) {
          if (hasRead) {
            committer.awaitPublished(slot.position());
          }
        } else {
          long position = accept(change);
          outcome = Outcome.UNKNOWN;
          committer.await(position, settings.durability());
          Committer.tidy(writes);
        }
        end = State.COMMITTED;
        outcome = Outcome.COMMITTED;
      } catch (StoreFailedException e) {
        outcome = e.outcomeUnknown() ? Outcome.UNKNOWN : outcome;
        throw e;
      } finally {
        end(end);
        exit();
      }
    } finally {
      tell(outcome);
    }
  }

  private long accept(@Nullable BucketChange change) {
    long position =
        committer.commit(writes, mustNotChange, slot.position(), settings.durability(), change);
    commitPosition = position;
    return position;
  }

  /** Where it was committed, 0 if it was not, or wrote nothing. */
  public long commitPosition() {
    return commitPosition;
  }

  /**
   * Commits and ends, without waiting until that is durable.
   *
   * @param acknowledger waits for it
   */
  public CompletionStage<@Nullable Void> commitAsync(Acknowledger acknowledger) {
    enter();
    long position = hasRead ? slot.position() : 0;
    State end = State.FAILED;
    MaceException failure = null;
    try {
      if (!writes.isEmpty()) {
        position = accept(null);
        Committer.tidy(writes);
      }
      end = State.COMMITTED;
    } catch (MaceException e) {
      failure = e;
    } finally {
      end(end);
      exit();
    }
    if (failure != null) {
      boolean unknown = failure instanceof StoreFailedException e && e.outcomeUnknown();
      tell(unknown ? Outcome.UNKNOWN : Outcome.NOTHING_KEPT);
      return CompletableFuture.failedStage(failure);
    }
    Durability level = writes.isEmpty() ? Durability.BUFFERED : settings.durability();
    return acknowledger
        .whenDurable(position, level)
        .whenComplete((done, e) -> tell(e == null ? Outcome.COMMITTED : Outcome.UNKNOWN));
  }

  /** Forgets the writes and ends. */
  public void rollback() {
    enterEvenOverdue(overdue());
    try {
      end(State.ROLLED_BACK);
    } finally {
      exit();
    }
    tell(Outcome.NOTHING_KEPT);
  }

  private enum Outcome {
    COMMITTED,
    NOTHING_KEPT,
    UNKNOWN
  }

  /** Runs the hooks, which may use the store, and can't use this transaction any more. */
  private void tell(Outcome outcome) {
    if (outcome == Outcome.COMMITTED) {
      hooks.committed();
    } else if (outcome == Outcome.NOTHING_KEPT) {
      hooks.rolledBack();
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
