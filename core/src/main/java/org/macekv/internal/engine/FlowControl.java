package org.macekv.internal.engine;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.macekv.error.LimitExceededException;
import org.macekv.error.WriteStalledException;
import org.macekv.internal.checkpoint.Checkpointer;
import org.macekv.internal.txn.Admission;

/**
 * Slows commits down when checkpoints can't keep up with them, so that neither the heap that
 * changed leaves take nor the log that an opening replays grows without bound (DESIGN section 7).
 * Thread-safe.
 */
public final class FlowControl implements Admission, Checkpointer.Listener {
  /** Delays below this are saved up: no thread can wait that shortly. */
  private static final long LEAST_DELAY_NANOS = 200_000;

  private static final long MOST_DELAY_NANOS = 1_000_000_000;
  private static final long ASK_AGAIN_NANOS = 500_000_000;

  private final Pressure heap;
  private final LongSupplier dirtyBytes;
  private final Memory memory;
  private final Pressure log;
  private final long maxStallNanos;
  private final LongSupplier nanoTime;
  private final Runnable wantCheckpoint;
  private final Supplier<@Nullable Throwable> checkpointFailure;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition checkpointDone = lock.newCondition();
  private final LongAdder delayed = new LongAdder();
  private final LongAdder stalled = new LongAdder();
  private final LongAdder delayNanos = new LongAdder();
  // Guarded by lock.
  private boolean charging;
  private long checkpoints;
  private long beginNanos;
  private long beginDirtyBytes;

  private volatile boolean ended;

  // Set when a soft limit was passed, cleared by the next commit that finds it is not any more.
  private volatile boolean pressed;

  /**
   * Flow control.
   *
   * @param heap changed leaves, and what holds them up
   * @param dirtyBytes how much of it the next checkpoint will write
   * @param memory all that must not be exceeded even while a commit is made
   * @param log what no checkpoint has
   * @param wantCheckpoint asks for a checkpoint
   * @param checkpointFailure why the last one failed, or null
   */
  FlowControl(
      Pressure heap,
      LongSupplier dirtyBytes,
      Memory memory,
      Pressure log,
      int maxStallMillis,
      LongSupplier nanoTime,
      Runnable wantCheckpoint,
      Supplier<@Nullable Throwable> checkpointFailure) {
    this.heap = heap;
    this.dirtyBytes = dirtyBytes;
    this.memory = memory;
    this.log = log;
    this.maxStallNanos = TimeUnit.MILLISECONDS.toNanos(maxStallMillis);
    this.nanoTime = nanoTime;
    this.wantCheckpoint = wantCheckpoint;
    this.checkpointFailure = checkpointFailure;
  }

  /**
   * What of the cache can't be let go of.
   *
   * @param amount how many bytes there are
   * @param most how many there may be
   */
  record Memory(LongSupplier amount, long most) {
    boolean isTooMuch() {
      return amount.getAsLong() > most;
    }

    LimitExceededException refusal() {
      return new LimitExceededException(
          "the bytes of leaves that a transaction changes (and of the nodes above them, over a"
              + " quarter of the cache) before it commits; more cacheBytes, or several transactions,"
              + " would help; it",
          most,
          amount.getAsLong());
    }
  }

  /** To be called when there is more debt, with any lock held. Cheap, and never throws. */
  void grown() {
    if (!pressed && (heap.isFelt() || log.isFelt())) {
      pressed = true;
    }
  }

