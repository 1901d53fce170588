package org.macekv.internal.io;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Runs the few channel operations that must not meet an interrupt on a thread of their own, to
 * which nobody outside has a reference.
 *
 * <p>A {@code FileChannel} answers an interrupt by closing itself and throwing {@code
 * ClosedByInterruptException} <em>in place of</em> whatever the operation was about to report. For
 * a sync this is fatal: the operating system reports a failed write-back once, the exception
 * swallows it, and the sync that is then tried again succeeds without the data being there.
 * Clearing the flag first does not help, since an interrupt may come at any moment. These
 * operations are rare (a directory sync, taking the lock), so a new thread for each costs nothing
 * that counts.
 */
final class PrivateThread {
  /** What is to be done. */
  interface Body<T> {
    T call() throws IOException;
  }

  private PrivateThread() {}

  /** Returns when the body is through, with its result or its exception. Keeps the flag. */
  static <T> T call(String name, Body<T> body) throws IOException {
    FutureTask<T> task = new FutureTask<>(body::call);
    // Not inheriting thread locals: they would be those of a user's thread.
    Thread thread = new Thread(null, task, name, 0, false);
    thread.setDaemon(true);
    thread.start();
    return await(task);
  }

  private static <T> T await(FutureTask<T> task) throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      @Nullable Throwable cause = e.getCause();
      throw rethrow(cause == null ? e : cause);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static IOException rethrow(Throwable cause) {
    if (cause instanceof IOException refusal) {
      return refusal;
    }
    if (cause instanceof RuntimeException failure) {
      throw failure;
    }
    if (cause instanceof Error error) {
      throw error;
    }
    throw new IllegalStateException(cause);
  }
}
