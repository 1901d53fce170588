package org.macekv.internal.engine;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.macekv.error.StoreFailedException;

/**
 * The thread that writes checkpoints when they are due. Begins with the first log segment, or when
 * one is wanted, so a store that nobody writes to has none.
 */
final class CheckpointThread {
  private final String name;
  private final long intervalNanos;
  private final BooleanSupplier checkpoint;
  private final Object starting = new Object();
  private @Nullable Thread thread; // guarded by starting

  // Set by whoever wants a checkpoint, cleared by the thread before it writes one (volatile).
  private volatile boolean wanted;
  private volatile boolean busy;
  private volatile boolean stopped;
  private volatile @Nullable Throwable failure;

  /**
   * A thread.
   *
   * @param checkpoint writes a checkpoint, and says whether another should follow
   */
  CheckpointThread(String name, int intervalMillis, BooleanSupplier checkpoint) {
    this.name = name;
    this.intervalNanos = intervalMillis * 1_000_000L;
    this.checkpoint = checkpoint;
  }

  /** Begins, if it has not begun. Never throws. */
  void start() {
    synchronized (starting) {
      if (thread != null || stopped) {
        return;
      }
      try {
        Thread running = new Thread(this::run, name);
        running.setDaemon(true);
        running.start();
        thread = running;
      } catch (Throwable e) {
        complain("the checkpoint thread could not be started", e);
      }
    }
  }

  /** Asks for a checkpoint soon. Cheap if that is known. Never throws. */
  void want() {
    if (!wanted) {
      wanted = true;
      start();
      synchronized (starting) {
        LockSupport.unpark(thread);
      }
    }
  }

  /** Whether no checkpoint is wanted or being written by it. */
  boolean isIdle() {
    return !wanted && !busy;
  }

  /** Why the last checkpoint of this thread failed, or null if it did not. */
  @Nullable Throwable failure() {
    return failure;
  }

  private void run() {
    while (!stopped) {
      if (!wanted) {
        LockSupport.parkNanos(this, intervalNanos);
      }
      if (!stopped) {
        busy = true; // first: it is wanted or busy, or there is nothing to do
        wanted = false;
        checkpoint();
        busy = false;
      }
    }
  }

  private void checkpoint() {
    try {
      boolean another = checkpoint.getAsBoolean();
      failure = null;
      if (another) {
        wanted = true;
      }
    } catch (StoreFailedException e) {
      failure = e; // the log has failed, and said so
    } catch (Throwable e) {
      failure = e;
      complain("a checkpoint failed; nothing is lost, and the next one is tried later", e);
    }
  }

  private static void complain(String message, Throwable cause) {
    try {
      System.getLogger(CheckpointThread.class.getName())
          .log(System.Logger.Level.ERROR, message, cause);
    } catch (Throwable e) {
      return; // out of memory or stack: there is nobody left to tell
    }
  }

  /** Ends the thread, when a checkpoint that is being written is finished. */
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
