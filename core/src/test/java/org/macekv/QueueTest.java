package org.macekv;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.macekv.internal.engine.Engine;
import org.macekv.internal.engine.Environment;
import org.macekv.internal.io.MemoryStorage;
import org.macekv.internal.tree.Tree;
import org.macekv.internal.txn.StoredBucket;
import org.macekv.option.BucketOptions;
import org.macekv.option.Durability;
import org.macekv.option.MaceOptions;

/** A bucket used as a queue, filled at one end and drained at the other, leaves no trail. */
class QueueTest {
  private static final int ENTRIES = 100_000;

  /** How many entries the queue has at most, and some; a leaf holds about five. */
  private static final int LONGEST = 500;

  private final Engine engine =
      Engine.open(
          new MemoryStorage("queue"),
          MaceOptions.defaults().withDurability(Durability.BUFFERED),
          Environment.seeded(1));
  private final StoredBucket stored =
      engine.bucket("queue", BucketOptions.defaults().withLeafBytes(256));
  private final Bucket queue = new Bucket(engine, stored);

  @AfterEach
  void close() {
    engine.close();
  }

  @Test
  void queueThatIsFilledAtTheRightAndDrainedAtTheLeftLeavesNoTrail() throws Exception {
    fillAndDrain(0, ENTRIES, true);
    requireNoTrail();
  }

  @Test
  void queueThatIsFilledAtTheLeftAndDrainedAtTheRightLeavesNoTrail() throws Exception {
    fillAndDrain(0, 20_000, false);
    requireNoTrail();
  }

  @Test
  void trailThatAViewSeesGoesAwayWhenItIsClosed() throws Exception {
    try (View view = new View(engine)) {
      fillAndDrain(0, 20_000, true);
      assertThat(view.count(queue)).isZero();
    }
    fillAndDrain(20_000, 30_000, true);
    requireNoTrail();
  }

  private void requireNoTrail() {
    assertThat(queue.count()).isZero();
    Tree.Shape shape = stored.tree().shape();
    assertThat(shape.leaves()).as("leaves").isLessThan(LONGEST);
    assertThat(shape.keys()).as("tombstones").isLessThan(LONGEST);
  }

  /** One thread at each end. */
  private void fillAndDrain(int from, int to, boolean up) throws Exception {
    try (Crew crew = new Crew()) {
      crew.work(
          () -> {
            for (int n = from; n < to; n++) {
              queue.put(key(n, up), Samples.value(20, n));
              while (n % 100 == 0 && queue.count() > LONGEST) {
                Thread.onSpinWait();
              }
            }
          });
      crew.work(
          () -> {
            for (int n = from; n < to; ) {
              Cursor cursor = up ? queue.scan(KeyRange.all()) : queue.scanReverse(KeyRange.all());
              while (cursor.next()) {
                assertThat(cursor.key()).isEqualTo(key(n, up));
                assertThat(queue.getAndDelete(cursor.key())).isEqualTo(Samples.value(20, n));
                n++;
              }
            }
          });
      crew.finish();
    }
  }

  private static byte[] key(int number, boolean up) {
    return Samples.number(up ? number : ENTRIES - number);
  }
}
