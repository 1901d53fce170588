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

  /**
   * Never throws, since whoever wakes has a commit in his hands that stands already. A thread that
   * could not be started is started by the next who wants something.
   */
  private void wake() {
    try {
      if (thread == null) {
        start();
      }
      LockSupport.unpark(thread);
    } catch (Throwable e) {
      writeWanted = false;
      syncWanted = false;
      complain("the background thread could not be started", e);
    }
  }

  private void start() {
    synchronized (starting) {
      if (thread == null && !stopped) {
        Thread running = new Thread(this::run, name);
        running.setDaemon(true);
        running.start();
        thread = running;
      }
    }
  }

  private static void complain(String message, Throwable cause) {
    try {
      System.getLogger(Background.class.getName()).log(System.Logger.Level.ERROR, message, cause);
    } catch (Throwable e) {
      return; // out of memory or stack: there is nobody left to tell
    }
  }

  private void run() {
    while (!stopped) {
      try {
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
      } catch (StoreFailedException e) {
        complain("the log failed; no commit is taken any more", e);
        return;
      } catch (Throwable e) {
        // What was left undone is still in the log's buffers; the next round does it.
        complain("background work failed, and goes on", e);
        syncWanted = true;
      }
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
