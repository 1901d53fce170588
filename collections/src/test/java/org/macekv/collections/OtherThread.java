package org.macekv.collections;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Runs something on a thread of its own and waits for it. */
final class OtherThread {
  private OtherThread() {}

  /** What the call returned; what it threw is thrown here. */
  static <T> T call(Callable<T> call) {
    FutureTask<T> task = new FutureTask<>(call);
    new Thread(task, "other").start();
    try {
      return task.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new AssertionError(e.getCause());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  static void run(Runnable work) {
    call(
        () -> {
          work.run();
          return null;
        });
  }
}
