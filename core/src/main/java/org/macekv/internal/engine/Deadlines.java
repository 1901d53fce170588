package org.macekv.internal.engine;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.macekv.internal.txn.WriteTransaction;

/**
 * Ends transactions that are open for longer than their timeout, so that what they keep is not kept
 * for ones that were forgotten. Has a thread from the first such transaction on. Thread-safe.
 */
final class Deadlines {
  private static final int AGAIN_MILLIS = 20;

  private final String name;
  // Guarded by this.
  private @Nullable ScheduledThreadPoolExecutor executor;

  Deadlines(String name) {
    this.name = name;
  }

  /**
   * Has a transaction end in some time, and tries again while a call of it is running, until the
   * future is cancelled.
   */
  synchronized Future<?> schedule(WriteTransaction transaction, int millis) {
    ScheduledThreadPoolExecutor running = executor;
    if (running == null) {
      running =
          new ScheduledThreadPoolExecutor(
              1,
              task -> {
                Thread thread = new Thread(task, name);
                thread.setDaemon(true);
                return thread;
              });
      running.setRemoveOnCancelPolicy(true);
      executor = running;
    }
    return running.scheduleWithFixedDelay(
        transaction::expire, millis, AGAIN_MILLIS, TimeUnit.MILLISECONDS);
  }

  synchronized void stop() {
    if (executor != null) {
      executor.shutdownNow();
    }
  }
}
