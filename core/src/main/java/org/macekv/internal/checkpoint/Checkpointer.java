package org.macekv.internal.checkpoint;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.macekv.error.StoreIOException;
import org.macekv.internal.log.CommitLog;
import org.macekv.internal.mvcc.CountHistory;
import org.macekv.internal.mvcc.Horizon;
import org.macekv.internal.mvcc.SnapshotRegistry;
import org.macekv.internal.pages.CheckpointRecord;
import org.macekv.internal.pages.LiveBytes;
import org.macekv.internal.pages.Manifest;
import org.macekv.internal.pages.PageFiles;
import org.macekv.internal.tree.Tree;
import org.macekv.internal.tree.TreeCheckpoint;
import org.macekv.option.MaceOptions;

/** Writes checkpoints (DESIGN section 6, "Checkpoint at T"). Thread-safe. */
public final class Checkpointer implements AutoCloseable {
  private final CommitLog log;
  private final SnapshotRegistry registry;
  private final PageFiles pages;
  private final Manifest manifest;
  private final Source source;
  private final PageCleaner pageCleaner;
  private final ValueCleaner valueCleaner;
  private final MoveLimit moveLimit;
  private final MoveLimit valueLimit;
  private final long leastValueBytes; // for which a checkpoint is due
  private final Listener listener;

  private final ReentrantLock running = new ReentrantLock();
  // Written under running; volatile for statistics and triggers.
  private volatile long position;
  private volatile long replayFrom;
  private final AtomicLong count = new AtomicLong();
  private volatile LiveBytes live = new LiveBytes();
  private volatile Space space;
  private boolean cleaningHelps; // guarded by running
  private boolean inTheMiddle; // guarded by running: the last round ended within a file
  private long cleaningFrom; // guarded by running: the garbage when that file was begun
  private long leastGarbage = Long.MAX_VALUE; // guarded by running: since cleaning began
  private long movedInVain; // guarded by running: since then
  private volatile long valueBytesUntilDue = Long.MAX_VALUE; // of all that were ever appended
  private volatile long reservedLeafBytes;
  private volatile long reservedLogBytes;
  private volatile long movedBelow; // bytes of values that were moved below the position
  private volatile boolean cleaningPaused;
  private volatile boolean cleaningEnded;
  private int partCount; // guarded by running: buckets in the newest checkpoint

  /**
   * A bucket, as a checkpoint sees it.
   *
   * @param id the bucket's id
   * @param tree its entries
   * @param counts how many it has, if that is counted
   * @param since a checkpoint below this position does not have it
   */
  public record Part(int id, Tree tree, @Nullable CountHistory counts, long since) {}

  /** Told of checkpoints, by the thread that writes them. Its methods never throw. */
  public interface Listener {
    /** One begins. */
    void begun();

    /** It stands, and has {@code logBytes} more of the log than the one before. */
    void checkpointed(long logBytes);

    /** More may be reserved for what is to be moved. */
    void reserved();
  }

  /** Where a checkpoint finds what it writes. */
  public interface Source {
    /** Where the log is, and the newest commit. Called with the section held. */
    CommitLog.Place place();

    /** How many bytes of large values were ever appended. */
    long valueBytes();

    /**
     * From where on undecided transactions need the log, at most {@code tail}. With the section.
     */
    long neededFrom(long tail);

    /**
     * Whether there is something to gain although there is no new commit.
     *
     * @param buckets how many the newest checkpoint has
     */
    boolean hasMore(int buckets);

    /** The buckets, with those that were dropped and that a view may still see. */
    Collection<Part> parts();
  }

  /**
   * Checkpoints of a store.
   *
   * @param found the checkpoint with which it was opened, or null
   * @param options of the store
   * @param moveLimit of leaves that a checkpoint moves out of files that are mostly garbage
   * @param valueLimit of large values
   * @param listener told of checkpoints
   */
  public Checkpointer(
      CommitLog log,
      SnapshotRegistry registry,
      PageFiles pages,
      Manifest manifest,
      Source source,
      @Nullable CheckpointRecord found,
      MaceOptions options,
      MoveLimit moveLimit,
      MoveLimit valueLimit,
      Listener listener) {
    this.log = log;
    this.registry = registry;
    this.pages = pages;
    this.manifest = manifest;
    this.source = source;
    this.position = found == null ? 0 : found.position();
    this.replayFrom = position;
    this.partCount = found == null ? 0 : found.buckets().size(); // dropped ones among them
    int garbage = options.maxGarbagePercent();
    this.pageCleaner =
        new PageCleaner(
            pages, new GarbageLimit(garbage, options.pageFileBytes() / 4, 0), moveLimit);
    int segment = options.logSegmentBytes();
    this.valueCleaner =
        new ValueCleaner(
            log, new GarbageLimit(garbage, segment / 4, 2L * segment), valueLimit, moveLimit);
    this.moveLimit = moveLimit;
    this.valueLimit = valueLimit;
    this.leastValueBytes = options.checkpointLogBytes() / 8;
    this.listener = listener;
    for (Part part : source.parts()) {
      live.add(part.tree().live());
    }
    this.space = measure();
  }

