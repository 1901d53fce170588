package org.macekv;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.macekv.internal.checkpoint.Checkpointer;
import org.macekv.internal.engine.Engine;
import org.macekv.internal.engine.Environment;
import org.macekv.internal.engine.FlowControl;
import org.macekv.internal.io.FileStorage;
import org.macekv.internal.io.MemoryStorage;
import org.macekv.internal.io.ReadOnlyStorage;
import org.macekv.internal.io.Storage;
import org.macekv.internal.io.TemporaryStorage;
import org.macekv.internal.log.RecoveredLog;
import org.macekv.internal.pages.Manifest;
import org.macekv.internal.txn.StoredBucket;
import org.macekv.option.BucketOptions;
import org.macekv.option.BulkLoadOptions;
import org.macekv.option.MaceOptions;
import org.macekv.option.TransactionOptions;

/**
 * A store: a directory with named {@linkplain Bucket buckets} of ordered keys and values, changed
 * in transactions. One process, and in it one {@code Mace}, has a store open at a time.
 * Thread-safe.
 *
 * <pre>{@code
 * try (Mace store = Mace.open(Path.of("shop"))) {
 *   Bucket orders = store.bucket("orders");
 *   orders.put(key, value);                          // durable when it returns
 *   store.transact(tx -> {                           // several changes, all or none
 *     tx.put(orders, key, value);
 *     tx.delete(orders, other);
 *     return null;
 *   });
 * }
 * }</pre>
 */
public final class Mace implements AutoCloseable {
  private final Engine engine;

  private Mace(Engine engine) {
    this.engine = engine;
  }

  /** Opens the store in {@code directory} with the default options; creates it if need be. */
  public static Mace open(Path directory) {
    return open(directory, MaceOptions.defaults());
  }

  /**
   * Opens the store in {@code directory}.
   *
   * @throws org.macekv.error.StoreLockedException if it is open already, here or elsewhere
   * @throws org.macekv.error.CorruptionException if its files are damaged
   * @throws org.macekv.error.FormatVersionException if another release wrote them
   * @throws org.macekv.error.StoreIOException if the file system refuses, or there is no store and
   *     none shall be created, or it is to be read only
   * @throws org.macekv.error.CompressionUnavailableException if a bucket is compressed, and the
   *     library for that is not there
   */
  public static Mace open(Path directory, MaceOptions options) {
    return open(directory, options, (bytes, total) -> {});
  }

  /**
   * Like {@link #open(Path, MaceOptions)}, for stores whose log may be long.
   *
   * @param progress told of the replay's progress
   */
  public static Mace open(Path directory, MaceOptions options, RecoveryProgress progress) {
    Storage storage =
        options.readOnly()
            ? new ReadOnlyStorage(directory)
            : new FileStorage(directory, options.createIfMissing());
    return new Mace(Engine.open(storage, options, Environment.system(), progress::replayed));
  }

  /**
   * A new store in a directory of its own, for data that are larger than the heap and not to be
   * kept: when it is closed, it is gone. Nothing is synced, whatever the durability. If the process
   * dies before that, the directory stays, with a name that begins with {@code mace-temporary-}.
   *
   * @param parent where the directory is created
   * @throws org.macekv.error.StoreIOException if the file system refuses
   */
  public static Mace temporary(Path parent, MaceOptions options) {
    MaceOptions fitting =
        options.withCreateIfMissing(true).withReadOnly(false).withCheckpointOnClose(false);
    return new Mace(Engine.open(new TemporaryStorage(parent), fitting, Environment.system()));
  }

  /** A new store in memory, with the same engine, that is gone when it is closed. */
  public static Mace inMemory() {
    return inMemory(MaceOptions.defaults());
  }

  /** A new store in memory with these options. */
  public static Mace inMemory(MaceOptions options) {
    return new Mace(
        Engine.open(
            new MemoryStorage("(in memory)"),
            options.withCreateIfMissing(true).withReadOnly(false),
            Environment.system()));
  }

  /** What the store is called in messages: its directory, or a name for one in memory. */
  public String name() {
    return engine.name();
  }

  /** The options that the store was opened with. */
  public MaceOptions options() {
    return engine.options();
  }

