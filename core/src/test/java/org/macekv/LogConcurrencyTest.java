package org.macekv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.macekv.Samples.number;

import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.Test;
import org.macekv.option.BucketOptions;
import org.macekv.option.Durability;
import org.macekv.option.MaceOptions;
import org.macekv.option.TransactionOptions;

/**
 * Threads that commit with different durabilities while log segments end and begin all the time.
 */
class LogConcurrencyTest {
  private static final int COMMITS = Boolean.getBoolean("mace.soak") ? 50_000 : 3000;
  private static final int THREADS = 3;
  private static final MaceOptions OPTIONS =
      MaceOptions.defaults().withLogSegmentBytes(4 << 10).withFlushIntervalMillis(1);

  @Test
  void everyCommitOfAnyDurabilityIsThereAfterReopening() throws Exception {
    check(List.of(Durability.values()));
  }

  /** Only the engine's own thread flushes, at any moment. */
  @Test
  void everyBufferedCommitIsThereAfterClosingAndReopening() throws Exception {
    check(List.of(Durability.BUFFERED));
  }

  private static void check(List<Durability> levels) throws Exception {
    try (StoreDirectory directory = StoreDirectory.createQuick()) {
      try (Mace store = Mace.open(directory.path(), OPTIONS)) {
        Bucket bucket = store.bucket("bucket", BucketOptions.defaults().withInlineLimitBytes(256));
        AtomicLongArray done = new AtomicLongArray(THREADS);
        try (Crew crew = new Crew()) {
          for (int i = 0; i < THREADS; i++) {
            int thread = i;
            crew.work(() -> commit(store, bucket, levels, thread, done));
          }
          Random random = new Random(7);
          crew.observe(() -> requireOne(bucket, random.nextInt(THREADS), random, done));
          crew.finish();
        }
        requireAll(bucket);
      }
      try (Mace store = Mace.open(directory.path(), OPTIONS)) {
        requireAll(store.findBucket("bucket"));
        assertThat(store.recoveryReport().cut()).isNull();
      }
    }
  }

  private static void commit(
      Mace store, Bucket bucket, List<Durability> levels, int thread, AtomicLongArray done) {
    Random random = new Random(thread);
    for (int n = 0; n < COMMITS; n++) {
      byte[] key = key(thread, n);
      byte[] value = value(thread, n);
      store.transact(
          TransactionOptions.defaults().withDurability(levels.get(random.nextInt(levels.size()))),
          tx -> {
            tx.put(bucket, key, value);
            return 0;
          });
      done.set(thread, n + 1L);
    }
  }

  /** An old or a new one of those that were acknowledged. */
  private static void requireOne(Bucket bucket, int thread, Random random, AtomicLongArray done) {
    long known = done.get(thread);
    if (known > 0) {
      int n = (int) (random.nextBoolean() ? known - 1 : random.nextInt((int) known));
      assertThat(Samples.describe(bucket.get(key(thread, n))))
          .isEqualTo(Samples.describe(value(thread, n)));
    }
  }

  private static void requireAll(Bucket bucket) {
    assertThat(bucket.count()).isEqualTo((long) THREADS * COMMITS);
    for (int thread = 0; thread < THREADS; thread++) {
      for (int n = 0; n < COMMITS; n++) {
        assertThat(Samples.describe(bucket.get(key(thread, n))))
            .isEqualTo(Samples.describe(value(thread, n)));
      }
    }
  }

  private static byte[] key(int thread, int n) {
    return number(((long) thread << 32) + n);
  }

  private static byte[] value(int thread, int n) {
    int length = n % 100 == 50 ? 9000 : n % 7 * 60;
    return Samples.value(length, 31L * n + thread);
  }
}
