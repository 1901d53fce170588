package org.macekv.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;

/** Threads that do something again and again for some time. */
final class Crowd {
  private final long[] counts;
  private final long nanos;

  private Crowd(long[] counts, long nanos) {
    this.counts = counts;
    this.nanos = nanos;
  }

  /**
   * Runs threads.
   *
   * @param work gives, for a thread's number, what it does again and again
   */
  static Crowd run(int threads, int millis, IntFunction<Runnable> work)
      throws InterruptedException {
    long[] counts = new long[threads];
    CountDownLatch ready = new CountDownLatch(threads);
    CountDownLatch begin = new CountDownLatch(1);
    long[] end = new long[1]; // written before they begin
    AtomicReference<Throwable> failure = new AtomicReference<>();
    List<Thread> all = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      int number = i;
      Runnable own = work.apply(i);
      Thread thread =
          new Thread(
              () -> {
                try {
                  ready.countDown();
                  begin.await();
                  long count = 0;
                  while (System.nanoTime() < end[0]) {
                    own.run();
                    count++;
                  }
                  counts[number] = count;
                } catch (Throwable e) {
                  failure.set(e);
                }
              });
      all.add(thread);
      thread.start();
    }
    ready.await();
    long begun = System.nanoTime();
    end[0] = begun + millis * 1_000_000L;
    begin.countDown();
    for (Thread thread : all) {
      thread.join();
    }
    if (failure.get() != null) {
      throw new IllegalStateException("a thread failed", failure.get());
    }
    return new Crowd(counts, System.nanoTime() - begun);
  }

  /** How often they did, by the second. */
  double perSecond() {
    return sum() * 1e9 / nanos;
  }

  /** How often all of them did. */
  long sum() {
    return Arrays.stream(counts).sum();
  }

  /** How often the one did that did least. */
  long least() {
    return Arrays.stream(counts).min().orElse(0);
  }

  /** How often the one did that did most. */
  long most() {
    return Arrays.stream(counts).max().orElse(0);
  }
}
