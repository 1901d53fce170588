package org.macekv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.macekv.Samples.bytes;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.macekv.option.BucketOptions;
import org.macekv.option.Durability;
import org.macekv.option.MaceOptions;
import org.macekv.option.TransactionOptions;

/** {@code Thread.interrupt()} at any moment harms nobody, and the interrupted flag is kept. */
class InterruptTest {
  private static final int WORKERS = 3;
  private static final int OPERATIONS = Boolean.getBoolean("mace.soak") ? 100_000 : 3000;
  private static final MaceOptions OPTIONS =
      MaceOptions.defaults().withLogSegmentBytes(64 << 10).withFlushIntervalMillis(1);
  private static final BucketOptions BUCKET_OPTIONS =
      BucketOptions.defaults().withLeafBytes(512).withInlineLimitBytes(256);

  private static final List<Durability> LEVELS = List.of(Durability.values());

  /** A thread that works, and one interrupt at a time on its way to it. */
  private static final class Target {
    private final Thread thread;
    private boolean pending;
    private boolean ended;

    Target(Thread thread) {
      this.thread = thread;
    }

    /** Interrupts the thread, unless it has not yet seen the last one. */
    synchronized void interrupt() {
      if (!pending && !ended) {
        pending = true;
        thread.interrupt();
      }
    }

    /** By the thread between its operations: an interrupt that was sent must be there. */
    synchronized int take(boolean last) {
      ended = last;
      assertThat(Thread.interrupted()).as("interrupted flag").isEqualTo(pending);
      int taken = pending ? 1 : 0;
      pending = false;
      return taken;
    }
  }

  @Test
  void interruptsAtRandomMomentsHarmNobody() throws Exception {
    long seed = new Random().nextLong();
    try (StoreDirectory directory = StoreDirectory.create()) {
      List<Map<Long, String>> expected = new ArrayList<>();
      AtomicInteger interrupts = new AtomicInteger();
      try (Mace store = Mace.open(directory.path(), OPTIONS)) {
        Bucket bucket = store.bucket("bucket", BUCKET_OPTIONS);
        ExecutorService pool = Executors.newFixedThreadPool(WORKERS);
        List<Target> targets = java.util.Collections.synchronizedList(new ArrayList<>());
        List<Future<Map<Long, String>>> results = new ArrayList<>();
        for (int i = 0; i < WORKERS; i++) {
          Random random = new Random(seed + i);
          int worker = i;
          results.add(pool.submit(() -> work(store, bucket, worker, random, targets, interrupts)));
        }
        interruptUntilDone(targets, results, new Random(seed));
        for (Future<Map<Long, String>> result : results) {
          expected.add(result.get());
        }
        pool.shutdown();
        requireContents(store, expected, "seed " + seed);
      }
      assertThat(interrupts.get()).as("interrupts that arrived").isGreaterThan(WORKERS);
      try (Mace store = Mace.open(directory.path(), OPTIONS)) {
        requireContents(store, expected, "seed " + seed + ", reopened");
      }
    }
  }

  @Test
  void everyOperationWorksWithTheFlagSetAndKeepsIt() {
    try (StoreDirectory directory = StoreDirectory.create()) {
      interrupted(() -> Mace.open(directory.path(), OPTIONS).close());
      try (Mace store = Mace.open(directory.path(), OPTIONS)) {
        interrupted(() -> store.bucket("bucket", BUCKET_OPTIONS));
        Bucket bucket = store.bucket("bucket");
        interrupted(() -> bucket.put(bytes("small"), bytes("value")));
        interrupted(() -> bucket.put(bytes("large"), Samples.value(200_000, 1)));
        interrupted(() -> assertThat(bucket.get(bytes("small"))).isEqualTo(bytes("value")));
        interrupted(() -> bucket.getAndPut(bytes("small"), bytes("value")));
        interrupted(() -> bucket.getAndDelete(bytes("none")));
        interrupted(() -> bucket.delete(bytes("none")));
        for (Durability durability : Durability.values()) {
          interrupted(() -> commit(store, bucket, durability));
        }
        interrupted(() -> conflictOnce(store, bucket));
        interrupted(store::sync);
        interrupted(() -> store.view().close());
        interrupted(() -> store.bucket("dropped"));
        interrupted(() -> store.dropBucket("dropped"));
      }
      interrupted(() -> readReopened(directory));
    }
  }

  private static void readReopened(StoreDirectory directory) {
    try (Mace store = Mace.open(directory.path(), OPTIONS)) {
      Bucket bucket = store.findBucket("bucket");
      assertThat(Samples.describe(bucket.get(bytes("large"))))
          .isEqualTo(Samples.describe(Samples.value(200_000, 1)));
      assertThat(Samples.keys(bucket.scan(KeyRange.all())))
          .containsExactly("BUFFERED", "SYNC", "WRITE", "conflict", "large", "small");
      assertThat(Samples.keys(bucket.scanReverse(KeyRange.all()))).hasSize(6);
      assertThat(store.bucketNames()).containsExactly("bucket");
    }
  }

