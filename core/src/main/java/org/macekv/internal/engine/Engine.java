package org.macekv.internal.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.macekv.error.BucketDroppedException;
import org.macekv.error.ConflictException;
import org.macekv.error.LimitExceededException;
import org.macekv.error.MaceException;
import org.macekv.error.StoreClosedException;
import org.macekv.error.StoreFailedException;
import org.macekv.error.StoreIOException;
import org.macekv.error.StoreReadOnlyException;
import org.macekv.internal.checkpoint.Checkpointer;
import org.macekv.internal.checkpoint.MoveLimit;
import org.macekv.internal.format.ByteReader.MalformedException;
import org.macekv.internal.io.Storage;
import org.macekv.internal.load.ExternalSort;
import org.macekv.internal.log.CommitLog;
import org.macekv.internal.log.Headroom;
import org.macekv.internal.log.LogScanner;
import org.macekv.internal.log.RecoveredLog;
import org.macekv.internal.mvcc.Marks;
import org.macekv.internal.mvcc.SnapshotRegistry;
import org.macekv.internal.pages.CheckpointRecord;
import org.macekv.internal.pages.ImageCompression;
import org.macekv.internal.pages.LiveBytes;
import org.macekv.internal.pages.Manifest;
import org.macekv.internal.pages.PageFiles;
import org.macekv.internal.tree.DirtyBytes;
import org.macekv.internal.tree.Residency;
import org.macekv.internal.tree.TreeCursor;
import org.macekv.internal.tree.TreeStore;
import org.macekv.internal.txn.Acknowledger;
import org.macekv.internal.txn.Committer;
import org.macekv.internal.txn.Limits;
import org.macekv.internal.txn.Precedence;
import org.macekv.internal.txn.SingleOperations;
import org.macekv.internal.txn.SnapshotReads;
import org.macekv.internal.txn.StoredBucket;
import org.macekv.internal.txn.TransactionSettings;
import org.macekv.internal.txn.ValueLoad;
import org.macekv.internal.txn.WriteTransaction;
import org.macekv.option.BucketOptions;
import org.macekv.option.BulkLoadOptions;
import org.macekv.option.Compression;
import org.macekv.option.Durability;
import org.macekv.option.Isolation;
import org.macekv.option.MaceOptions;
import org.macekv.option.TransactionOptions;

/** An open store. Thread-safe. */
public final class Engine implements AutoCloseable {
  private static final long LEAST_HARD_LIMIT = 1 << 20;
  // So that a checkpoint takes some seconds at the most that somebody may wait for.
  private static final long MOST_MOVED_LEAF_BYTES = 1 << 30;
  private static final long LEAST_MOVED_VALUE_BYTES = 1 << 20;
  private static final long MOST_MOVED_VALUE_BYTES = 256 << 20;
  private static final long LEAST_TRANSACTION_BYTES = 16 << 20;

  /** After so many attempts that lost, a transaction takes precedence. */
  private static final int STARVED = 8;

  private final Storage storage;
  private final MaceOptions options;
  private final Environment environment;
  private final Marks marks;
  private final SnapshotRegistry registry;
  private final Catalog catalog;
  private final PageFiles pages;
  private final TreeStore trees;
  private final Checkpointer checkpointer;
  private final CheckpointThread checkpoints;
  private final FlowControl flow;
  private final RecoveredLog recovered;
  private final long recoveredCheckpoint;
  private final Manifest.@Nullable Cut manifestCut;
  private final long replayedCommits;
  private final long recoveredPosition;
  private final CommitLog log;
  private final Background background;
  private final Committer committer;
  private final Precedence precedence;
  private final SingleOperations operations;
  private final Acknowledger acknowledger;
  private final Deadlines deadlines;
  private final ReentrantLock catalogLock = new ReentrantLock();
  private final ReentrantLock closing = new ReentrantLock();
  private final OpenReaders openReaders;
  private final Set<BulkLoad> loads = ConcurrentHashMap.newKeySet();
  private final ReaderThreads readers;
  // Written once, under closing; volatile for the check that every call begins with.
  private volatile boolean closed;

