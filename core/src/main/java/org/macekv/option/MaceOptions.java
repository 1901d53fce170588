package org.macekv.option;

import java.util.Objects;

/**
 * How a store is opened. Immutable; every {@code with} method gives a changed copy.
 *
 * @param durability the durability of commits that do not name one; default {@link Durability#SYNC}
 * @param logSegmentBytes the size at which a log segment ends and the next begins, 4 KiB to 1 GiB;
 *     default 32 MiB. A single record may be longer than a segment that is chosen very small.
 * @param flushIntervalMillis after how long at most the background begins to write and sync what
 *     {@link Durability#BUFFERED} commits left in memory, 1 to 60,000; default 100
 * @param createIfMissing whether a store that does not exist is created; default true
 * @param maxAttempts how often {@code Mace.transact} runs its work before it gives up with a {@code
 *     ConflictException}, 1 or more; default 64
 * @param transactionTimeoutMillis how long a transaction may be open before it is rolled back and
 *     its next call throws a {@code TransactionTimeoutException}, 0 or more; default 0: as long as
 *     it likes
 * @param maxTransactionWrites how many keys a transaction may write, 1 or more; more is refused
 *     with a {@code LimitExceededException}, and the transaction may go on; default 2^31 - 1
 * @param maxTransactionBytes about how much of the heap what a transaction writes may take until it
 *     commits: its keys, its values up to the bucket's inline limit, and some 200 bytes for each, 1
 *     MiB or more. Default 0: a quarter of {@code cacheBytes}, but at least 16 MiB. Longer values
 *     are written to the log at once. When it commits, it also needs the leaves that it changes in
 *     memory, within {@code cacheBytes}; else the commit is refused with a {@code
 *     LimitExceededException}, and nothing is kept
 * @param maxTransactionLogBytes how much of the log may be kept for one transaction, 1 MiB or more;
 *     default 4 GiB. All of it is kept from a transaction's first value over the inline limit on
 *     until it ends, whoever it is of. A transaction that needs more is rolled back, and its next
 *     call throws a {@code LimitExceededException}; bulk loads are not limited
 * @param cacheBytes how much of the heap the nodes of all buckets may take, in bytes, 64 KiB or
 *     more; what is not needed goes, and is read from disk again. They take no more, but for what
 *     threads have just read, as long as writers are held to the pace of checkpoints ({@code
 *     flowControl}; 1 MiB of changes is always allowed). Opening a store after a crash takes what
 *     was changed and in no checkpoint, whatever the budget. Default 0: a quarter of the largest
 *     heap.
 * @param pageFileBytes the size at which a page file ends and the next begins, 4 KiB to 1 GiB;
 *     default 64 MiB. In a store of less than 64 files of that size they end at a sixty-fourth of
 *     all, but not below 4 MiB.
 * @param checkpointLogBytes a checkpoint begins when the log has grown by this many bytes since the
 *     last, 4 KiB or more; default 256 MiB. It bounds what opening the store after a crash has to
 *     replay.
 * @param checkpointIntervalMillis a checkpoint begins when there were commits and the last is this
 *     long ago, 10 or more; default 60,000
 * @param checkpointOnClose whether closing the store leaves a checkpoint, so that the next opening
 *     replays nothing; default true
 * @param maxGarbagePercent which share of the page files, and of the log segments that are only
 *     kept for large values, may be garbage, but for a quarter of a file; 5 to 90, default 30. From
 *     fifteen sixteenths of it on, what is live is moved out of the worst files, and these go, and
 *     with {@code flowControl} writers are slowed down for that. Of large values it may be more for
 *     a moment, by what is written between two checkpoints. Less costs more writing.
 * @param flowControl whether commits are slowed down when checkpoints can't keep up with them, and
 *     wait when eleven sixteenths of {@code cacheBytes} (at least 1 MiB) are taken by changed
 *     leaves and what inner nodes take over a quarter, or the log has grown by four times {@code
 *     checkpointLogBytes} (or {@code logSegmentBytes} if that is more), without what cleaning has
 *     moved, since the last checkpoint, or less where cleaning needs a part of either; default
 *     true. Without it a writer that is faster than the disk takes more and more of the heap.
 * @param maxStallMillis how long a commit waits there before it is refused with a {@code
 *     WriteStalledException}, 1 or more; default 60,000
 * @param headroomBytes how many bytes of the device are kept, at the most, in a file without
 *     meaning, for deletions, checkpoints and cleaning: they may take them when the device is full,
 *     and until there is space again all other commits are refused with a {@code StoreIOException}.
 *     0 to 1 TiB, 0 for none; default 32 MiB, but never more than a thirty-second of the store
 *     (then 1 MiB; none below 4 MiB), and none for a store in memory. Commits are also refused, and
 *     a checkpoint begun, when the device has less left than that checkpoint may write
 * @param traceSnapshots whether views and transactions record the stack that opened them, for
 *     {@code Mace.openSnapshots} and for the warning when the store is closed with some open;
 *     default false, since each costs some microseconds
 * @param readOnly whether the store is only read: not a byte in its directory is changed, not even
 *     to repair what a crash left, writes are refused with a {@code StoreReadOnlyException}, and
 *     others may read it at the same time, but nobody write to it. What the log has beyond the last
 *     checkpoint stays on the heap meanwhile. Default false
 */
