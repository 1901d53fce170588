package org.macekv.internal.txn;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.macekv.error.ConflictException;
import org.macekv.error.MaceException;
import org.macekv.error.StoreFailedException;
import org.macekv.error.StoreReadOnlyException;
import org.macekv.internal.format.LargeValue;
import org.macekv.internal.log.CommitLog;
import org.macekv.internal.log.LargeValues;
import org.macekv.internal.mvcc.Commit;
import org.macekv.internal.mvcc.Marks;
import org.macekv.internal.mvcc.Probe;
import org.macekv.internal.mvcc.SnapshotRegistry;
import org.macekv.internal.pages.PageGoneException;
import org.macekv.internal.tree.Write;
import org.macekv.option.Durability;

/**
 * Commits (DESIGN section 5): install pending versions, which finds conflicts; in the section take
 * the position, append the record, set the commit's position, advance {@code newest}; then wait for
 * what the durability promises.
 *
 * <p>What a transaction has read and must not have changed is looked for among what the trees have,
 * with no lock held, and in the section among what was committed since that began: so nothing of it
 * was changed before the transaction's position. Thread-safe.
 */
public final class Committer {
  private static final long NONE = Long.MAX_VALUE;
  private static final int TIDY_AT_LEAST = 8;

  /** After so many writes of a commit it is asked whether it may make more. */
  private static final int ASK_FOR_MORE = 64;

  /** When more commits than this came while reads were checked, they are checked once more. */
  private static final int MOST_CHECKED_IN_SECTION = 256;

  /** So often reads are checked before all that came meanwhile is checked in the section. */
  private static final int CHECKS = 4;

  private final CommitLog log;
  private final LargeValues largeValues;
  private final Marks marks;
  private final SnapshotRegistry registry;
  private final Runnable buffered;
  private final Precedence precedence;
  private final Admission admission;
  private final Probe probe;
  private final boolean readOnly;
  private final LogPins pins = new LogPins();
  private final AtomicLong commits = new AtomicLong(); // written in the section only
  private final LongAdder conflicts = new LongAdder();

  private final RecentCommits recent = new RecentCommits(); // guarded by the section

  // Guarded by the section: the first and the last commit that wait for a sync, and for a write.
  private long firstSync = NONE;
  private long lastSync;
  private long firstWrite = NONE;
  private long lastWrite;

  /**
   * Commits to a log.
   *
   * @param buffered called after a commit that only the background will write
   * @param precedence whose turn it is to commit, if some have lost too often
   * @param admission asked before each commit
   * @param probe told where threads are
   * @param readOnly whether all writes are refused
   */
  public Committer(
      CommitLog log,
      Marks marks,
      SnapshotRegistry registry,
      Runnable buffered,
      Precedence precedence,
      Admission admission,
      Probe probe,
      boolean readOnly) {
    this.log = log;
    this.largeValues = new LargeValues(log);
    this.marks = marks;
    this.registry = registry;
    this.buffered = buffered;
    this.precedence = precedence;
    this.admission = admission;
    this.probe = probe;
    this.readOnly = readOnly;
    log.setProgress(this::progressed);
  }

  /** The marks. */
  public Marks marks() {
    return marks;
  }

  /** The snapshots. */
  public SnapshotRegistry registry() {
    return registry;
  }

  /** From where on the log is needed by transactions that are not decided. */
  public LogPins pins() {
    return pins;
  }

  /** Where the log is, and its newest commit. Requires: the section is held. */
  public CommitLog.Place place() {
    return log.place(marks.newest());
  }

  /**
   * Keeps the log from here on until the pin is taken out: to be done before records are appended
   * that a later commit record refers to.
   *
   * @param expire what is run if too much is kept for it, or null if that may be
   */
  LogPins.Pin pin(@Nullable Runnable expire) {
    log.section().lock();
    try {
      return pins.add(log.tail(), expire);
    } finally {
      log.section().unlock();
    }
  }

  /** About how many bytes the log has behind a pin. */
  long logBytesSince(LogPins.Pin pin) {
    return log.roughTail() - pin.position();
  }

  /** Commits so far. */
  public long commits() {
    return commits.get();
  }

  /** Transactions refused for a conflict so far. */
  public long conflicts() {
    return conflicts.sum();
  }

