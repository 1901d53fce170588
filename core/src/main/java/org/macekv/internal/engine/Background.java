package org.macekv.internal.engine;

import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.macekv.error.StoreFailedException;

/**
 * The engine's thread: writes and syncs what buffered commits left in memory, and reserves log
 * space ahead. Begins with the first thing to do, so a store that never needs it has no thread.
 */
final class Background {
  private final String name;
  private final long intervalNanos;
  private final LongSupplier nanoTime;
  private final Work work;

  private final Object starting = new Object();
  private volatile @Nullable Thread thread;

  // Set by whoever wants something, cleared by the thread before it does it (volatile): what is
  // wanted after the clearing is done in the next round.
  private volatile boolean writeWanted;
  private volatile boolean syncWanted;
  private volatile boolean stopped;

  /** What there is to do. */
  interface Work {
    void run(boolean sync);
  }

  Background(String name, int intervalMillis, LongSupplier nanoTime, Work work) {
    this.name = name;
    this.intervalNanos = intervalMillis * 1_000_000L;
    this.nanoTime = nanoTime;
    this.work = work;
  }

  /** Asks for a write soon. Cheap if that is known. */
  void wantWrite() {
    if (!writeWanted) {
      writeWanted = true;
      wake();
    }
  }

  /** Asks for a sync one interval from now. Cheap if that is known. */
  void wantSync() {
    if (!syncWanted) {
      syncWanted = true;
      wake();
    }
  }

  private void wake() {
    Thread running = thread;
    if (running == null) {
      synchronized (starting) {
        if (thread == null && !stopped) {
          running = new Thread(this::run, name);
          running.setDaemon(true);
          running.start();
          thread = running;
        }
      }
    }
    LockSupport.unpark(thread);
  }

  private void run() {
    try {
      while (!stopped) {
        if (writeWanted) {
          writeWanted = false;
          work.run(false);
        } else if (syncWanted) {
          awaitInterval();
          syncWanted = false;
          work.run(true);
        } else {
          LockSupport.park(this);
        }
      }
    } catch (StoreFailedException e) {
      System.getLogger(Background.class.getName())
          .log(System.Logger.Level.ERROR, "the log failed; no commit is taken any more", e);
    }
  }

  /** Lets the interval pass, serving writes meanwhile. */
  private void awaitInterval() {
    long deadline = nanoTime.getAsLong() + intervalNanos;
    long left = intervalNanos;
    while (left > 0 && !stopped) {
      if (writeWanted) {
        writeWanted = false;
        work.run(false);
      } else {
        LockSupport.parkNanos(this, left);
      }
      left = deadline - nanoTime.getAsLong();
    }
  }

  /** Ends the thread and waits for it. */
  void stop() {
    Thread running;
    synchronized (starting) {
      stopped = true;
      running = thread;
    }
    if (running == null || running == Thread.currentThread()) {
      return;
    }
    LockSupport.unpark(running);
    boolean interrupted = false;
    while (running.isAlive()) {
      try {
        running.join();
      } catch (InterruptedException e) {
        interrupted = true; // closing is not given up; the flag is kept for the caller
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