public record MaceOptions(
    Durability durability,
    int logSegmentBytes,
    int flushIntervalMillis,
    boolean createIfMissing,
    int maxAttempts,
    int transactionTimeoutMillis,
    int maxTransactionWrites,
    long maxTransactionBytes,
    long maxTransactionLogBytes,
    long cacheBytes,
    int pageFileBytes,
    long checkpointLogBytes,
    int checkpointIntervalMillis,
    boolean checkpointOnClose,
    int maxGarbagePercent,
    boolean flowControl,
    int maxStallMillis,
    long headroomBytes,
    boolean traceSnapshots,
    boolean readOnly) {

  private static final MaceOptions DEFAULTS =
      new MaceOptions(
          Durability.SYNC,
          32 << 20,
          100,
          true,
          64,
          0,
          Integer.MAX_VALUE,
          0,
          4L << 30,
          0,
          64 << 20,
          256L << 20,
          60_000,
          true,
          30,
          true,
          60_000,
          32 << 20,
          false,
          false);

  /** Checks the ranges. */
  public MaceOptions {
    Objects.requireNonNull(durability, "durability");
    requireRange("logSegmentBytes", logSegmentBytes, 4 << 10, 1 << 30);
    requireRange("flushIntervalMillis", flushIntervalMillis, 1, 60_000);
    requireRange("maxAttempts", maxAttempts, 1, Integer.MAX_VALUE);
    requireRange("transactionTimeoutMillis", transactionTimeoutMillis, 0, Integer.MAX_VALUE);
    requireRange("maxTransactionWrites", maxTransactionWrites, 1, Integer.MAX_VALUE);
    if (maxTransactionBytes != 0) {
      requireRange("maxTransactionBytes", maxTransactionBytes, 1 << 20, Long.MAX_VALUE);
    }
    requireRange("maxTransactionLogBytes", maxTransactionLogBytes, 1 << 20, Long.MAX_VALUE);
    requireRange("headroomBytes", headroomBytes, 0, 1L << 40);
    if (cacheBytes != 0) {
      requireRange("cacheBytes", cacheBytes, 64 << 10, Long.MAX_VALUE);
    }
    requireRange("pageFileBytes", pageFileBytes, 4 << 10, 1 << 30);
    requireRange("checkpointLogBytes", checkpointLogBytes, 4 << 10, Long.MAX_VALUE);
    requireRange("checkpointIntervalMillis", checkpointIntervalMillis, 10, Integer.MAX_VALUE);
    requireRange("maxGarbagePercent", maxGarbagePercent, 5, 90);
    requireRange("maxStallMillis", maxStallMillis, 1, Integer.MAX_VALUE);
  }

  /** The defaults. */
  public static MaceOptions defaults() {
    return DEFAULTS;
  }

  /** With this durability for commits that do not name one. */
  public MaceOptions withDurability(Durability value) {
    Draft draft = new Draft(this);
    draft.durability = value;
    return draft.options();
  }

  /** With log segments of this size in bytes. */
  public MaceOptions withLogSegmentBytes(int value) {
    Draft draft = new Draft(this);
    draft.logSegmentBytes = value;
    return draft.options();
  }

  /** With this longest stay of buffered commits in memory, in milliseconds. */
  public MaceOptions withFlushIntervalMillis(int value) {
    Draft draft = new Draft(this);
    draft.flushIntervalMillis = value;
    return draft.options();
  }

  /** With or without creation of a store that does not exist. */
  public MaceOptions withCreateIfMissing(boolean value) {
    Draft draft = new Draft(this);
    draft.createIfMissing = value;
    return draft.options();
  }

  /** With this bound on the attempts of {@code Mace.transact}. */
  public MaceOptions withMaxAttempts(int value) {
    Draft draft = new Draft(this);
    draft.maxAttempts = value;
    return draft.options();
  }

  /** With this timeout of transactions in milliseconds; 0 for none. */
  public MaceOptions withTransactionTimeoutMillis(int value) {
    Draft draft = new Draft(this);
    draft.transactionTimeoutMillis = value;
    return draft.options();
  }

  /** With this most keys that a transaction may write. */
  public MaceOptions withMaxTransactionWrites(int value) {
    Draft draft = new Draft(this);
    draft.maxTransactionWrites = value;
    return draft.options();
  }

  /** With this much heap for what a transaction writes, in bytes; 0 for a quarter of the cache. */
  public MaceOptions withMaxTransactionBytes(long value) {
    Draft draft = new Draft(this);
    draft.maxTransactionBytes = value;
    return draft.options();
  }

  /** With this much log that may be kept for one transaction, in bytes. */
  public MaceOptions withMaxTransactionLogBytes(long value) {
    Draft draft = new Draft(this);
    draft.maxTransactionLogBytes = value;
    return draft.options();
  }

  /** With this much heap for nodes, in bytes; 0 for a quarter of the largest heap. */
  public MaceOptions withCacheBytes(long value) {
    Draft draft = new Draft(this);
    draft.cacheBytes = value;
    return draft.options();
  }

  /** With page files of this size in bytes. */
  public MaceOptions withPageFileBytes(int value) {
    Draft draft = new Draft(this);
    draft.pageFileBytes = value;
    return draft.options();
  }

  /** With a checkpoint whenever the log has grown by this many bytes. */
  public MaceOptions withCheckpointLogBytes(long value) {
    Draft draft = new Draft(this);
    draft.checkpointLogBytes = value;
    return draft.options();
  }

  /** With a checkpoint at least this often, in milliseconds, while there are commits. */
  public MaceOptions withCheckpointIntervalMillis(int value) {
    Draft draft = new Draft(this);
    draft.checkpointIntervalMillis = value;
    return draft.options();
  }

  /** With or without a checkpoint when the store is closed. */
  public MaceOptions withCheckpointOnClose(boolean value) {
    Draft draft = new Draft(this);
    draft.checkpointOnClose = value;
    return draft.options();
  }

  /** With this share of garbage, in percent, from which on what is live is moved. */
  public MaceOptions withMaxGarbagePercent(int value) {
    Draft draft = new Draft(this);
    draft.maxGarbagePercent = value;
    return draft.options();
  }

  /** With or without slowing commits down when checkpoints can't keep up. */
  public MaceOptions withFlowControl(boolean value) {
    Draft draft = new Draft(this);
    draft.flowControl = value;
    return draft.options();
  }

  /** With this longest wait of a commit for checkpoints, in milliseconds. */
  public MaceOptions withMaxStallMillis(int value) {
    Draft draft = new Draft(this);
    draft.maxStallMillis = value;
    return draft.options();
  }

  /** With this much space at the most, in bytes, for what gives space back; 0 for none. */
  public MaceOptions withHeadroomBytes(long value) {
    Draft draft = new Draft(this);
    draft.headroomBytes = value;
    return draft.options();
  }

  /** With or without the stacks that opened views and transactions. */
  public MaceOptions withTraceSnapshots(boolean value) {
    Draft draft = new Draft(this);
    draft.traceSnapshots = value;
    return draft.options();
  }

  /** For reading only, or not. */
  public MaceOptions withReadOnly(boolean value) {
    Draft draft = new Draft(this);
    draft.readOnly = value;
    return draft.options();
  }

  static void requireRange(String option, long value, long low, long high) {
    if (value < low || value > high) {
      throw new IllegalArgumentException(
          "option " + option + " is " + value + ", expected " + low + " to " + high);
    }
  }

  /** A copy in which one option is changed. */
  private static final class Draft {
    Durability durability;
    int logSegmentBytes;
    int flushIntervalMillis;
    boolean createIfMissing;
    int maxAttempts;
    int transactionTimeoutMillis;
    int maxTransactionWrites;
    long maxTransactionBytes;
    long maxTransactionLogBytes;
    long cacheBytes;
    int pageFileBytes;
    long checkpointLogBytes;
    int checkpointIntervalMillis;
    boolean checkpointOnClose;
    int maxGarbagePercent;
    boolean flowControl;
    int maxStallMillis;
    long headroomBytes;
    boolean traceSnapshots;
    boolean readOnly;

    Draft(MaceOptions options) {
      durability = options.durability;
      logSegmentBytes = options.logSegmentBytes;
      flushIntervalMillis = options.flushIntervalMillis;
      createIfMissing = options.createIfMissing;
      maxAttempts = options.maxAttempts;
      transactionTimeoutMillis = options.transactionTimeoutMillis;
      maxTransactionWrites = options.maxTransactionWrites;
      maxTransactionBytes = options.maxTransactionBytes;
      maxTransactionLogBytes = options.maxTransactionLogBytes;
      cacheBytes = options.cacheBytes;
      pageFileBytes = options.pageFileBytes;
      checkpointLogBytes = options.checkpointLogBytes;
      checkpointIntervalMillis = options.checkpointIntervalMillis;
      checkpointOnClose = options.checkpointOnClose;
      maxGarbagePercent = options.maxGarbagePercent;
      flowControl = options.flowControl;
      maxStallMillis = options.maxStallMillis;
      headroomBytes = options.headroomBytes;
      traceSnapshots = options.traceSnapshots;
      readOnly = options.readOnly;
    }

    MaceOptions options() {
      return new MaceOptions(
          durability,
          logSegmentBytes,
          flushIntervalMillis,
          createIfMissing,
          maxAttempts,
          transactionTimeoutMillis,
          maxTransactionWrites,
          maxTransactionBytes,
          maxTransactionLogBytes,
          cacheBytes,
          pageFileBytes,
          checkpointLogBytes,
          checkpointIntervalMillis,
          checkpointOnClose,
          maxGarbagePercent,
          flowControl,
          maxStallMillis,
          headroomBytes,
          traceSnapshots,
          readOnly);
    }
  }
}
