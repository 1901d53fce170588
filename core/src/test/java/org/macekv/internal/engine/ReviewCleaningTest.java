package org.macekv.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.macekv.error.WriteStalledException;
import org.macekv.internal.io.MemoryStorage;
import org.macekv.internal.txn.StoredBucket;
import org.macekv.option.BucketOptions;
import org.macekv.option.Durability;
import org.macekv.option.MaceOptions;

/** Findings of a review of what writers leave to cleaning: each fails. */
@Timeout(120)
class ReviewCleaningTest {
  private static final MaceOptions OPTIONS =
      MaceOptions.defaults()
          .withDurability(Durability.BUFFERED)
          .withLogSegmentBytes(256 << 10)
          .withPageFileBytes(64 << 10)
          .withCheckpointIntervalMillis(Integer.MAX_VALUE)
          .withCheckpointLogBytes(1 << 20);

  private final MemoryStorage storage = new MemoryStorage("store");

  private static byte[] value(int length, int seed) {
    byte[] value = new byte[length];
    new Random(seed).nextBytes(value);
    return value;
  }

  /** When less is reserved, those who wait for that go on. */
  @Test
  void whoeverWaitsIsToldWhenLessIsReserved() throws InterruptedException {
    AtomicLong amount = new AtomicLong(100);
    Pressure heap = new Pressure("heap", 50, 100, amount::get, () -> 0);
    Pressure log = new Pressure("log", 50, 100, () -> 0, () -> 0);
    CountDownLatch waits = new CountDownLatch(1);
    FlowControl flow =
        new FlowControl(
            heap,
            () -> 0,
            new FlowControl.Memory(() -> 0, 1),
            log,
            60_000,
            System::nanoTime,
            waits::countDown,
            () -> null);
    flow.grown();
    CountDownLatch admitted = new CountDownLatch(1);
    Thread writer =
        new Thread(
            () -> {
              flow.admit();
              admitted.countDown();
            });
    writer.start();
    waits.await();
    flow.checkpointed(0); // it stands, and what was reserved before still counts
    TimeUnit.MILLISECONDS.sleep(50);
    amount.set(0); // as Checkpointer.reserve() does after that
    flow.reserved();
    boolean atOnce = admitted.await(200, TimeUnit.MILLISECONDS);
    writer.join();
    assertThat(atOnce).isTrue();
  }

  private static byte[] longKey(int i) {
    byte[] key = new byte[316];
    new Random(i / 16).nextBytes(key);
    ByteBuffer.wrap(key).putInt(0, i / 16).putInt(312, i % 16);
    return key;
  }

  /** What becomes of a writer who puts one small value over and over while all is cleaned. */
  private record Outcome(long commits, long stalled, long refused, long waitedMillis, long millis) {
    double waitedShare() {
      return (double) waitedMillis / millis;
    }
  }

  private static Outcome writeWhileCleaning(Engine engine, StoredBucket bucket, byte[] key)
      throws InterruptedException {
    AtomicBoolean done = new AtomicBoolean();
    AtomicLong commits = new AtomicLong();
    AtomicLong refused = new AtomicLong();
    Thread writer =
        new Thread(
            () -> {
              while (!done.get()) {
                try {
                  engine.operations().put(bucket, key, new byte[10]);
                  commits.incrementAndGet();
                  TimeUnit.MICROSECONDS.sleep(500);
                } catch (WriteStalledException e) {
                  refused.incrementAndGet();
                } catch (InterruptedException e) {
                  return;
                }
              }
            });
    long stalled = engine.flow().stalled();
    long waited = engine.flow().delayNanos();
    long begun = System.nanoTime();
    writer.start();
    engine.clean();
    long millis = (System.nanoTime() - begun) / 1_000_000;
    done.set(true);
    writer.join();
    return new Outcome(
        commits.get(),
        engine.flow().stalled() - stalled,
        refused.get(),
        (engine.flow().delayNanos() - waited) / 1_000_000,
        millis);
  }

  private void fill(MaceOptions options, BucketOptions bucketOptions, int keys, int length) {
    try (Engine engine =
        Engine.open(storage, options.withMaxGarbagePercent(90), Environment.seeded(1))) {
      StoredBucket bucket = engine.bucket("b", bucketOptions);
      for (int i = 0; i < keys; i++) {
        engine.operations().put(bucket, longKey(i), value(length, i));
      }
      Random random = new Random(1);
      for (int n = 0; n < keys; n++) {
        int i = random.nextInt(keys);
        engine.operations().put(bucket, longKey(i), value(length, i));
      }
      engine.checkpoint();
    }
  }

  /**
   * Less garbage is allowed than before, nodes above leaves take the part of the cache that they
   * may take. The writer changes one leaf; cleaning goes on as it should, with a checkpoint each 20
   * ms or so.
   */
  @Test
  void whoWritesNextToNothingDoesNotWaitWhilePagesAreCleaned() throws InterruptedException {
    MaceOptions options = OPTIONS.withCacheBytes(1 << 20);
    int keys = 16_000;
    fill(options, BucketOptions.defaults(), keys, 200);
    MaceOptions now = options.withMaxGarbagePercent(5).withMaxStallMillis(300);
    try (Engine engine = Engine.open(storage, now, Environment.seeded(1))) {
      StoredBucket bucket = engine.bucket("b", null);
      for (int i = 0; i < keys; i += 8) {
        assertThat(engine.operations().get(bucket, longKey(i))).isNotNull();
      }
      Outcome outcome = writeWhileCleaning(engine, bucket, longKey(0));
      assertThat(outcome).matches(each -> each.refused() == 0 && each.waitedShare() < 0.5);
    }
  }

  /**
   * What cleaning appends to the log counts as what writers have appended, and is reserved for
   * cleaning once more.
   */
  @Test
  void whoWritesNextToNothingDoesNotWaitWhileValuesAreCleaned() throws InterruptedException {
    MaceOptions options = OPTIONS.withCacheBytes(64 << 20);
    fill(options, BucketOptions.defaults().withInlineLimitBytes(256), 20_000, 4000);
    try (Engine engine =
        Engine.open(storage, options.withMaxGarbagePercent(5), Environment.seeded(1))) {
      StoredBucket bucket = engine.bucket("b", null);
      Outcome outcome = writeWhileCleaning(engine, bucket, longKey(0));
      assertThat(outcome).matches(each -> each.waitedShare() < 0.5);
    }
  }
}