  @Override
  public void begun() {
    lock.lock();
    try {
      beginNanos = nanoTime.getAsLong();
      beginDirtyBytes = dirtyBytes.getAsLong();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void checkpointed(long logBytes) {
    lock.lock();
    try {
      long nanos = nanoTime.getAsLong() - beginNanos;
      checkpoints++;
      heap.measured(beginDirtyBytes, nanos);
      log.measured(logBytes, nanos);
      checkpointDone.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void reserved() {
    grown();
    lock.lock();
    try {
      checkpointDone.signalAll(); // it may be less
    } finally {
      lock.unlock();
    }
  }

  /** Lets everybody go: the store is being closed. */
  void end() {
    lock.lock();
    try {
      ended = true;
      checkpointDone.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void admit() {
    if (pressed) {
      admitSlowly();
    }
  }

  /**
   * What others have changed goes with a checkpoint; what this commit has, does not before it is
   * decided.
   */
  @Override
  public void admitMore() {
    if (!memory.isTooMuch()) {
      return;
    }
    lock.lock();
    try {
      long seen = checkpoints;
      long left = maxStallNanos;
      // Of one that has begun before, it is not known what it writes.
      while (!ended && memory.isTooMuch() && checkpoints - seen < 2 && left > 0) {
        wantCheckpoint.run();
        long begun = nanoTime.getAsLong();
        checkpointDone.awaitNanos(Math.min(left, ASK_AGAIN_NANOS));
        left -= nanoTime.getAsLong() - begun;
      }
      if (!ended && memory.isTooMuch()) {
        throw memory.refusal();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // it is not for us; then it is asked again, later
    } finally {
      lock.unlock();
    }
  }

  private void admitSlowly() {
    // An interrupt is not for us, and would end each wait at once; the flag is kept.
    boolean interrupted = Thread.interrupted();
    long begun = nanoTime.getAsLong();
    try {
      long until;
      lock.lock();
      try {
        boolean first = true;
        while (!ended && (heap.isTooMuch() || log.isTooMuch())) {
          if (first) {
            stalled.increment();
            first = false;
          }
          long left = begun + maxStallNanos - nanoTime.getAsLong();
          if (left <= 0) {
            throw refusal();
          }
          wantCheckpoint.run();
          try {
            checkpointDone.awaitNanos(Math.min(left, ASK_AGAIN_NANOS));
          } catch (InterruptedException e) {
            interrupted = true;
          }
        }
        until = charge();
      } finally {
        lock.unlock();
      }
      interrupted |= pause(until);
    } finally {
      delayNanos.add(nanoTime.getAsLong() - begun);
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Until when a commit that is not stalled waits. Requires: lock. */
  private long charge() {
    long now = nanoTime.getAsLong();
    if (!heap.isFelt() && !log.isFelt()) {
      charging = false;
      pressed = false;
      if (heap.isFelt() || log.isFelt()) {
        pressed = true; // whoever made it so may have come before the line above
      }
      return now;
    }
    if (!charging) {
      charging = true;
      heap.begin(now);
      log.begin(now);
      return now;
    }
    return Math.min(Math.max(heap.charge(now), log.charge(now)), now + MOST_DELAY_NANOS);
  }

  /** Waits, and says whether there was an interrupt. */
  private boolean pause(long until) {
    boolean interrupted = false;
    long left = until - nanoTime.getAsLong();
    if (left < LEAST_DELAY_NANOS) {
      return false; // the clock keeps it for the next
    }
    delayed.increment();
    while (left > 0 && !ended) {
      LockSupport.parkNanos(this, left);
      interrupted |= Thread.interrupted();
      left = until - nanoTime.getAsLong();
    }
    return interrupted;
  }

  private WriteStalledException refusal() {
    Throwable failure = checkpointFailure.get();
    return new WriteStalledException(
        "a commit was refused, and nothing of it was kept: it waited "
            + TimeUnit.NANOSECONDS.toMillis(maxStallNanos)
            + " ms (maxStallMillis) for a checkpoint; there are "
            + (heap.isTooMuch() ? heap : log)
            + (failure == null ? "" : "; the last checkpoint failed: " + failure.getMessage()),
        failure);
  }

  /** Whether commits are slowed down now. */
  public boolean isPressed() {
    return pressed;
  }

  /** Commits that were slowed down. */
  public long delayed() {
    return delayed.sum();
  }

  /** Commits that had to wait for a checkpoint. */
  public long stalled() {
    return stalled.sum();
  }

  /** How long commits waited, all together. */
  public long delayNanos() {
    return delayNanos.sum();
  }

  /** Bytes of changed leaves that checkpoints write in a second, 0 if that is not known yet. */
  public long dirtyBytesPerSecond() {
    lock.lock();
    try {
      return heap.perSecond();
    } finally {
      lock.unlock();
    }
  }
}