  /** The bucket of this name, with the options it has; created with the defaults if need be. */
  public Bucket bucket(String name) {
    return new Bucket(engine, engine.bucket(name, null));
  }

  /**
   * The bucket of this name; created with {@code options} if need be. If it exists with another
   * compression, that is changed, as a transaction of its own.
   *
   * @param name 1 to 1,024 bytes in UTF-8
   * @param options the options; those that fix the form of the bucket's data must equal the stored
   *     ones if the bucket exists
   * @throws IllegalArgumentException if the bucket exists and its data have another form
   * @throws org.macekv.error.CompressionUnavailableException if compression is asked for, and the
   *     library for it is not there
   */
  public Bucket bucket(String name, BucketOptions options) {
    return new Bucket(engine, engine.bucket(name, options));
  }

  /**
   * Begins to fill a bucket that is not there yet.
   *
   * @param name 1 to 1,024 bytes in UTF-8
   * @param bucketOptions of the bucket
   * @param loadOptions of the load
   * @throws IllegalStateException if there is a bucket of this name
   * @throws org.macekv.error.StoreReadOnlyException if the store is only read
   * @throws org.macekv.error.CompressionUnavailableException if compression is asked for, and the
   *     library for it is not there
   */
  public BulkLoader bulkLoad(
      String name, BucketOptions bucketOptions, BulkLoadOptions loadOptions) {
    return new BulkLoader(engine, engine.load(name, bucketOptions, loadOptions));
  }

  /** The bucket of this name, or null if there is none. */
  public @Nullable Bucket findBucket(String name) {
    StoredBucket found = engine.find(name);
    return found == null ? null : new Bucket(engine, found);
  }

  /** The names of all buckets, in UTF-8 byte order. */
  public List<String> bucketNames() {
    return engine.bucketNames();
  }

  /**
   * Drops the bucket of this name with all that is in it, durably. Views that are open go on seeing
   * it.
   *
   * @return false if there was none
   */
  public boolean dropBucket(String name) {
    return engine.drop(name);
  }

  /** Begins a transaction with the store's durability. */
  public Transaction begin() {
    return begin(TransactionOptions.defaults());
  }

  /** Begins a transaction. */
  public Transaction begin(TransactionOptions options) {
    return new Transaction(engine, options);
  }

  /** A view of everything that is committed now. Close it. */
  public View view() {
    return new View(engine);
  }

  /**
   * Runs {@code work} in a transaction and commits it; after a conflict, again in a new one, up to
   * {@link MaceOptions#maxAttempts()} times with random pauses. Work that lost eight times, or half
   * of its attempts, takes precedence: other commits wait for it, for two seconds at the most. So
   * it gets through, however much its keys are contended for, if it is quicker than that and fewer
   * threads were just committing than it has attempts left. The work may thus run more than once:
   * it must not have effects outside the transaction. If it throws, the transaction is rolled back
   * and the exception goes on to the caller. If the work itself ends the transaction, it is not
   * committed a second time.
   *
   * @return what the work returned
   * @throws org.macekv.error.ConflictException after the last attempt
   */
  public <R extends @Nullable Object> R transact(Function<? super Transaction, ? extends R> work) {
    return transact(TransactionOptions.defaults(), work);
  }

  /** Like {@link #transact(Function)}, with options for the transaction. */
  public <R extends @Nullable Object> R transact(
      TransactionOptions options, Function<? super Transaction, ? extends R> work) {
    return engine.<R>retry(
        attempt -> {
          try (Transaction transaction = begin(options)) {
            R result = work.apply(transaction);
            if (transaction.isUnfinished() || transaction.isExpired()) {
              transaction.commit();
            }
            return result;
          }
        });
  }

  /** Returns when every commit that was acknowledged before is on the device. */
  public void sync() {
    engine.sync();
  }

  /**
   * Returns when everything that is committed now is in a checkpoint, and the checkpoint on the
   * device: opening the store after a crash then replays only what came later. The store does that
   * by itself; see {@link MaceOptions}.
   *
   * @throws org.macekv.error.StoreIOException if it can't be written; nothing is lost then
   */
  public void checkpoint() {
    engine.checkpoint();
  }