  /** A snapshot for a writer: of all commits, or after a failure of those that can't be lost. */
  SnapshotRegistry.Slot writerSnapshot() {
    return log.hasFailed() ? registry.registerPublished() : registry.registerNewest();
  }

  /** What the store is called in messages. */
  String storeName() {
    return log.storeName();
  }

  /** Throws if the store is only read. */
  void checkWritable() {
    if (readOnly) {
      throw new StoreReadOnlyException(log.storeName());
    }
  }

  /** Whether a value is written ahead of its commit. */
  static boolean isLarge(StoredBucket bucket, byte[] value) {
    return value.length > bucket.inlineLimitBytes();
  }

  /**
   * The value, shared, or where it was written to.
   *
   * <p>Requires: if it is large, the log is pinned until the write is decided.
   */
  Object inlineOrAppended(StoredBucket bucket, byte[] key, byte[] value) {
    if (!isLarge(bucket, value)) {
      return value;
    }
    return append(bucket.id(), key, LargeValues.Source.of(value));
  }

  /**
   * Writes a value ahead of its commit.
   *
   * <p>Requires: the log is pinned until the write is decided.
   */
  LargeValue append(int bucketId, byte[] key, LargeValues.Source value) {
    log.throttle();
    return largeValues.append(bucketId, key, value, Limits.MAX_VALUE_BYTES);
  }

  /** How many bytes of large values were appended since the store was opened. */
  public long appendedValueBytes() {
    return largeValues.appendedBytes();
  }

  LargeValues largeValues() {
    return largeValues;
  }

  /** Reads what is behind a value of a tree. */
  public byte @Nullable [] load(@Nullable Object value) {
    if (value instanceof LargeValue large) {
      return largeValues.read(large);
    }
    return (byte[]) value;
  }

  /** Commits one write that never conflicts. */
  void commitSingle(StoredBucket bucket, SingleCommit commit, Durability durability) {
    precedence.yieldToIt();
    admission.admit();
    log.throttle();
    log.checkUsable();
    bucket.checkExists(Commit.ABORTED);
    Write write = commit.write();
    if (!write.isDeletion()) {
      log.headroom().checkNotSpent();
    }
    try {
      bucket.tree().commit(write, commit);
    } catch (PageGoneException e) {
      bucket.checkExists(Commit.ABORTED); // it was dropped meanwhile
      throw e;
    }
    if (write.isInstalled()) {
      await(commit.position(), durability);
      tidy(bucket, TIDY_AT_LEAST);
    } else {
      awaitPublished(write.replaced()); // there was nothing to delete
    }
  }

  /**
   * Appends the commit record of a single write and keeps the section, unless that is refused.
   *
   * @param deletes whether it is a deletion
   * @return the position of the commit
   */
  long accept(StoredBucket bucket, byte[] record, boolean deletes) {
    log.enter(record.length, deletes);
    boolean accepted = false;
    try {
      bucket.checkExists(Commit.ABORTED);
      long position = log.append(record);
      accepted = true;
      return position;
    } finally {
      if (!accepted) {
        log.section().unlock();
      }
    }
  }

  /** Publishes a single write, if it is in the tree, and leaves the section. */
  void accepted(
      StoredBucket bucket, Write write, long position, Durability durability, boolean installed) {
    try {
      if (!installed) {
        throw new IllegalStateException("a write was accepted and is not in the tree");
      }
      count(bucket, position, write.countChange());
      if (recent.isWanted()) {
        recent.add(position, bucket, write.key());
      }
      publish(position, durability);
    } catch (Throwable e) {
      throw failedAfterAcceptance(e);
    } finally {
      log.section().unlock();
    }
  }

