package org.macekv;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.macekv.option.BucketOptions;
import org.macekv.option.Durability;
import org.macekv.option.MaceOptions;

/** A bucket used as a queue, filled at one end and drained at the other, leaves no trail. */
class QueueTest {
  private static final int WARM_UP = 10_000;
  private static final int ENTRIES = 110_000;
  private static final int LONGEST = 500;

  /** A hundred thousand tombstones, or the leaves that they were in, would be many times this. */
  private static final long TRAIL_LIMIT_BYTES = 1 << 20;

  @Test
  void drainedQueueLeavesNoTrail() throws Exception {
    MaceOptions options = MaceOptions.defaults().withDurability(Durability.BUFFERED);
    try (StoreDirectory directory = StoreDirectory.create();
        Mace store = Mace.open(directory.path(), options)) {
      Bucket queue = store.bucket("queue", BucketOptions.defaults().withLeafBytes(256));
      fillAndDrain(queue, 0, WARM_UP);
      long before = usedBytes();
      fillAndDrain(queue, WARM_UP, ENTRIES);
      assertThat(queue.count()).isZero();
      assertThat(usedBytes() - before).as("bytes that stay").isLessThan(TRAIL_LIMIT_BYTES);
    }
  }

  /** One thread at each end. */
  private static void fillAndDrain(Bucket queue, int from, int to) throws Exception {
    try (Crew crew = new Crew()) {
      crew.work(
          () -> {
            for (int n = from; n < to; n++) {
              queue.put(Samples.number(n), Samples.value(20, n));
              while (n % 100 == 0 && queue.count() > LONGEST) {
                Thread.onSpinWait();
              }
            }
          });
      crew.work(
          () -> {
            for (int n = from; n < to; ) {
              Cursor cursor = queue.scan(KeyRange.all());
              while (cursor.next()) {
                assertThat(Samples.toNumber(cursor.key())).isEqualTo(n);
                assertThat(queue.getAndDelete(cursor.key())).isEqualTo(Samples.value(20, n));
                n++;
              }
            }
          });
      crew.finish();
    }
  }

  private static long usedBytes() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
