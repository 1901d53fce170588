package org.macekv;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Threads that do the work of a test together: workers, which end by themselves, and observers,
 * which look again and again until the workers have ended, once at least. What any of them throws
 * fails the test.
 */
final class Crew implements AutoCloseable {
  /** Work that may throw anything. */
  interface Work {
    void run() throws Exception;
  }

  private final ExecutorService pool = Executors.newCachedThreadPool();
  private final List<Future<?>> workers = new ArrayList<>();
  private final List<Future<?>> observers = new ArrayList<>();

  void work(Work work) {
    workers.add(pool.submit(callable(work)));
  }

  void observe(Work look) {
    // Starts before the last worker does, in all likelihood, and looks once in any case.
    observers.add(
        pool.submit(
            callable(
                () -> {
                  do {
                    look.run();
                  } while (!finished);
                })));
  }

  private volatile boolean finished;

  /** Waits for all; throws what the first of them threw. */
  void finish() throws Exception {
    try {
      for (Future<?> worker : workers) {
        result(worker);
      }
    } finally {
      finished = true;
    }
    for (Future<?> observer : observers) {
      result(observer);
    }
  }

  private static void result(Future<?> future) throws Exception {
    try {
      future.get();
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause().toString(), e.getCause());
    }
  }

  private static Callable<Void> callable(Work work) {
    return () -> {
      work.run();
      return null;
    };
  }

  @Override
  public void close() {
    finished = true;
    pool.shutdownNow();
  }
}