  /** The position of the newest checkpoint, 0 if there is none. */
  public long position() {
    return position;
  }

  /** From where on the log is needed after the newest checkpoint. */
  public long replayFrom() {
    return replayFrom;
  }

  /** How many checkpoints there were since the store was opened. */
  public long count() {
    return count.get();
  }

  /** Bytes of the log that may be behind the checkpoint's position, and that no writer has made. */
  public long movedLogBytes() {
    return valueCleaner.movedBytes() - movedBelow;
  }

  /**
   * Whether so many large values were appended that there may be as much garbage as is allowed, if
   * all of them replaced others: it is the next checkpoint that knows. Not for less than an eighth
   * of the log for which one is due in any case.
   */
  public boolean isDueForValues() {
    return source.valueBytes() > valueBytesUntilDue;
  }

  /** How much memory for changed leaves writers leave to those that are to be moved. */
  public long reservedLeafBytes() {
    return reservedLeafBytes;
  }

  /** How much of the log since the last checkpoint writers leave to values that are to be moved. */
  public long reservedLogBytes() {
    return reservedLogBytes;
  }

  /** Whether another checkpoint should follow, to move what is live out of more files. */
  public boolean isCleaningWanted() {
    running.lock();
    try {
      return cleaningHelps && isGarbageTooMuch() && !cleaningPaused;
    } finally {
      running.unlock();
    }
  }

  /** Ends {@link #clean()} after the round that is under way. */
  public void endCleaning() {
    cleaningEnded = true;
  }

  /** Has images written anew that have much for views that are closed; whether there were any. */
  private boolean forgetHistory() {
    boolean any = false;
    long moved = 0;
    for (Part part : source.parts()) {
      if (!moveLimit.isReached(moved) && part.tree().hasHistoryToForget()) {
        long before = moved;
        moved +=
            part.tree()
                .forgetHistory(
                    moveLimit.bytes() - before, bytes -> moveLimit.isReached(before + bytes));
        any = true;
      }
    }
    return any;
  }

  /** Has leaves written anew of which much was deleted when there was no space for that. */
  private boolean rewriteShrunk() {
    long most = Math.min(moveLimit.bytes(), log.bytesForMoves());
    long moved = 0;
    for (Part part : source.parts()) {
      if (part.tree().hasShrunk() && moved < most && !moveLimit.isReached(moved)) {
        long before = moved;
        moved +=
            part.tree()
                .rewriteShrunk(
                    most - before,
                    bytes -> before + bytes >= most || moveLimit.isReached(before + bytes));
      }
    }
    return moved > 0;
  }

  private boolean hasShrunk() {
    return source.parts().stream().anyMatch(each -> each.tree().hasShrunk());
  }

  /** About how many bytes of images are versions that only views and transactions need, or did. */
  public long historyBytes() {
    return source.parts().stream().mapToLong(each -> each.tree().historyBytes()).sum();
  }

  /** How many bytes of log below the newest checkpoint are kept for undecided transactions. */
  public long pinnedLogBytes() {
    return Math.max(0, position - replayFrom);
  }

  private boolean hasHistoryToForget() {
    return source.parts().stream().anyMatch(each -> each.tree().hasHistoryToForget());
  }

  private boolean isGarbageTooMuch() {
    return hasHistoryToForget()
        || hasShrunk()
        || pageCleaner.isWanted(live)
        || valueCleaner.isWanted(live, replayFrom);
  }

  /** Pauses or resumes what checkpoints do to move what is live out of files. */
  public void setCleaningPaused(boolean paused) {
    cleaningPaused = paused;
    if (paused) {
      reservedLeafBytes = 0; // a round that is under way may set them again, until the next
      reservedLogBytes = 0;
      listener.reserved();
    }
  }

  /** Whether cleaning is paused. */
  public boolean isCleaningPaused() {
    return cleaningPaused;
  }

  /**
   * What of the files is needed.
   *
   * @param pageBytes bytes of the page files
   * @param livePageBytes bytes of them that are needed
   * @param valueBytes bytes of the log segments below {@link #replayFrom}
   * @param liveValueBytes bytes of them that are needed
   */
  public record Space(long pageBytes, long livePageBytes, long valueBytes, long liveValueBytes) {
    long live() {
      return livePageBytes + liveValueBytes;
    }

    long garbage() {
      return pageBytes - livePageBytes + valueBytes - liveValueBytes;
    }
  }