  /**
   * Commits a transaction's writes, and does not wait until that is durable.
   *
   * @param reads what must not have been changed since the snapshot
   * @param snapshot the transaction's snapshot
   * @param change what it changes of the buckets there are, or null
   * @return the position
   * @throws ConflictException if a key has a newer version than the snapshot, or one of what was
   *     read
   */
  long commit(
      WriteSet writes,
      ReadSet reads,
      long snapshot,
      Durability durability,
      @Nullable BucketChange change) {
    precedence.yieldToIt();
    if (change == null) {
      admission.admit(); // a drop makes less debt, and what is loaded makes none
    }
    log.throttle();
    log.checkUsable();
    boolean deletes = writes.hasOnlyDeletions();
    if (!deletes) {
      log.headroom().checkNotSpent();
    }
    Commit commit = new Commit();
    Write last = null;
    int installed = 0;
    try {
      for (WriteSet.BucketWrites each : writes.inOrder()) {
        if (!each.writes().isEmpty() && !each.bucket().isThereAt(snapshot)) {
          throw new ConflictException(each.bucket().name()); // it was loaded since
        }
        for (Write write : each.writes().values()) {
          if (++installed % ASK_FOR_MORE == 0) {
            admission.admitMore();
          }
          last = write;
          if (!install(each.bucket(), write, commit, snapshot)) {
            throw new ConflictException(each.bucket().name(), write.key(), 1);
          }
        }
      }
      reads.end();
      new Appending(writes, deletes, reads, snapshot, commit, durability, change).append();
    } catch (ConflictException e) {
      conflicts.increment();
      awaitNewest();
      throw e;
    } finally {
      if (commit.position() == Commit.PENDING) {
        abort(writes, commit, last);
      }
    }
    return commit.position();
  }

  /**
   * Whoever lost knows of a commit that may not have advanced {@code newest} yet; a snapshot that
   * is taken before would lose against it again.
   */
  private void awaitNewest() {
    log.tail(); // which takes the section: whoever was in it has left
  }

  /** What is done with a transaction when all of its writes are in the trees. */
  private final class Appending {
    private final WriteSet writes;
    private final boolean deletes;
    private final ReadSet reads;
    private final long snapshot;
    private final Commit commit;
    private final Durability durability;
    private final @Nullable BucketChange change;

    Appending(
        WriteSet writes,
        boolean deletes,
        ReadSet reads,
        long snapshot,
        Commit commit,
        Durability durability,
        @Nullable BucketChange change) {
      this.writes = writes;
      this.deletes = deletes;
      this.reads = reads;
      this.snapshot = snapshot;
      this.commit = commit;
      this.durability = durability;
      this.change = change;
    }

    void append() {
      List<CommitEncoder.Part> parts = CommitEncoder.parts(writes);
      if (parts.size() == 1) {
        append(parts);
        return;
      }
      LogPins.Pin pin = pin(null);
      try {
        append(parts);
      } finally {
        pin.close();
      }
    }

    private void append(List<CommitEncoder.Part> parts) {
      long previous = -1;
      for (CommitEncoder.Part part : parts.subList(0, parts.size() - 1)) {
        byte[] record = part.writesRecord(previous);
        log.throttle();
        log.enter(record.length, deletes);
        try {
          previous = log.append(record) - record.length;
        } finally {
          log.section().unlock();
        }
      }
      byte[] record = parts.get(parts.size() - 1).commitRecord(previous, parts.size() - 1);
      if (reads.isEmpty()) {
        accept(record, null, false);
        return;
      }
      boolean accepted = false;
      for (int check = 1; !accepted; check++) {
        RecentCommits.Window window = beginCheck();
        try {
          reads.check(snapshot);
          probe.at(Probe.Point.BEFORE_APPEND);
          accepted = accept(record, window, check < CHECKS);
        } finally {
          window.end();
        }
      }
    }

    /**
     * Appends the commit record, unless it is better to check the reads once more.
     *
     * @param window since when what was committed is remembered, if anything was read
     */
    private boolean accept(
        byte[] record, RecentCommits.@Nullable Window window, boolean mayCheckOnceMore) {
      log.enter(record.length, deletes);
      try {
        if (window != null) {
          if (mayCheckOnceMore && recent.isMany(window, MOST_CHECKED_IN_SECTION)) {
            return false;
          }
          reads.check(recent.since(window));
        }
        for (WriteSet.BucketWrites each : writes.inOrder()) {
          if (!each.writes().isEmpty()) {
            each.bucket().checkExists(Commit.ABORTED);
          }
        }
        commit.decide(log.append(record));
        try {
          settle(writes, commit.position(), durability, change);
        } catch (Throwable e) {
          throw failedAfterAcceptance(e);
        }
        return true;
      } finally {
        log.section().unlock();
      }
    }

    private RecentCommits.Window beginCheck() {
      log.section().lock();
      try {
        return recent.begin(marks.newest());
      } finally {
        log.section().unlock();
      }
    }
  }

  private static boolean install(StoredBucket bucket, Write write, Commit commit, long snapshot) {
    try {
      return bucket.tree().install(write, commit, snapshot);
    } catch (PageGoneException e) {
      bucket.checkExists(Commit.ABORTED); // it was dropped meanwhile
      throw e;
    }
  }

