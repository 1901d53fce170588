package org.macekv.internal.engine;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads that read ahead of cursors: as many as there are processors, up to four, begun when
 * there is something to read, and ended when there was nothing for a while. What they have no time
 * for is left undone, and the cursor does it.
 */
final class ReaderThreads implements Executor {
  private static final int MOST = 4;
  private static final int WAITING = 64;
  private static final int IDLE_SECONDS = 10;

  private final ThreadPoolExecutor pool;

  ReaderThreads(String name) {
    int threads = Math.min(MOST, Runtime.getRuntime().availableProcessors());
    this.pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING),
            task -> {
              Thread thread = new Thread(task, name);
              thread.setDaemon(true);
              return thread;
            },
            new ThreadPoolExecutor.DiscardPolicy());
    pool.allowCoreThreadTimeOut(true);
  }

  /** Never throws, not even if no thread can be started. */
  @Override
  public void execute(Runnable task) {
    try {
      pool.execute(task);
    } catch (OutOfMemoryError e) {
      // No thread to be had. The reader reads for himself.
      System.getLogger(ReaderThreads.class.getName())
          .log(System.Logger.Level.DEBUG, "no thread to read ahead", e);
    }
  }

  /** Begins nothing more; does not wait for what is being read. */
  void stop() {
    pool.shutdown();
    pool.getQueue().clear();
  }
}