  /**
   * Opens the store in {@code storage}; closes that, if it fails.
   *
   * @throws MaceException if it is locked or damaged, or its files can't be read
   */
  public static Engine open(Storage storage, MaceOptions options, Environment environment) {
    return open(storage, options, environment, (bytes, total) -> {});
  }

  /** Like the other, and tells how far the replay of the log has come. */
  public static Engine open(
      Storage storage, MaceOptions options, Environment environment, LogScanner.Progress progress) {
    boolean opened = false;
    try {
      boolean needed = options.readOnly() || !options.createIfMissing();
      if (needed && !storage.exists(Storage.LOCK)) {
        throw new StoreIOException(
            "there is no store in "
                + storage.name()
                + " (it has no file "
                + Storage.LOCK
                + "), and none shall be created");
      }
      storage.lock();
      Engine engine = new Engine(storage, options, environment, progress);
      opened = true;
      return engine;
    } finally {
      if (!opened) {
        storage.close();
      }
    }
  }

  private Engine(
      Storage storage, MaceOptions options, Environment environment, LogScanner.Progress progress) {
    this.storage = storage;
    this.options = options;
    this.environment = environment;
    this.openReaders = new OpenReaders(options.traceSnapshots());
    Manifest.Found found = Manifest.find(storage);
    CheckpointRecord record = found == null ? null : found.record();
    long checkpoint = record == null ? 0 : record.position();
    this.recoveredCheckpoint = checkpoint;
    this.manifestCut = found == null ? null : found.cut();
    this.marks = new Marks(checkpoint);
    this.registry = new SnapshotRegistry(marks);
    this.pages =
        new PageFiles(
            storage,
            this::storeId,
            record == null ? Map.of() : record.pageFiles(),
            record == null ? 0 : record.lastPageFile(),
            options.pageFileBytes());
    this.readers = new ReaderThreads("mace reads ahead " + storage.name());
    this.trees =
        new TreeStore(pages, new Residency(cacheBytes(options)), readers, environment.probe());
    this.catalog =
        new Catalog(registry, marks, trees, record == null ? List.of() : record.buckets());
    loadCatalog();
    Replay replay = new Replay(catalog, marks, checkpoint);
    this.recovered =
        new LogScanner(storage, replay, start(found), progress).scan(environment.storeIds());
    pages.checkLoaded();
    pages.deleteStrays();
    ExternalSort.deleteStrays(storage);
    for (StoredBucket each : catalog.all()) {
      requireLibrary(each.name(), each.options());
    }
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
            options.durability() != Durability.SYNC,
            new Headroom(
                storage,
                options.readOnly() || !storage.isOnDevice() ? 0 : options.headroomBytes(),
                environment.nanoTime()),
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

              @Override
              public void segmentBegun(long position) {
                checkpoints().start();
                flow().grown();
                if (position - checkpointer().replayFrom() >= options.checkpointLogBytes()
                    || checkpointer().isDueForValues()) {
                  checkpoints().want();
                }
                expireBefore(position - options.maxTransactionLogBytes());
              }

              @Override
              public long checkpointBytes() {
                return trees.dirty().get();
              }

              @Override
              public void checkpointSoon() {
                checkpoints().want();
              }
            });
    this.flow =
        new FlowControl(
            dirtyLeaves(),
            trees.dirty()::get,
            new FlowControl.Memory(
                trees.dirty()::inTheWay,
                Math.max(trees.residency().budgetBytes() / 4 * 3, 2 * LEAST_HARD_LIMIT)),
            uncheckpointedLog(options),
            options.maxStallMillis(),
            environment.nanoTime(),
            () -> checkpoints().want(),
            () -> checkpoints().failure());
    this.precedence = new Precedence(environment.nanoTime());
    this.committer =
        new Committer(
            log,
            marks,
            registry,
            background::wantSync,
            precedence,
            options.flowControl() ? flow : () -> {},
            environment.probe(),
            options.readOnly());
    this.checkpointer =
        new Checkpointer(
            log,
            registry,
            pages,
            new Manifest(storage, recovered.storeId()),
            new CheckpointSource(committer, catalog, trees.dirty()::isOverLimit),
            record,
            options,
            new MoveLimit(
                Math.min(trees.residency().budgetBytes() / 8 * 3, MOST_MOVED_LEAF_BYTES),
                hardDirtyLimit(trees) / 16 * 15,
                () -> trees.dirty().inTheWay() >= mostInTheWay(trees)),
            new MoveLimit(
                Math.min(
                    Math.max(softLogLimit(options) / 4, LEAST_MOVED_VALUE_BYTES),
                    MOST_MOVED_VALUE_BYTES),
                softLogLimit(options) / 8 * 15,
                () -> false),
            flow);
    this.checkpoints =
        new CheckpointThread(
            "mace checkpoints " + storage.name(),
            options.checkpointIntervalMillis(),
            this::checkpointNow);
    trees
        .dirty()
        .setLimit(
            trees.residency().budgetBytes() / 8 * 3,
            () -> {
              if (!options.readOnly()) { // else what the log's tail holds stays
                checkpoints.want();
                flow.grown();
              }
            });
    this.operations = new SingleOperations(committer, options.durability());
    this.deadlines = new Deadlines(storage.name());
    this.acknowledger = new Acknowledger(committer, "mace acknowledges " + storage.name());
    if (!options.readOnly()) {
      checkpointer.fitHeadroom();
    }
  }

  /** How much of the cache changed leaves, and nodes above leaves over a quarter, may take. */
  private static long mostInTheWay(TreeStore trees) {
    return trees.residency().budgetBytes() / 16 * 11;
  }

  /**
   * What a checkpoint begins for at three eighths of the cache. Since nodes above leaves may take
   * as much as that, and are counted above a quarter, the hard limit leaves a sixteenth to leaves
   * that are being read.
   */
  private Pressure dirtyLeaves() {
    DirtyBytes dirty = trees.dirty();
    long hard = hardDirtyLimit(trees);
    return new Pressure(
        "changed leaves in memory, kept for cleaning, and of nodes above leaves",
        hard / 11 * 8,
        hard,
        () -> {
          // An eighth is the writers' in any case, unless they or nodes above leaves have it.
          long innerBytes = dirty.inTheWay() - dirty.get();
          long most = Math.max(0, hard / 8 * 7 - innerBytes);
          return dirty.inTheWay() + Math.min(most, checkpointer().reservedLeafBytes());
        },
        dirty::made);
  }

  private static long hardDirtyLimit(TreeStore trees) {
    return Math.max(mostInTheWay(trees), LEAST_HARD_LIMIT);
  }

  private Pressure uncheckpointedLog(MaceOptions given) {
    long soft = softLogLimit(given);
    return new Pressure(
        "log since the last checkpoint, and kept for cleaning",
        soft,
        2 * soft,
        () ->
            Math.max(0, marks.newest() - checkpointer().position() - checkpointer().movedLogBytes())
                + checkpointer().reservedLogBytes(),
        marks::newest);
  }

  private static long softLogLimit(MaceOptions given) {
    long begins = Math.max(given.checkpointLogBytes(), given.logSegmentBytes());
    return begins > Long.MAX_VALUE / 16 ? Long.MAX_VALUE / 8 : begins * 2;
  }

  /** Writes a checkpoint; whether another should follow. */
  private boolean checkpointNow() {
    openReaders.reap(now());
    purgeDropped();
    checkpointer.run();
    trees.residency().enforceFully();
    purgeDropped(); // the checkpoint's own snapshot may have been the last that saw a bucket
    return checkpointer.isCleaningWanted();
  }

  private static long cacheBytes(MaceOptions options) {
    return options.cacheBytes() != 0
        ? options.cacheBytes()
        : Math.max(1 << 20, Runtime.getRuntime().maxMemory() / 4);
  }

  private static LogScanner.@Nullable Start start(Manifest.@Nullable Found found) {
    if (found == null) {
      return null;
    }
    CheckpointRecord record = found.record();
    return new LogScanner.Start(
        found.storeId(),
        record.position(),
        record.replayFrom(),
        record.exact(),
        record.logCrc(),
        record.live().values().keySet());
  }

  private void loadCatalog() {
    try {
      catalog.load();
    } catch (MalformedException e) {
      throw new MaceException("the catalog of " + storage.name() + " is damaged", e);
    }
  }

  private UUID storeId() {
    return recovered.storeId();
  }

  /** Slows commits down. */
  public FlowControl flow() {
    return flow;
  }

  /** Ends transactions for which the log is kept from before a position on. */
  private void expireBefore(long position) {
    List<Runnable> expiring = committer.pins().expiring(position);
    if (!expiring.isEmpty()) {
      deadlines.soon(() -> expiring.forEach(Runnable::run)); // not with the log's lock held
    }
  }

  /** Whether the thread that writes checkpoints has nothing to do; for tests. */
  boolean isCheckpointThreadIdle() {
    return checkpoints.isIdle();
  }

  private CheckpointThread checkpoints() {
    return checkpoints;
  }

  /** Writes checkpoints. */
  public Checkpointer checkpointer() {
    return checkpointer;
  }

  /** What the trees share. */
  public TreeStore trees() {
    return trees;
  }

  /** Returns when all that is committed now is in a checkpoint. */
  public void checkpoint() {
    checkOpen();
    checkWritable();
    checkpointNow();
  }

  /** Cleans until there is no more garbage than there should be, or none can go. */
  public void clean() {
    checkOpen();
    checkWritable();
    purgeDropped();
    checkpointer.clean();
    purgeDropped();
  }

  /** What the store is called in messages. */
  public String name() {
    return storage.name();
  }

  /** How many bytes were written to files. */
  public long writtenBytes() {
    return storage.writtenBytes();
  }

  /** The options. */
  public MaceOptions options() {
    return options;
  }

  /** What recovery found. */
  public RecoveredLog recovered() {
    return recovered;
  }

  /** The position of the checkpoint that recovery began with, 0 if there was none. */
  public long recoveredCheckpoint() {
    return recoveredCheckpoint;
  }

  /** What the manifest had behind its newest whole record, or null. */
  public Manifest.@Nullable Cut manifestCut() {
    return manifestCut;
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

  /** Waits for the durability of commits that nobody waits for. */
  public Acknowledger acknowledger() {
    return acknowledger;
  }

  /** Operations outside of transactions. */
  public SingleOperations operations() {
    return operations;
  }

  /** How many views are open. */
  public int openViews() {
    return openReaders.count(true);
  }

  /** How many transactions are open. */
  public int openTransactions() {
    return openReaders.count(false);
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

  private void checkWritable() {
    if (options.readOnly()) {
      throw new StoreReadOnlyException(storage.name());
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
      change(key, existing, wanted);
    }
    return existing;
  }

  /** Gives a bucket other options, durably. */
  private void change(byte[] key, StoredBucket bucket, BucketOptions wanted) {
    if (!bucket.options().isSameForm(wanted)) {
      throw new IllegalArgumentException(
          "bucket '"
              + bucket.name()
              + "' has "
              + bucket.options()
              + ", of which only the compression can be changed; asked for "
              + wanted);
    }
    requireLibrary(bucket.name(), wanted);
    catalogLock.lock();
    try {
      if (catalog.find(bucket.name()) != bucket) {
        throw new BucketDroppedException(bucket.name());
      }
      WriteTransaction transaction = begin(options.durability());
      boolean committed = false;
      try {
        transaction.put(catalog.bucket(), key, Catalog.encode(bucket.id(), wanted));
        transaction.commit();
        committed = true;
      } finally {
        if (!committed && transaction.isOpen()) {
          transaction.rollback();
        }
      }
      bucket.setOptions(wanted);
    } finally {
      catalogLock.unlock();
    }
  }

  private static void requireLibrary(String name, BucketOptions wanted) {
    if (wanted.compression() != Compression.NONE) {
      ImageCompression.require("bucket '" + name + "'");
    }
  }

  private StoredBucket create(byte[] key, String name, BucketOptions bucketOptions) {
    requireLibrary(name, bucketOptions);
    WriteTransaction transaction = begin(options.durability());
    boolean committed = false;
    try {
      int id = nextId(transaction);
      StoredBucket created = catalog.create(id, name, bucketOptions);
      transaction.put(catalog.bucket(), key, Catalog.encode(id, bucketOptions));
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

  // ---- Loading --------------------------------------------------------------------------------

  /** Begins to load a bucket that is not there yet. */
  public BulkLoad load(String name, BucketOptions bucketOptions, BulkLoadOptions loadOptions) {
    checkOpen();
    checkWritable();
    log.headroom().checkNotSpent();
    byte[] key = Catalog.key(name);
    requireLibrary(name, bucketOptions);
    int id;
    catalogLock.lock();
    try {
      requireAbsent(name);
      id = reserveId();
    } finally {
      catalogLock.unlock();
    }
    BulkLoad load =
        new BulkLoad(
            new BulkLoad.Target(
                id,
                name,
                bucketOptions,
                storage,
                pages.load(),
                log::segmentStart,
                new ValueLoad(committer, id, name, bucketOptions.inlineLimitBytes()),
                (root, files) -> publish(key, name, bucketOptions, root, files),
                this::checkSpaceForLoad,
                this::checkOpen),
            loadOptions,
            loads::remove);
    loads.add(load);
    if (closed) {
      load.close(); // closing may have missed it
    }
    return load;
  }

  private void checkSpaceForLoad(long bytes) {
    log.headroom().checkNotSpent();
    if (bytes > 0) {
      log.requireSpaceForCheckpoint(bytes);
    }
  }

  private void requireAbsent(String name) {
    if (catalog.find(name) != null) {
      throw new IllegalStateException(
          "bucket '" + name + "' exists already: a load makes a new one; drop it first");
    }
  }

  /** An id that no bucket gets from now on, as long as what follows is not lost, too. */
  private int reserveId() {
    WriteTransaction transaction = begin(Durability.BUFFERED);
    try {
      int id = nextId(transaction);
      transaction.commit();
      return id;
    } finally {
      if (transaction.isOpen()) {
        transaction.rollback();
      }
    }
  }

  private int nextId(WriteTransaction transaction) {
    Integer free = Replay.nextId(transaction.get(catalog.bucket(), Catalog.NEXT_ID_KEY));
    int id = free == null ? Catalog.FIRST_FREE_ID : free;
    transaction.put(catalog.bucket(), Catalog.NEXT_ID_KEY, Catalog.encodeId(id + 1));
    return id;
  }

  /** Makes a bucket of what was loaded, which is on the device; durably. */
  private StoredBucket publish(
      byte[] key,
      String name,
      BucketOptions bucketOptions,
      CheckpointRecord.BucketRoot root,
      PageFiles.Load written) {
    byte[] entry = Catalog.encode(bucketOptions, root, written.lengths());
    if (entry.length > Limits.MAX_INLINE_BYTES) {
      throw new LimitExceededException(
          "the length in bytes of the list of files with which bucket '" + name + "' is loaded",
          Limits.MAX_INLINE_BYTES,
          entry.length);
    }
    LiveBytes live = written.live();
    live.add(root.live());
    catalogLock.lock();
    try {
      requireAbsent(name);
      StoredBucket loaded =
          catalog.create(
              root.id(),
              name,
              bucketOptions,
              new CheckpointRecord.BucketRoot(
                  root.id(), root.count(), root.level(), root.root(), live));
      loaded.beginLoad();
      WriteTransaction transaction = begin(Durability.SYNC);
      boolean mayBeThere = false;
      try {
        transaction.put(catalog.bucket(), key, entry);
        catalog.announce(loaded); // a view may see it as soon as the commit is published
        transaction.commit(
            position -> {
              pages.loaded(position, written.lengths());
              loaded.load(position);
            });
        mayBeThere = true;
        catalog.add(loaded);
      } catch (StoreFailedException e) {
        mayBeThere = e.outcomeUnknown();
        throw e;
      } finally {
        if (!mayBeThere) {
          if (transaction.isOpen()) {
            transaction.rollback();
          }
          catalog.renounce(loaded);
        }
      }
      checkpoints.want(); // so that the log's part that has its values need not be read again
      return loaded;
    } finally {
      catalogLock.unlock();
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
        transaction.commit(dropped::drop);
        committed = true;
      } finally {
        if (!committed && transaction.isOpen()) {
          transaction.rollback();
        }
      }
      catalog.remove(dropped);
      purgeSoon();
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

  /**
   * Begins a transaction.
   *
   * @param user what the user has as long as he may use it
   */
  public WriteTransaction begin(TransactionOptions given, Object user) {
    Durability durability = given.durability();
    int timeout =
        given.timeoutMillis() != 0 ? given.timeoutMillis() : options.transactionTimeoutMillis();
    return begin(
        new TransactionSettings(
            durability == null ? options.durability() : durability,
            given.isolation() == Isolation.SERIALIZABLE,
            timeout,
            options.maxTransactionWrites(),
            maxTransactionBytes(),
            options.maxTransactionLogBytes(),
            environment.nanoTime()),
        user);
  }

  private long maxTransactionBytes() {
    return options.maxTransactionBytes() != 0
        ? options.maxTransactionBytes()
        : Math.max(LEAST_TRANSACTION_BYTES, trees.residency().budgetBytes() / 4);
  }

  /** A transaction of the engine's own, without limits. */
  private WriteTransaction begin(Durability durability) {
    return begin(
        new TransactionSettings(
            durability,
            false,
            0,
            Long.MAX_VALUE,
            Long.MAX_VALUE,
            Long.MAX_VALUE,
            environment.nanoTime()),
        this);
  }

  private WriteTransaction begin(TransactionSettings settings, Object user) {
    checkOpen();
    openReaders.reap(now());
    Ending ending = new Ending();
    WriteTransaction transaction = new WriteTransaction(committer, settings, ending);
    boolean begun = false;
    try {
      ending.reader =
          openReaders.add(user, false, transaction.position(), now(), transaction::rollback);
      if (settings.timeoutMillis() != 0) {
        Future<?> deadline = deadlines.schedule(transaction, settings.timeoutMillis());
        ending.deadline = deadline;
        if (!transaction.isOpen()) {
          deadline.cancel(false); // it was so short
        }
      }
      begun = true;
      return transaction;
    } finally {
      if (!begun) {
        transaction.rollback();
      }
    }
  }

  /** What happens when a transaction has ended. */
  private final class Ending implements Runnable {
    private OpenReaders.@Nullable Reader reader;
    private volatile @Nullable Future<?> deadline; // seen by whoever ends it

    @Override
    public void run() {
      Future<?> scheduled = deadline;
      if (scheduled != null) {
        scheduled.cancel(false);
      }
      OpenReaders.Reader ended = reader;
      if (ended != null) {
        openReaders.remove(ended);
      }
      purgeSoon();
    }
  }

  /** How many views and transactions were not closed and are lost. */
  public long leaks() {
    openReaders.reap(now());
    return openReaders.leaks();
  }

  /** Time on the clock by which the age of readers is told, in nanoseconds. */
  public long now() {
    return environment.nanoTime().getAsLong();
  }

  /** The views and transactions that are open, the one that was opened first in front. */
  public List<OpenReaders.Reader> openReaders() {
    return openReaders.all();
  }

  /**
   * A view.
   *
   * @param slot its snapshot
   * @param reader what is known of it
   */
  public record OpenView(SnapshotRegistry.Slot slot, OpenReaders.Reader reader) {}

  /**
   * Registers a view.
   *
   * @param user what the user has as long as he may read
   */
  public OpenView openView(Object user) {
    checkOpen();
    openReaders.reap(now());
    SnapshotRegistry.Slot slot = registry.registerPublished();
    boolean opened = false;
    try {
      OpenView view =
          new OpenView(slot, openReaders.add(user, true, slot.position(), now(), letGo(slot)));
      opened = true;
      return view;
    } finally {
      if (!opened) {
        slot.release();
      }
    }
  }

  private Runnable letGo(SnapshotRegistry.Slot slot) {
    return () -> {
      slot.release();
      purgeSoon();
    };
  }

  /** Releases a view. */
  public void closeView(OpenView view) {
    view.slot.release();
    openReaders.remove(view.reader);
    purgeSoon();
  }

  /** Lets go of dropped buckets that nobody can see any more. */
  private void purgeDropped() {
    if (catalog.hasDropped()) {
      catalog.purge(registry.horizon().oldest());
    }
  }

  /**
   * Has the background let go of dropped buckets that nobody can see any more, if there are any.
   */
  private void purgeSoon() {
    if (catalog.hasDropped() && catalog.hasPurgeable(registry.horizon().oldest())) {
      checkpoints.want();
    }
  }

  /** Reads at a view's position, for somebody who does not read any more when he closes it. */
  public SnapshotReads reads(OpenView view) {
    return reads(view, this::checkOpen);
  }

  /**
   * Reads at a view's position.
   *
   * @param checkOpen throws when the view was closed
   */
  public SnapshotReads reads(OpenView view, Runnable checkOpen) {
    return new SnapshotReads(committer, view.slot.position(), checkOpen);
  }

  /** The bucket of this name that a view sees, or null. */
  public @Nullable StoredBucket findAt(SnapshotReads reads, String name) {
    byte[] value = reads.get(catalog.bucket(), Catalog.key(name));
    if (value == null) {
      return null;
    }
    try {
      return catalog.find(Catalog.id(value));
    } catch (MalformedException e) {
      throw new MaceException("the catalog of " + storage.name() + " is damaged", e);
    }
  }

  /**
   * Runs {@code attempt} until it does not throw {@link ConflictException}, up to the configured
   * number of times, with random pauses that grow. When it lost often it takes precedence over all
   * other commits: then it can only lose against each thread that had begun to commit before.
   */
  public <R extends @Nullable Object> R retry(Function<Integer, R> attempt) {
    int starved = Math.min(STARVED, options.maxAttempts() / 2);
    Precedence.Turn turn = null;
    try {
      for (int attempts = 1; ; attempts++) {
        try {
          return attempt.apply(attempts);
        } catch (ConflictException e) {
          if (attempts >= options.maxAttempts()) {
            throw attempts == 1 ? e : e.after(attempts);
          }
          if (turn == null && attempts >= starved && !precedence.isMine()) {
            turn = precedence.take();
          } else if (turn == null) {
            // Up to 2, 4, 8 ... microseconds, at most a millisecond.
            int bound = 2_000 << Math.min(attempts - 1, 9);
            LockSupport.parkNanos(this, environment.random().applyAsInt(bound));
          }
        }
      }
    } finally {
      if (turn != null) {
        turn.close();
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
      tellOfOpenReaders();
      flow.end();
      checkpointer.endCleaning();
      List.copyOf(loads).forEach(BulkLoad::close);
      try {
        readers.stop();
        checkpoints.stop();
        acknowledger.stop();
        deadlines.stop();
        background.stop();
        lastCheckpoint();
        checkpointer.close();
        log.close();
      } finally {
        storage.close();
      }
    } finally {
      closing.unlock();
    }
  }

  /** Whoever is not done when the store is closed should know: a transaction is lost. */
  private void tellOfOpenReaders() {
    List<OpenReaders.Reader> open = openReaders.all();
    if (open.isEmpty()) {
      return;
    }
    OpenReaders.Reader first = open.get(0);
    String message =
        storage.name()
            + " is closed with "
            + openReaders.count(false)
            + " open transactions, which are rolled back, and "
            + openReaders.count(true)
            + " open views; the first was opened by thread '"
            + first.thread()
            + "'"
            + (options.traceSnapshots() ? "" : " (the option traceSnapshots records where)");
    System.getLogger(Engine.class.getName())
        .log(System.Logger.Level.WARNING, message, first.creation());
  }

  private void lastCheckpoint() {
    if (!options.checkpointOnClose() || options.readOnly() || log.hasFailed()) {
      return;
    }
    try {
      checkpointer.runWithoutCleaning();
    } catch (RuntimeException e) {
      // Everything is in the log; the next opening replays it.
      System.getLogger(Engine.class.getName())
          .log(System.Logger.Level.WARNING, "closing without a last checkpoint", e);
    }
  }
}