  /** What of the files the newest checkpoint needs. */
  public Space space() {
    return space;
  }

  /** Keeps as much space on the device as fits the store. */
  public void fitHeadroom() {
    log.headroom().fit(space.pageBytes() + space.valueBytes());
  }

  private Space measure() {
    return new Space(
        pageCleaner.total(),
        pageCleaner.live(live),
        valueCleaner.total(replayFrom),
        valueCleaner.live(live, replayFrom));
  }

  /** How many bytes of large values cleaning has moved. */
  public long movedValueBytes() {
    return valueCleaner.movedBytes();
  }

  /** Writes checkpoints until there is no more garbage than there should be, or none can go. */
  public void clean() {
    running.lock();
    try {
      beginCleaning();
      do {
        run(true);
      } while (cleaningHelps && isGarbageTooMuch() && !cleaningEnded);
    } finally {
      running.unlock();
    }
  }

  /** What of the files the newest checkpoint needs. */
  public LiveBytes live() {
    return live;
  }

  /**
   * Writes a checkpoint of all that is committed now, and returns when it is durable. Does nothing
   * if the newest one has it all and there is little garbage.
   */
  public void run() {
    run(!cleaningPaused);
  }

  /** Like {@link #run()}, but moves nothing: for the last one, for which somebody waits. */
  public void runWithoutCleaning() {
    run(false);
  }

  private void run(boolean cleaning) {
    running.lock();
    try {
      long garbage = space().garbage();
      long liveBefore = space().live();
      boolean marked = false;
      boolean done = false;
      long positionBefore = position;
      long movedBefore = valueCleaner.movedBytes();
      boolean wanted = cleaning && isGarbageTooMuch();
      if (cleaning && position > 0) {
        long pageBytes = pageCleaner.mark(live, source.parts(), log.bytesForMoves());
        long valueBytes = valueCleaner.move(live, replayFrom, source.parts(), log.bytesForMoves());
        movedInVain += pageBytes + valueBytes;
        reservedLeafBytes = Math.max(0, reservedLeafBytes - pageBytes);
        marked = pageBytes + valueBytes > 0;
        marked |= forgetHistory();
        marked |= rewriteShrunk();
      }
      long valueBytes = source.valueBytes();
      SnapshotRegistry.Slot slot;
      CommitLog.Place place;
      long needed;
      log.section().lock();
      try {
        place = source.place();
        needed = source.neededFrom(place.tail());
        slot = registry.registerNewest();
      } finally {
        log.section().unlock();
      }
      try {
        if (place.newest() > position || marked || source.hasMore(partCount)) {
          marked &= runSafely(place, needed, slot.position());
        }
        movedBelow = position == positionBefore ? movedBelow : movedBefore;
        done = true;
        fitHeadroom();
        valueBytesUntilDue =
            valueBytes + Math.max(leastValueBytes, valueCleaner.room(live, replayFrom));
        // Rewriting inner nodes makes garbage, too: where that is all there is, it never ends. But
        // what was moved out of a part of a file is gained when the rest has followed.
        cleaningFrom = inTheMiddle ? cleaningFrom : garbage;
        inTheMiddle = marked && (pageCleaner.isInTheMiddle() || valueCleaner.isInTheMiddle());
        // What only a closed view needed becomes garbage first, which later rounds do away with.
        boolean lessIsLive = space().live() < liveBefore - liveBefore / 100;
        boolean vain = isInVain();
        if (!marked || vain) {
          beginCleaning();
        }
        reserve(cleaning && !vain && (marked || !wanted));
        cleaningHelps =
            marked
                && !vain
                && (inTheMiddle
                    || lessIsLive
                    || hasHistoryToForget()
                    || hasShrunk()
                    || space().garbage() < cleaningFrom);
      } finally {
        slot.release();
        if (!done) {
          reserve(false); // writers need what there is until one succeeds
        }
      }
    } finally {
      running.unlock();
    }
  }

  /**
   * Writers who are faster than cleaning would make more garbage than there may be: they leave more
   * to it, the more there is. Requires: running held.
   */
  private void reserve(boolean helps) {
    reservedLeafBytes = helps ? (long) (moveLimit.reserve() * pageCleaner.share(live)) : 0;
    reservedLogBytes =
        helps ? (long) (valueLimit.reserve() * valueCleaner.share(live, replayFrom)) : 0;
    listener.reserved();
  }

  /** Of what was moved before nothing is expected any more. Requires: running held. */
  private void beginCleaning() {
    leastGarbage = Long.MAX_VALUE;
    movedInVain = 0;
  }

  /**
   * Whether as much was moved as there is, and there is no less garbage. With segments that have
   * little room for many values, say, moving leaves what it takes away.
   */
  private boolean isInVain() {
    long garbage = space().garbage();
    if (garbage < leastGarbage) {
      leastGarbage = garbage;
      movedInVain = 0;
    }
    return movedInVain > space().live();
  }

