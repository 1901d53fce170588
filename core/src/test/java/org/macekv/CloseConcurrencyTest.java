package org.macekv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.macekv.Samples.number;

import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.Test;
import org.macekv.error.StoreClosedException;
import org.macekv.option.BucketOptions;
import org.macekv.option.Durability;
import org.macekv.option.MaceOptions;
import org.macekv.option.TransactionOptions;

/** A store that is closed while others work with it: they are told so, and nothing else happens. */
class CloseConcurrencyTest {
  private static final int ROUNDS = Boolean.getBoolean("mace.soak") ? 500 : 30;
  private static final int WRITERS = 2;
  private static final List<Durability> LEVELS = List.of(Durability.values());
  private static final MaceOptions OPTIONS =
      MaceOptions.defaults().withLogSegmentBytes(16 << 10).withFlushIntervalMillis(1);

  @Test
  void closingUnderWorkKeepsWhatWasAcknowledgedAndTellsTheOthers() throws Exception {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    try (StoreDirectory directory = StoreDirectory.createQuick()) {
      AtomicLongArray acknowledged = new AtomicLongArray(WRITERS);
      for (int round = 0; round < ROUNDS; round++) {
        CountDownLatch enough = new CountDownLatch(random.nextInt(300));
        try (Crew crew = new Crew()) {
          Mace store = Mace.open(directory.path(), OPTIONS);
          Bucket bucket =
              store.bucket("bucket", BucketOptions.defaults().withInlineLimitBytes(256));
          for (int i = 0; i < WRITERS; i++) {
            int writer = i;
            crew.work(() -> write(store, bucket, writer, acknowledged, enough));
          }
          crew.work(() -> read(store, bucket));
          enough.await();
          store.close();
          crew.finish();
        }
        check(directory, acknowledged, "seed " + seed + ", round " + round);
      }
    }
  }

  private static void write(
      Mace store, Bucket bucket, int writer, AtomicLongArray acknowledged, CountDownLatch enough) {
    try {
      for (long n = acknowledged.get(writer); ; n++) {
        byte[] key = key(writer, n);
        byte[] value = value(writer, n);
        store.transact(
            TransactionOptions.defaults().withDurability(LEVELS.get((int) (n % LEVELS.size()))),
            tx -> {
              tx.put(bucket, key, value);
              return 0;
            });
        acknowledged.set(writer, n + 1);
        enough.countDown();
      }
    } catch (StoreClosedException e) {
      // As it should be.
    }
  }

  private static void read(Mace store, Bucket bucket) {
    try {
      while (true) {
        try (View view = store.view()) {
          Cursor cursor = view.scanReverse(bucket, KeyRange.all());
          for (int i = 0; i < 50 && cursor.next(); i++) {
            assertThat(cursor.value()).hasSize(cursor.valueLength());
          }
          bucket.get(key(0, 7));
        }
      }
    } catch (StoreClosedException e) {
      // As it should be.
    }
  }

  private static void check(StoreDirectory directory, AtomicLongArray acknowledged, String when) {
    try (Mace store = Mace.open(directory.path(), OPTIONS)) {
      assertThat(store.recoveryReport().cut()).as(when).isNull();
      Bucket bucket = store.findBucket("bucket");
      for (int writer = 0; writer < WRITERS; writer++) {
        Cursor cursor = bucket.scan(KeyRange.of(key(writer, 0), key(writer + 1, 0)));
        long n = 0;
        for (; cursor.next(); n++) {
          assertThat(cursor.key()).as(when).isEqualTo(key(writer, n));
          assertThat(Samples.describe(cursor.value()))
              .as(when)
              .isEqualTo(Samples.describe(value(writer, n)));
        }
        // One that was told that the store is closed may have been kept.
        assertThat(n).as(when).isBetween(acknowledged.get(writer), acknowledged.get(writer) + 1);
      }
    }
  }

  private static byte[] key(int writer, long n) {
    return number(((long) writer << 32) + n);
  }

  private static byte[] value(int writer, long n) {
    return Samples.value(n % 50 == 9 ? 9000 : 50, 3 * n + writer);
  }
}