  private static void commit(Mace store, Bucket bucket, Durability durability) {
    store.transact(
        TransactionOptions.defaults().withDurability(durability),
        tx -> {
          tx.put(bucket, bytes(durability.name()), Samples.value(1000, 1));
          return 0;
        });
  }

  /** The pause before the second attempt is no reason to fail either. */
  private static void conflictOnce(Mace store, Bucket bucket) {
    AtomicInteger attempts = new AtomicInteger();
    store.transact(
        tx -> {
          tx.put(bucket, bytes("conflict"), bytes("mine"));
          if (attempts.incrementAndGet() < 5) {
            bucket.put(bytes("conflict"), bytes("other"));
          }
          return 0;
        });
    assertThat(attempts).hasValue(5);
  }

  private static void interrupted(Runnable action) {
    Thread.currentThread().interrupt();
    try {
      action.run();
    } finally {
      assertThat(Thread.interrupted()).as("interrupted flag").isTrue();
    }
  }

  private static void interruptUntilDone(
      List<Target> targets, List<Future<Map<Long, String>>> results, Random random) {
    while (!results.stream().allMatch(Future::isDone)) {
      if (targets.size() == WORKERS) {
        targets.get(random.nextInt(WORKERS)).interrupt();
      }
      for (int i = random.nextInt(20_000); i > 0; i--) {
        Thread.onSpinWait();
      }
    }
  }

  /** Works on keys of its own and returns what it left there, described. */
  private static Map<Long, String> work(
      Mace store,
      Bucket bucket,
      int worker,
      Random random,
      List<Target> targets,
      AtomicInteger interrupts) {
    Target target = new Target(Thread.currentThread());
    targets.add(target);
    Map<Long, String> mine = new TreeMap<>();
    for (int i = 0; i < OPERATIONS; i++) {
      long number = random.nextInt(300) * (long) WORKERS + worker;
      operate(store, bucket, number, mine, random);
      interrupts.addAndGet(target.take(i == OPERATIONS - 1));
    }
    return mine;
  }

  private static void operate(
      Mace store, Bucket bucket, long number, Map<Long, String> mine, Random random) {
    byte[] key = Samples.number(number);
    byte[] value = Samples.value(random.nextInt(10) == 0 ? 3000 : 30, random.nextLong());
    switch (random.nextInt(9)) {
      case 0 -> {
        bucket.put(key, value);
        mine.put(number, Samples.describe(value));
      }
      case 1 -> {
        byte[] before = bucket.getAndDelete(key);
        assertThat(Samples.describe(before)).isEqualTo(mine.getOrDefault(number, "none"));
        mine.remove(number);
      }
      case 2, 3, 4 -> {
        Durability durability = LEVELS.get(random.nextInt(LEVELS.size()));
        try (Transaction transaction =
            store.begin(TransactionOptions.defaults().withDurability(durability))) {
          transaction.put(bucket, key, value);
          transaction.commit();
          mine.put(number, Samples.describe(value));
        }
      }
      case 5 -> {
        byte[] counter = bytes("counter");
        store.transact(
            TransactionOptions.defaults().withDurability(Durability.BUFFERED),
            tx -> {
              byte[] before = tx.get(bucket, counter);
              long next = before == null ? 1 : Samples.toNumber(before) + 1;
              tx.put(bucket, counter, Samples.number(next));
              tx.put(bucket, key, value);
              return next;
            });
        mine.put(number, Samples.describe(value));
      }
      case 6 -> scanBothWays(store, bucket);
      case 7 -> store.sync();
      default ->
          assertThat(Samples.describe(bucket.get(key)))
              .isEqualTo(mine.getOrDefault(number, "none"));
    }
  }

  private static void scanBothWays(Mace store, Bucket bucket) {
    try (View view = store.view()) {
      Cursor up = view.scan(bucket, KeyRange.all());
      int entries = 0;
      while (up.next()) {
        assertThat(up.value()).hasSize(up.valueLength());
        entries++;
      }
      Cursor down = view.scanReverse(bucket, KeyRange.all());
      while (down.next()) {
        entries--;
      }
      assertThat(entries).isZero();
    }
  }

  private static void requireContents(Mace store, List<Map<Long, String>> expected, String when) {
    Map<Long, String> all = new TreeMap<>();
    expected.forEach(all::putAll);
    Map<Long, String> found = new TreeMap<>();
    Cursor cursor = store.findBucket("bucket").scan(KeyRange.all());
    while (cursor.next()) {
      if (cursor.key().length == Long.BYTES) {
        found.put(Samples.toNumber(cursor.key()), Samples.describe(cursor.value()));
      }
    }
    assertThat(found).as(when).isEqualTo(all);
  }
}
