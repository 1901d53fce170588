package org.macekv.internal.log;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.macekv.error.StoreFailedException;
import org.macekv.error.StoreIOException;
import org.macekv.internal.io.WritableFile;

/**
 * Group commit: whoever needs the log written, or synced, leads that for all that is there, or
 * follows the one who does. Writing and syncing have a leader each, so that a sync, which takes
 * long, holds up no write: accepted records never pile up behind it.
 *
 * <p>Invariants: {@code synced <= written}, and each only grows. A segment that was written to is
 * in {@code unsynced} before {@code written} says so. Lock order: section, then turn.
 */
final class LogFlusher {
  private final String storeName;
  private final CommitLog log;
  private final ReentrantLock turn = new ReentrantLock();
  private final Condition progress = turn.newCondition();

  // Guarded by turn.
  private boolean writing;
  private boolean syncing;

  // Written by the leaders under the section, and read by anyone (volatile).
  private volatile long written;
  private volatile long synced;
  private volatile @Nullable Throwable failure;
  private CommitLog.@Nullable Progress listener; // set once before use

  // Guarded by itself: segments that were written to since their last sync.
  private final List<Segment> unsynced = new ArrayList<>();
  // Guarded by unsynced, too: segments that are full, all of them written.
  private final List<Segment> finishing = new ArrayList<>();
  private final AtomicLong syncs = new AtomicLong();

  /**
   * Accepted bytes that a leader takes over.
   *
   * @param buffers what to write
   * @param full segments whose last bytes are among them, or were before
   * @param end where the log ends with them
   */
  record Batch(List<LogBuffer> buffers, List<Segment> full, long end) {}

  LogFlusher(String storeName, CommitLog log, long position) {
    this.storeName = storeName;
    this.log = log;
    this.written = position;
    this.synced = position;
  }

  void setProgress(CommitLog.Progress newListener) {
    listener = newListener;
  }

  long written() {
    return written;
  }

  long synced() {
    return synced;
  }

  long syncs() {
    return syncs.get();
  }

  @Nullable Throwable failure() {
    return failure;
  }

  /** Fails the log for good; the first cause stays. */
  void fail(Throwable cause) {
    turn.lock();
    try {
      if (failure == null) {
        failure = cause;
      }
      progress.signalAll();
    } finally {
      turn.unlock();
    }
  }

  /**
   * Returns when all below {@code position} is written, or synced.
   *
   * @throws StoreFailedException if that failed; whether it is durable is unknown then
   */
  void await(long position, boolean sync) {
    if ((sync ? synced : written) >= position) {
      return;
    }
    turn.lock();
    try {
      while ((sync ? synced : written) < position) {
        Throwable cause = failure;
        if (cause != null) {
          throw new StoreFailedException(
              storeName
                  + ": the log could not be written; whether the commit is durable is"
                  + " unknown until the store is opened again",
              true,
              cause);
        }
        if (sync ? syncing : writing) {
          progress.awaitUninterruptibly();
        } else if (sync) {
          leadSync();
        } else {
          leadWrite();
        }
      }
    } finally {
      turn.unlock();
    }
  }

  /** Requires: turn held; lets go of it meanwhile. */
  private void leadWrite() {
    writing = true;
    turn.unlock();
    try {
      write();
    } catch (RuntimeException | Error e) {
      fail(e); // await reports it, to the leader as to the followers
    } finally {
      turn.lock();
      writing = false;
      progress.signalAll();
    }
  }

  /** Requires: turn held; lets go of it meanwhile. */
  private void leadSync() {
    syncing = true;
    turn.unlock();
    try {
      await(log.tail(), false);
      sync();
    } catch (RuntimeException | Error e) {
      fail(e);
    } finally {
      turn.lock();
      syncing = false;
      progress.signalAll();
    }
  }

  private void write() {
    Batch batch = log.takeBatch();
    batch.buffers.forEach(this::write);
    synchronized (unsynced) {
      for (LogBuffer buffer : batch.buffers) {
        if (!unsynced.contains(buffer.segment())) {
          unsynced.add(buffer.segment());
        }
      }
      finishing.addAll(batch.full);
    }
    ReentrantLock section = log.section();
    section.lock();
    try {
      log.giveBack(batch.buffers);
      report(batch.end, synced);
      written = batch.end;
    } finally {
      section.unlock();
    }
  }

  /** What can be written only with the spare space is written once more, over itself. */
  private void write(LogBuffer buffer) {
    WritableFile out = buffer.segment().out();
    try {
      out.write(buffer.fileOffset(), buffer.bytes, 0, buffer.length());
    } catch (StoreIOException e) {
      if (!log.giveUpSpareSpace()) {
        throw e;
      }
      System.getLogger(LogFlusher.class.getName())
          .log(System.Logger.Level.WARNING, "the log's spare space was needed", e);
      out.write(buffer.fileOffset(), buffer.bytes, 0, buffer.length());
    }
  }

  /** Syncs every segment that was written to; those that are full are then done with. */
  private void sync() {
    long end = written; // read first: what lies below is in the lists
    List<Segment> toSync;
    List<Segment> toFinish;
    synchronized (unsynced) {
      toSync = List.copyOf(unsynced);
      unsynced.clear();
      toFinish = List.copyOf(finishing);
      finishing.clear();
    }
    for (Segment segment : toSync) {
      syncs.incrementAndGet();
      segment.out().sync();
    }
    for (Segment segment : toFinish) {
      segment.out().setLength(segment.end());
      segment.closeForWriting();
    }
    ReentrantLock section = log.section();
    section.lock();
    try {
      report(written, end);
      synced = end;
    } finally {
      section.unlock();
    }
  }

  /** Before anybody may return because of it: a committer sees his own commit afterwards. */
  private void report(long newWritten, long newSynced) {
    if (listener != null) {
      listener.progressed(newWritten, newSynced);
    }
  }
}