  /**
   * After an error, such as memory that ran out, it is not known whether every dirty cell is still
   * queued: the store takes no more commits, so that no later checkpoint can leave one out.
   */
  private boolean runSafely(CommitLog.Place place, long needed, long at) {
    try {
      return runEvenIfFull(place, needed, at);
    } catch (Error e) {
      log.fail(e);
      throw e;
    }
  }

  /**
   * What finds no space is done once more, from the beginning, with what is kept for that, and then
   * as what takes the least space, without what cleaning wants: that is for later.
   *
   * @return whether what was to be moved was moved
   */
  private boolean runEvenIfFull(CommitLog.Place place, long needed, long at) {
    boolean moved = true;
    boolean asked = false;
    boolean frugal = false;
    log.headroom().beginUse();
    try {
      while (true) {
        int seen = log.headroom().changes();
        try {
          run(place, needed, at, frugal);
          return moved;
        } catch (StoreIOException e) {
          boolean more = !asked && log.spendHeadroom(seen);
          asked = true;
          if (!more) {
            if (frugal) {
              throw e;
            }
            frugal = true;
            moved &= !forgetMoves();
          }
        }
      }
    } finally {
      log.headroom().endUse();
    }
  }

  /** Leaves pages where they are that were to be moved; whether there were any. */
  private boolean forgetMoves() {
    boolean any = false;
    for (Part part : source.parts()) {
      any |= part.tree().forgetMoves();
    }
    return any;
  }

  /** Requires: running held, and the position registered. */
  private void run(CommitLog.Place place, long needed, long at, boolean frugal) {
    listener.begun();
    log.await(place.tail(), true);
    Horizon horizon = registry.settledHorizon();
    List<Part> parts = new ArrayList<>();
    List<TreeCheckpoint> trees = new ArrayList<>();
    LiveBytes total = new LiveBytes();
    boolean written = false;
    boolean done = false;
    try {
      pages.takeLoaded(at);
      for (Part part : source.parts()) {
        if (part.since() > at) {
          continue; // what was loaded has no positions: it is there as a whole or not at all
        }
        parts.add(part);
        trees.add(new TreeCheckpoint(part.tree(), at, horizon, log::segmentStart, frugal));
      }
      for (TreeCheckpoint tree : trees) {
        tree.write();
        total.add(tree.live());
      }
      pages.sync();
      written = true;
      manifest.append(record(place, needed, at, parts, trees, total));
      done = true;
    } finally {
      if (!done) {
        trees.forEach(TreeCheckpoint::failed);
        if (!written) {
          pages.abandon(); // else a record that may be there after all names the files
        }
      }
    }
    trees.forEach(TreeCheckpoint::succeeded);
    long logBytes = at - position;
    position = at;
    replayFrom = needed;
    partCount = parts.size();
    live = total;
    count.incrementAndGet();
    listener.checkpointed(logBytes);
    deleteNeedless(total, needed);
    space = measure();
  }

  private CheckpointRecord record(
      CommitLog.Place place,
      long needed,
      long at,
      List<Part> parts,
      List<TreeCheckpoint> trees,
      LiveBytes total) {
    Map<Integer, Integer> files = pages.lengths();
    files.keySet().retainAll(total.pages().keySet());
    List<CheckpointRecord.BucketRoot> roots = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      TreeCheckpoint tree = trees.get(i);
      CountHistory counts = parts.get(i).counts();
      roots.add(
          new CheckpointRecord.BucketRoot(
              parts.get(i).id(),
              counts == null ? 0 : counts.read().countAt(at),
              tree.level(),
              tree.rootImage(),
              tree.live()));
    }
    boolean exact = needed == place.tail();
    return new CheckpointRecord(
        at, needed, exact, exact ? place.headerCrc() : 0, pages.lastNumber(), files, roots);
  }

  private void deleteNeedless(LiveBytes total, long needed) {
    List<Integer> needless = new ArrayList<>();
    for (int file : pages.lengths().keySet()) {
      if (!total.pages().containsKey(file) && !pages.isBeingWritten(file)) {
        needless.add(file);
      }
    }
    try {
      pages.delete(needless);
      log.deleteBelow(needed, total.values().keySet());
    } catch (StoreIOException e) {
      // The checkpoint stands. What is left is deleted later, or by the next opening.
      System.getLogger(Checkpointer.class.getName())
          .log(System.Logger.Level.WARNING, "could not delete files that are not needed", e);
    }
  }

  @Override
  public void close() {
    running.lock();
    try {
      manifest.close();
      pages.close();
    } finally {
      running.unlock();
    }
  }
}
