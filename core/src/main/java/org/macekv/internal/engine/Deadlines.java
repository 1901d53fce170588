package org.macekv.internal.engine;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.macekv.error.StoreClosedException;
import org.macekv.internal.txn.WriteTransaction;

/**
 * Ends transactions that are open for longer than their timeout, or that keep too much of the log,
 * so that what they keep is not kept for ones that were forgotten. Has a thread from the first
 * transaction with a timeout on, or the first that keeps too much. Thread-safe.
 */
final class Deadlines {
  private static final int AGAIN_MILLIS = 20;

  private final String storeName;
  // Guarded by this.
  private @Nullable ScheduledThreadPoolExecutor executor;
  private boolean stopped;

  Deadlines(String storeName) {
    this.storeName = storeName;
  }

  /**
   * Has a transaction end in some time, and tries again while a call of it is running, until the
   * future is cancelled.
   *
   * @throws StoreClosedException if the store is being closed
   */
  synchronized Future<?> schedule(WriteTransaction transaction, int millis) {
    if (stopped) {
      throw new StoreClosedException(storeName);
    }
    return executor()
        .scheduleWithFixedDelay(transaction::expire, millis, AGAIN_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Has something run soon, unless the store is being closed. Never throws. */
  synchronized void soon(Runnable task) {
    if (!stopped) {
      try {
        executor().execute(task);
      } catch (Throwable e) {
        System.getLogger(Deadlines.class.getName())
            .log(System.Logger.Level.ERROR, "no thread could be started", e);
      }
    }
  }

  /** Requires: this is locked. */
  private ScheduledThreadPoolExecutor executor() {
    ScheduledThreadPoolExecutor running = executor;
    if (running == null) {
      running =
          new ScheduledThreadPoolExecutor(
              1,
              task -> {
                Thread thread = new Thread(task, "mace watches transactions of " + storeName);
                thread.setDaemon(true);
                return thread;
              });
      running.setRemoveOnCancelPolicy(true);
      executor = running;
    }
    return running;
  }

  synchronized void stop() {
    stopped = true;
    if (executor != null) {
      executor.shutdownNow();
    }
  }
}
