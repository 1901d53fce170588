package org.macekv.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** The same work on each item of a list, by several threads. */
public final class ParallelWork<T> {
  private final List<T> items;
  private final Consumer<T> work;
  private final AtomicInteger next = new AtomicInteger();

  private ParallelWork(List<T> items, Consumer<T> work) {
    this.items = items;
    this.work = work;
  }

  /**
   * Returns when all items are done, or with the first failure when every thread has stopped.
   *
   * @param threads how many work at once, 1 or more
   */
  public static <T> void run(int threads, List<T> items, Consumer<T> work) {
    new ParallelWork<>(items, work).run(threads);
  }

  private void run(int threads) {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<?>> workers = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        workers.add(pool.submit(this::workUntilDone));
      }
      for (Future<?> worker : workers) {
        await(worker);
      }
    } finally {
      pool.shutdown();
    }
  }

  private void workUntilDone() {
    int index = next.getAndIncrement();
    while (index < items.size()) {
      try {
        work.accept(items.get(index));
      } catch (RuntimeException | Error failure) {
        next.set(items.size()); // the others stop after the item they are at
        throw failure;
      }
      index = next.getAndIncrement();
    }
  }

  private void await(Future<?> worker) {
    try {
      worker.get();
    } catch (ExecutionException failed) {
      Throwable cause = failed.getCause();
      if (cause instanceof RuntimeException unchecked) {
        throw unchecked; // as the work threw it: it throws nothing else but errors
      }
      throw new IllegalStateException(cause);
    } catch (InterruptedException interrupted) {
      next.set(items.size());
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted before all items were done", interrupted);
    }
  }
}
