package org.macekv.internal.txn;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.macekv.error.StoreClosedException;
import org.macekv.option.Durability;

/**
 * Waits for the durability of commits whose committers don't: one thread for all of them, so that
 * those that come while it waits share the next write and sync. Thread-safe.
 */
public final class Acknowledger {
  private final Committer committer;
  private final String name;
  private final LinkedBlockingQueue<Waiting> queue = new LinkedBlockingQueue<>();
  // Guarded by this.
  private @Nullable Thread thread;
  private boolean stopped;

  /** A commit; one without a future ends the thread. */
  private record Waiting(
      long position, Durability durability, @Nullable CompletableFuture<@Nullable Void> future) {}

  /** An acknowledger whose thread has this name; it begins with the first commit. */
  public Acknowledger(Committer committer, String name) {
    this.committer = committer;
    this.name = name;
  }

  /**
   * Completed, on a thread of the common pool, when the commit at a position is what its durability
   * promises and everybody sees it; exceptionally if that failed.
   */
  CompletionStage<@Nullable Void> whenDurable(long position, Durability durability) {
    CompletableFuture<@Nullable Void> future = new CompletableFuture<>();
    synchronized (this) {
      if (stopped) {
        future.completeExceptionally(new StoreClosedException(committer.storeName()));
        return future;
      }
      if (thread == null) {
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
        thread.start();
      }
      queue.add(new Waiting(position, durability, future));
    }
    return future;
  }

  private void run() {
    List<Waiting> batch = new ArrayList<>();
    boolean ended = false;
    while (!ended) {
      try {
        batch.add(queue.take());
      } catch (InterruptedException e) {
        continue; // nobody has a reason to
      }
      queue.drainTo(batch);
      ended = acknowledge(batch);
      batch.clear();
    }
  }

  /** Whether the end was among them. */
  private boolean acknowledge(List<Waiting> batch) {
    long lastSync = 0;
    for (Waiting each : batch) {
      lastSync = each.durability == Durability.SYNC ? Math.max(lastSync, each.position) : lastSync;
    }
    boolean ended = false;
    for (Waiting each : batch) {
      CompletableFuture<@Nullable Void> future = each.future;
      if (future == null) {
        ended = true;
        continue;
      }
      try {
        committer.await(each.position, each.durability, lastSync);
        future.completeAsync(() -> null);
      } catch (Throwable e) {
        future.completeExceptionally(e);
      }
    }
    return ended;
  }

  /** Ends when all commits so far are acknowledged. */
  public void stop() {
    Thread running;
    synchronized (this) {
      stopped = true;
      running = thread;
      if (running == null) {
        return;
      }
      queue.add(new Waiting(0, Durability.BUFFERED, null));
    }
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
