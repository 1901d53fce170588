package org.macekv.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.macekv.internal.io.HookedStorage;
import org.macekv.internal.io.MemoryStorage;
import org.macekv.internal.txn.StoredBucket;
import org.macekv.option.MaceOptions;

/** Threads share syncs. How many commits that makes in a second is measured in the bench. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GroupCommitTest {
  private static final long SYNC_NANOS = 1_000_000;

  private final HookedStorage storage = new HookedStorage(new MemoryStorage("m"));
  private final AtomicInteger syncs = new AtomicInteger();

  /** Syncs of the log take a millisecond. */
  private void slow(String operation, String file) {
    if (operation.equals("sync") && file.startsWith("log")) {
      syncs.incrementAndGet();
      long end = System.nanoTime() + SYNC_NANOS;
      while (System.nanoTime() < end) {
        LockSupport.parkNanos(end - System.nanoTime());
      }
    }
  }

  private double commitsPerSync(Engine engine, StoredBucket bucket, int threads, int each) {
    int before = syncs.get();
    List<CompletableFuture<?>> all = new ArrayList<>();
    for (int thread = 0; thread < threads; thread++) {
      int first = thread * each;
      CompletableFuture<?> done = new CompletableFuture<>();
      all.add(done);
      new Thread(
              () -> {
                try {
                  for (int i = first; i < first + each; i++) {
                    byte[] key = {(byte) (i >> 16), (byte) (i >> 8), (byte) i};
                    engine.operations().put(bucket, key, key);
                  }
                  done.complete(null);
                } catch (Throwable e) {
                  done.completeExceptionally(e);
                }
              })
          .start();
    }
    all.forEach(CompletableFuture::join);
    return (double) threads * each / (syncs.get() - before);
  }

  @Test
  void manyThreadsShareASync() {
    storage.setHook(this::slow);
    try (Engine engine = Engine.open(storage, MaceOptions.defaults(), Environment.seeded(1))) {
      StoredBucket bucket = engine.bucket("b", null);
      assertThat(commitsPerSync(engine, bucket, 1, 50)).isEqualTo(1);
      // As a sync takes as long for many as for one, that is how much more is committed.
      assertThat(commitsPerSync(engine, bucket, 32, 100)).isGreaterThan(8);
    }
  }
}
