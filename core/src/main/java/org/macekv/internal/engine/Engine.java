package org.macekv.internal.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.macekv.error.ConflictException;
import org.macekv.error.MaceException;
import org.macekv.error.StoreClosedException;
import org.macekv.error.StoreIOException;
import org.macekv.internal.format.ByteReader.MalformedException;
import org.macekv.internal.io.Storage;
import org.macekv.internal.log.CommitLog;
import org.macekv.internal.log.LogScanner;
import org.macekv.internal.log.RecoveredLog;
import org.macekv.internal.mvcc.Marks;
import org.macekv.internal.mvcc.SnapshotRegistry;
import org.macekv.internal.tree.TreeCursor;
import org.macekv.internal.txn.Committer;
import org.macekv.internal.txn.SingleOperations;
import org.macekv.internal.txn.SnapshotReads;
import org.macekv.internal.txn.StoredBucket;
import org.macekv.internal.txn.WriteTransaction;
import org.macekv.option.BucketOptions;
import org.macekv.option.Durability;
import org.macekv.option.MaceOptions;

/** An open store. Thread-safe. */
public final class Engine implements AutoCloseable {
  private final Storage storage;
  private final MaceOptions options;
  private final Environment environment;
  private final Marks marks = new Marks(0);
  private final SnapshotRegistry registry = new SnapshotRegistry(marks);
  private final Catalog catalog = new Catalog(registry, marks);
  private final RecoveredLog recovered;
  private final long replayedCommits;
  private final long recoveredPosition;
  private final CommitLog log;
  private final Background background;
  private final Committer committer;
  private final SingleOperations operations;
  private final ReentrantLock catalogLock = new ReentrantLock();
  private final ReentrantLock closing = new ReentrantLock();
  private final AtomicInteger openTransactions = new AtomicInteger();
  private final AtomicInteger openViews = new AtomicInteger();
  // Written once, under closing; volatile for the check that every call begins with.
  private volatile boolean closed;

  /**
   * Opens the store in {@code storage}; closes that, if it fails.
   *
   * @throws MaceException if it is locked or damaged, or its files can't be read
   */
  public static Engine open(Storage storage, MaceOptions options, Environment environment) {
    boolean opened = false;
    try {
      if (!options.createIfMissing() && !storage.exists(Storage.LOCK)) {
        throw new StoreIOException(
            "there is no store in " + storage.name() + ", and none shall be created");
      }
      storage.lock();
      Engine engine = new Engine(storage, options, environment);
      opened = true;
      return engine;
    } finally {
      if (!opened) {
        storage.close();
      }
    }
  }

  private Engine(Storage storage, MaceOptions options, Environment environment) {
    this.storage = storage;
    this.options = options;
    this.environment = environment;
    Replay replay = new Replay(catalog, marks);
    this.recovered = new LogScanner(storage, replay).scan(environment.storeIds());
    this.replayedCommits = replay.commits();
    this.recoveredPosition = marks.newest();
    this.background =
        new Background(
            "mace " + storage.name(),
            options.flushIntervalMillis(),
            environment.nanoTime(),
            sync -> log().runBackground(sync));
    this.log =
        new CommitLog(
            storage,
            recovered,
            options.logSegmentBytes(),
            environment.clockMillis(),
            new CommitLog.Background() {
              @Override
              public void writeSoon() {
                background.wantWrite();
              }

              @Override
              public void syncSoon() {
                background.wantSync();
              }
            });
    this.committer = new Committer(log, marks, registry, background::wantSync);
    this.operations = new SingleOperations(committer, options.durability());
  }

  /** What the store is called in messages. */
  public String name() {
    return storage.name();
  }

  /** The options. */
  public MaceOptions options() {
    return options;
  }

  /** What recovery found. */
  public RecoveredLog recovered() {
    return recovered;
  }

  /** How many commits recovery replayed. */
  public long replayedCommits() {
    return replayedCommits;
  }

  /** The position of the newest commit that recovery found. */
  public long recoveredPosition() {
    return recoveredPosition;
  }

  /** The log. */
  public CommitLog log() {
    return log;
  }

  /** The committer. */
  public Committer committer() {
    return committer;
  }

  /** Operations outside of transactions. */
  public SingleOperations operations() {
    return operations;
  }

  /** How many views are open. */
  public int openViews() {
    return openViews.get();
  }

  /** How many transactions are open. */
  public int openTransactions() {
    return openTransactions.get();
  }

  /** Whether the store is closed. */
  public boolean isClosed() {
    return closed;
  }

  /** Throws if the store is closed. */
  public void checkOpen() {
    if (closed) {
      throw new StoreClosedException(storage.name());
    }
  }

  // ---- Buckets --------------------------------------------------------------------------------

  /** The bucket of this name, or null. */
  public @Nullable StoredBucket find(String name) {
    checkOpen();
    return catalog.find(name);
  }

  /** The bucket of this name; created if need be. Options may be null: whatever it has. */
  public StoredBucket bucket(String name, @Nullable BucketOptions wanted) {
    checkOpen();
    byte[] key = Catalog.key(name);
    StoredBucket existing = catalog.find(name);
    if (existing == null) {
      catalogLock.lock();
      try {
        existing = catalog.find(name);
        if (existing == null) {
          return create(key, name, wanted == null ? BucketOptions.defaults() : wanted);
        }
      } finally {
        catalogLock.unlock();
      }
    }
    if (wanted != null && !wanted.equals(existing.options())) {
      throw new IllegalArgumentException(
          "bucket '" + name + "' has " + existing.options() + ", asked for " + wanted);
    }
    return existing;
  }

