package org.macekv.internal.txn;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets a thread whose transaction lost against others again and again commit before anybody else
 * does: the others wait before they begin to commit, holding nothing. So it can lose only against
 * those that had begun already, once each. One thread has precedence at a time, the others queue
 * for it; and none has it for long, since what it does meanwhile may wait for the others.
 * Thread-safe.
 */
public final class Precedence {
  private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final LongSupplier nanoTime;
  private final ReentrantLock queue = new ReentrantLock(true);
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Written under the lock; volatile for the glance that each commit has.
  private volatile @Nullable Turn holder;

  /** Precedence by this clock. */
  public Precedence(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** That a thread has precedence. To be closed by this thread. */
  public final class Turn implements AutoCloseable {
    private final Thread owner = Thread.currentThread();
    private final long until = nanoTime.getAsLong() + MOST_NANOS;

    private Turn() {}

    /** Whether others still wait. */
    public boolean isInForce() {
      return until - nanoTime.getAsLong() > 0;
    }

    @Override
    public void close() {
      lock.lock();
      try {
        holder = null;
        changed.signalAll();
      } finally {
        lock.unlock();
        queue.unlock();
      }
    }
  }

  /** Waits for the calling thread's turn. */
  public Turn take() {
    queue.lock();
    boolean taken = false;
    lock.lock();
    try {
      Turn turn = new Turn();
      holder = turn;
      taken = true;
      return turn;
    } finally {
      lock.unlock();
      if (!taken) {
        queue.unlock();
      }
    }
  }

  /** Whether the calling thread has precedence, or had it until it took too long. */
  public boolean isMine() {
    Turn turn = holder;
    return turn != null && turn.owner == Thread.currentThread();
  }

  /** To be called before a commit, with nothing held: waits while another thread has precedence. */
  void yieldToIt() {
    Turn turn = holder;
    if (turn != null && turn.owner != Thread.currentThread()) {
      await();
    }
  }

  private void await() {
    boolean interrupted = false;
    lock.lock();
    try {
      Turn turn = holder;
      // Whoever comes next has queued while we waited: he waits for us no longer than we for him.
      while (turn != null && turn == holder && turn.isInForce()) {
        try {
          changed.awaitNanos(turn.until - nanoTime.getAsLong());
        } catch (InterruptedException e) {
          interrupted = true; // it is not for us; the flag is kept for the caller
        }
      }
    } finally {
      lock.unlock();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