  /** What opening the store found, replayed and cut. */
  public RecoveryReport recoveryReport() {
    RecoveredLog found = engine.recovered();
    RecoveredLog.Cut cut = found.cut();
    Manifest.Cut manifestCut = engine.manifestCut();
    return new RecoveryReport(
        engine.recoveredCheckpoint(),
        found.segmentCount(),
        engine.replayedCommits(),
        engine.recoveredPosition(),
        cut == null
            ? null
            : new RecoveryReport.Cut(cut.file(), cut.offset(), cut.bytes(), cut.cause()),
        manifestCut == null
            ? null
            : new RecoveryReport.Cut(
                manifestCut.file(),
                manifestCut.offset(),
                manifestCut.bytes(),
                "the checksum of a manifest record does not fit"));
  }

  /**
   * Cleans now: moves what is live out of files that are mostly garbage, with as many checkpoints
   * as it takes until there is no more garbage than {@code maxGarbagePercent} allows, or none can
   * go. Returns when that is durable, and the files are deleted. The store does the same by itself
   * beside its other checkpoints; this does it also while that is paused.
   */
  public void clean() {
    engine.clean();
  }

  /**
   * Lets checkpoints move nothing any more, until {@link #resumeCleaning}: for hours in which the
   * disk has to serve readers. Files in which nothing is live go all the same. What is being moved
   * is finished. Not kept when the store is closed.
   */
  public void pauseCleaning() {
    engine.checkOpen();
    engine.checkpointer().setCleaningPaused(true);
  }

  /** Ends a pause, if there is one. */
  public void resumeCleaning() {
    engine.checkOpen();
    engine.checkpointer().setCleaningPaused(false);
  }

  /**
   * The views and transactions that are open, the one that was opened first in front. With the
   * option {@code traceSnapshots} they know where they were opened.
   */
  public List<OpenSnapshot> openSnapshots() {
    engine.checkOpen();
    long now = engine.now();
    return engine.openReaders().stream()
        .map(
            each ->
                new OpenSnapshot(
                    each.isView() ? OpenSnapshot.Kind.VIEW : OpenSnapshot.Kind.TRANSACTION,
                    each.position(),
                    (now - each.openedNanos()) / 1_000_000,
                    each.thread(),
                    each.creation()))
        .toList();
  }

  /** Figures about the store at this moment. */
  public StoreStatistics statistics() {
    engine.checkOpen();
    return new StoreStatistics(
        engine.committer().commits(),
        engine.committer().conflicts(),
        engine.log().syncs(),
        engine.log().fileBytes(),
        engine.checkpointer().count(),
        engine.checkpointer().position(),
        engine.writtenBytes(),
        engine.trees().pages().written(),
        engine.trees().changeImages(),
        engine.trees().pages().reads(),
        engine.trees().readAhead().leaves(),
        engine.trees().residency().residentBytes(),
        engine.trees().dirty().get(),
        engine.trees().residency().evictions(),
        engine.trees().residency().innerEvictions(),
        engine.openViews(),
        engine.openTransactions(),
        engine.leaks(),
        engine.committer().marks().published(),
        engine.oldestSnapshot(),
        writeFlow(),
        space());
  }

  private StoreStatistics.Space space() {
    Checkpointer.Space space = engine.checkpointer().space();
    return new StoreStatistics.Space(
        space.pageBytes(),
        space.livePageBytes(),
        space.valueBytes(),
        space.liveValueBytes(),
        engine.checkpointer().movedValueBytes(),
        engine.checkpointer().historyBytes(),
        engine.checkpointer().pinnedLogBytes(),
        engine.log().headroom().held(),
        engine.log().headroom().isSpent(),
        engine.checkpointer().isCleaningPaused());
  }

  private StoreStatistics.WriteFlow writeFlow() {
    FlowControl flow = engine.flow();
    return new StoreStatistics.WriteFlow(
        flow.isPressed(),
        flow.delayed(),
        flow.stalled(),
        flow.delayNanos() / 1_000_000,
        engine.committer().marks().newest() - engine.checkpointer().position(),
        flow.dirtyBytesPerSecond());
  }

  /**
   * Makes all commits durable, rolls back open transactions and closes the store. If there are any,
   * or open views, a warning in the log says so. Idempotent. Later use gives {@link
   * org.macekv.error.StoreClosedException}.
   */
  @Override
  public void close() {
    engine.close();
  }
}