  /** Requires: section. */
  private void settle(
      WriteSet writes, long position, Durability durability, @Nullable BucketChange change) {
    for (WriteSet.BucketWrites each : writes.inOrder()) {
      int more = 0;
      for (Write write : each.writes().values()) {
        more += write.countChange();
      }
      count(each.bucket(), position, more);
    }
    if (change != null) {
      change.committed(position);
    }
    if (recent.isWanted()) {
      recent.add(position, writes);
    }
    publish(position, durability);
  }

  /** The record is in the log, so the commit stands; but what is in memory can't be relied on. */
  private StoreFailedException failedAfterAcceptance(Throwable cause) {
    log.fail(cause);
    return new StoreFailedException(
        "a commit was accepted and could not be published: close the store and open it again",
        true,
        cause);
  }

  private static void count(StoredBucket bucket, long position, int change) {
    var counts = bucket.counts();
    if (counts != null) {
      counts.append(position, change);
    }
  }

  /** Requires: section. */
  private void publish(long position, Durability durability) {
    if (durability == Durability.SYNC) {
      firstSync = Math.min(firstSync, position);
      lastSync = position;
    } else if (durability == Durability.WRITE) {
      firstWrite = Math.min(firstWrite, position);
      lastWrite = position;
    }
    probe.at(Probe.Point.BEFORE_PUBLICATION);
    marks.setNewest(position);
    if (firstSync == NONE && firstWrite == NONE) {
      marks.setPublished(position);
    }
    commits.lazySet(commits.getPlain() + 1);
  }

  /** Called by the log with the section held. */
  private void progressed(long written, long synced) {
    firstSync = stillWaiting(firstSync, lastSync, synced);
    firstWrite = stillWaiting(firstWrite, lastWrite, written);
    long published = Math.min(marks.newest(), Math.min(firstSync, firstWrite) - 1);
    if (published > marks.published()) {
      marks.setPublished(published);
    }
  }

  /** The first commit that may still wait, when all up to {@code reached} need not any more. */
  private static long stillWaiting(long first, long last, long reached) {
    if (first == NONE || last <= reached) {
      return NONE;
    }
    return Math.max(first, reached + 1);
  }

  /** Returns when a commit is what its durability promises, and everybody sees it. */
  void await(long position, Durability durability) {
    await(position, durability, position);
  }

  /** Like the other; if it syncs, for all up to {@code syncTo}. */
  void await(long position, Durability durability, long syncTo) {
    if (durability == Durability.SYNC) {
      log.await(syncTo, true);
    } else if (durability == Durability.BUFFERED) {
      buffered.run();
    }
    awaitPublished(position);
  }

  /** Returns when {@code position} may be shown to anybody. */
  void awaitPublished(long position) {
    if (marks.published() < position) {
      log.await(position, false);
      if (marks.published() < position) {
        log.await(position, true);
      }
    }
  }

  private static void abort(WriteSet writes, Commit commit, @Nullable Write last) {
    commit.decide(Commit.ABORTED);
    if (last == null) {
      return;
    }
    for (WriteSet.BucketWrites each : writes.inOrder()) {
      for (Write write : each.writes().values()) {
        if (write.isInstalled()) {
          each.bucket().tree().forget(write, commit);
        }
        if (write == last) {
          tidy(writes);
          return;
        }
      }
    }
  }

  /** Merges leaves that writes have emptied, as far as nobody needs what was in them. */
  static void tidy(WriteSet writes) {
    for (WriteSet.BucketWrites each : writes.inOrder()) {
      if (!each.writes().isEmpty()) {
        tidy(each.bucket(), Math.max(TIDY_AT_LEAST, each.writes().size()));
      }
    }
  }

  private static void tidy(StoredBucket bucket, int most) {
    try {
      if (!bucket.isDroppedAt(Commit.ABORTED)) {
        bucket.tree().tidy(most);
      }
    } catch (PageGoneException e) {
      return; // it was dropped meanwhile: there is nothing to tidy
    } catch (MaceException e) {
      // The commit stands. Whoever needs what is damaged, or can't be read, will be told.
      System.getLogger(Committer.class.getName())
          .log(System.Logger.Level.WARNING, "a leaf could not be merged with its neighbour", e);
    }
  }
}