  private StoredBucket create(byte[] key, String name, BucketOptions bucketOptions) {
    WriteTransaction transaction = begin(options.durability());
    boolean committed = false;
    try {
      Integer free = Replay.nextId(transaction.get(catalog.bucket(), Catalog.NEXT_ID_KEY));
      int id = free == null ? Catalog.FIRST_FREE_ID : free;
      StoredBucket created = catalog.create(id, name, bucketOptions);
      transaction.put(catalog.bucket(), key, Catalog.encode(id, bucketOptions));
      transaction.put(catalog.bucket(), Catalog.NEXT_ID_KEY, Catalog.encodeId(id + 1));
      catalog.announce(created); // a view may see it as soon as the commit is published
      transaction.commit();
      committed = true;
      catalog.add(created);
      return created;
    } finally {
      if (!committed && transaction.isOpen()) {
        transaction.rollback();
      }
    }
  }

  /** Drops a bucket; false if there is none of this name. */
  public boolean drop(String name) {
    checkOpen();
    byte[] key = Catalog.key(name);
    catalogLock.lock();
    try {
      StoredBucket dropped = catalog.find(name);
      if (dropped == null) {
        return false;
      }
      WriteTransaction transaction = begin(Durability.SYNC);
      boolean committed = false;
      try {
        transaction.delete(catalog.bucket(), key);
        transaction.commit(dropped);
        committed = true;
      } finally {
        if (!committed && transaction.isOpen()) {
          transaction.rollback();
        }
      }
      catalog.remove(dropped);
      purgeDropped();
      return true;
    } finally {
      catalogLock.unlock();
    }
  }

  /** The names of all buckets, in byte order. */
  public List<String> bucketNames() {
    checkOpen();
    List<String> names = new ArrayList<>();
    TreeCursor cursor = operations.scan(catalog.bucket(), new byte[1], null, true);
    while (cursor.next()) {
      names.add(Catalog.name(cursor.key()));
    }
    return names;
  }

  // ---- Transactions and views -----------------------------------------------------------------

  /** Begins a transaction. */
  public WriteTransaction begin(@Nullable Durability durability) {
    checkOpen();
    openTransactions.incrementAndGet();
    boolean begun = false;
    try {
      WriteTransaction transaction =
          new WriteTransaction(
              committer,
              durability == null ? options.durability() : durability,
              () -> {
                openTransactions.decrementAndGet();
                purgeDropped();
              });
      begun = true;
      return transaction;
    } finally {
      if (!begun) {
        openTransactions.decrementAndGet();
      }
    }
  }

  /** Registers a view. */
  public SnapshotRegistry.Slot openView() {
    checkOpen();
    SnapshotRegistry.Slot slot = registry.registerPublished();
    openViews.incrementAndGet();
    return slot;
  }

  /** Releases a view. */
  public void closeView(SnapshotRegistry.Slot slot) {
    slot.release();
    openViews.decrementAndGet();
    purgeDropped();
  }

  /** Lets go of dropped buckets that nobody can see any more. */
  private void purgeDropped() {
    if (catalog.hasDropped()) {
      catalog.purge(registry.horizon().oldest());
    }
  }

  /** Reads at a view's position. */
  public SnapshotReads reads(SnapshotRegistry.Slot slot) {
    return new SnapshotReads(committer, slot.position());
  }

  /** The bucket of this name that a view sees, or null. */
  public @Nullable StoredBucket findAt(SnapshotReads reads, String name) {
    byte[] value = reads.get(catalog.bucket(), Catalog.key(name));
    if (value == null) {
      return null;
    }
    try {
      return catalog.find(catalog.decode(name, value).id());
    } catch (MalformedException e) {
      throw new MaceException("the catalog of " + storage.name() + " is damaged", e);
    }
  }

  /**
   * Runs {@code attempt} until it does not throw {@link ConflictException}, up to the configured
   * number of times, with random pauses that grow.
   */
  public <R extends @Nullable Object> R retry(Function<Integer, R> attempt) {
    for (int attempts = 1; ; attempts++) {
      try {
        return attempt.apply(attempts);
      } catch (ConflictException e) {
        if (attempts >= options.maxAttempts()) {
          ConflictException last = new ConflictException(e.bucket(), e.key(), attempts);
          last.initCause(e);
          throw last;
        }
        // Up to 2, 4, 8 ... microseconds, at most a millisecond.
        int bound = 2_000 << Math.min(attempts - 1, 9);
        LockSupport.parkNanos(this, environment.random().applyAsInt(bound));
      }
    }
  }

  /** The oldest position that a view or a transaction reads, or the published one. */
  public long oldestSnapshot() {
    long[] snapshots = registry.snapshots();
    return snapshots.length == 0 ? marks.published() : snapshots[0];
  }

  /** Returns when all that was acknowledged before is on the device. */
  public void sync() {
    checkOpen();
    log.checkUsable();
    log.await(log.tail(), true);
  }

  @Override
  public void close() {
    closing.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      try {
        background.stop();
        log.close();
      } finally {
        storage.close();
      }
    } finally {
      closing.unlock();
    }
  }
}
