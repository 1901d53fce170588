package org.macekv.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.macekv.error.ConflictException;
import org.macekv.error.StoreClosedException;
import org.macekv.error.StoreIOException;
import org.macekv.error.WriteStalledException;
import org.macekv.internal.io.HookedStorage;
import org.macekv.internal.io.MemoryStorage;
import org.macekv.internal.txn.StoredBucket;
import org.macekv.internal.txn.WriteTransaction;
import org.macekv.option.Durability;
import org.macekv.option.MaceOptions;
import org.macekv.option.TransactionOptions;

/** Writers against checkpoints that are slow, stuck or failing. */
@Timeout(120) // for writers that wait for good
@SuppressWarnings("try") // a resource is only there to be closed
class FlowControlTest {
  private static final long HARD = (4 << 20) / 16 * 11;
  private static final MaceOptions OPTIONS =
      MaceOptions.defaults()
          .withDurability(Durability.BUFFERED)
          .withCacheBytes(4 << 20)
          .withLogSegmentBytes(1 << 20)
          .withCheckpointIntervalMillis(Integer.MAX_VALUE)
          .withCheckpointOnClose(false);

  private final MemoryStorage memory = new MemoryStorage("m");
  private final HookedStorage storage = new HookedStorage(memory);
  private final CountDownLatch opened = new CountDownLatch(1);
  private final AtomicBoolean stuck = new AtomicBoolean(true);
  private final AtomicLong clockOffset = new AtomicLong();

  /** Checkpoints wait at their first write as long as they are stuck. */
  private Engine open(MaceOptions options) {
    storage.setHook(this::holdUp);
    Environment seeded = Environment.seeded(1);
    return Engine.open(
        storage,
        options,
        new Environment(
            seeded.clockMillis(),
            () -> System.nanoTime() + clockOffset.get(),
            seeded.random(),
            seeded.storeIds(),
            seeded.probe()));
  }

  /** Lets checkpoints go before the store is closed, whatever a test finds. */
  private interface Held extends AutoCloseable {
    @Override
    void close();
  }

  private void holdUp(String operation, String file) {
    if (file.startsWith("pages") && stuck.get()) {
      try {
        opened.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  private void release() {
    stuck.set(false);
    opened.countDown();
  }

  @AfterEach
  void letGo() {
    release();
    storage.close();
  }

  private static byte[] key(int i) {
    return new byte[] {(byte) (i >> 16), (byte) (i >> 8), (byte) i};
  }

  private static void put(Engine engine, StoredBucket bucket, int i) {
    engine.operations().put(bucket, key(i), new byte[1000]);
  }

  /** Writes until a commit stalls; the future ends with it. */
  private static CompletableFuture<Integer> writeUntilStalled(Engine engine, StoredBucket bucket) {
    CompletableFuture<Integer> last = new CompletableFuture<>();
    Thread writer =
        new Thread(
            () -> {
              try {
                int i = 0;
                while (engine.flow().stalled() == 0) {
                  put(engine, bucket, i++);
                }
                last.complete(i - 1);
              } catch (Throwable e) {
                last.completeExceptionally(e);
              }
            });
    writer.start();
    while (engine.flow().stalled() == 0 && !last.isDone()) {
      Thread.onSpinWait();
    }
    return last;
  }

  @Test
  void writerWaitsForACheckpointAtTheLimit() {
    try (Engine engine = open(OPTIONS);
        Held held = this::release) {
      StoredBucket bucket = engine.bucket("b", null);
      CompletableFuture<Integer> last = writeUntilStalled(engine, bucket);
      assertThat(last).isNotDone();
      assertThat(engine.trees().dirty().get()).isBetween(HARD, HARD + (64 << 10));
      assertThat(engine.flow().isPressed()).isTrue();
      release();
      int count = last.join() + 1;
      assertThat(engine.operations().count(bucket)).isEqualTo(count);
      assertThat(engine.checkpointer().count()).isPositive();
      assertThat(engine.flow().dirtyBytesPerSecond()).isPositive();
      engine.checkpoint();
      put(engine, bucket, 0);
      assertThat(engine.flow().isPressed()).isFalse();
    }
  }

  @Test
  void commitIsRefusedWhenItWaitedTooLong() {
    try (Engine engine = open(OPTIONS.withMaxStallMillis(1));
        Held held = this::release) {
      StoredBucket bucket = engine.bucket("b", null);
      assertThat(writeUntilStalled(engine, bucket))
          .failsWithin(Duration.ofSeconds(60))
          .withThrowableThat()
          .withCauseInstanceOf(WriteStalledException.class)
          .withMessageContaining("it waited 1 ms (maxStallMillis)")
          .withMessageContaining(
              "bytes of changed leaves in memory, kept for cleaning, and of nodes above leaves, the limit is 2,883,584");
      long count = engine.operations().count(bucket);
      WriteTransaction transaction =
          engine.begin(TransactionOptions.defaults().withDurability(null), this);
      transaction.put(bucket, key(1 << 20), new byte[5]);
      assertThatThrownBy(transaction::commit).isInstanceOf(WriteStalledException.class);
      assertThat(engine.operations().count(bucket)).as("nothing was kept").isEqualTo(count);
      assertThat(engine.operations().get(bucket, key(0))).as("reads go on").hasSize(1000);
      engine.drop("b"); // and what makes less, too
      release();
      engine.checkpoint();
      put(engine, engine.bucket("c", null), 0);
    }
  }

  @Test
  void refusalNamesWhyCheckpointsFail() {
    try (Engine engine = open(OPTIONS.withMaxStallMillis(700));
        Held held = this::release) {
      StoredBucket bucket = engine.bucket("b", null);
      storage.setHook(
          (operation, file) -> {
            if (file.startsWith("pages")) {
              throw new StoreIOException("no room for pages", new IOException("injected"));
            }
          });
      assertThat(writeUntilStalled(engine, bucket))
          .failsWithin(Duration.ofSeconds(60))
          .withThrowableThat()
          .havingCause()
          .isInstanceOf(WriteStalledException.class)
          .withMessageContaining("the last checkpoint failed: no room for pages")
          .havingCause()
          .isInstanceOf(StoreIOException.class);
      long count = engine.operations().count(bucket);
      storage.setHook((operation, file) -> {});
      put(engine, bucket, 1 << 20); // asks for a checkpoint, waits for it and goes on
      assertThat(engine.operations().count(bucket)).isEqualTo(count + 1);
    }
  }

  @Test
  void interruptNeitherEndsTheWaitNorGetsLost() throws InterruptedException {
    try (Engine engine = open(OPTIONS);
        Held held = this::release) {
      StoredBucket bucket = engine.bucket("b", null);
      CompletableFuture<Integer> last = writeUntilStalled(engine, bucket);
      AtomicBoolean flag = new AtomicBoolean();
      Thread second =
          new Thread(
              () -> {
                put(engine, bucket, 1 << 20);
                flag.set(Thread.currentThread().isInterrupted());
              });
      second.start();
      while (engine.flow().stalled() < 2) {
        Thread.onSpinWait();
      }
      second.interrupt();
      Thread third =
          new Thread(
              () -> {
                Thread.currentThread().interrupt();
                put(engine, bucket, 1 << 21);
              });
      third.start();
      while (engine.flow().stalled() < 3) {
        Thread.onSpinWait();
      }
      assertThat(second.isAlive()).isTrue();
      assertThat(third.isAlive()).isTrue();
      release();
      second.join();
      third.join();
      assertThat(flag).isTrue();
      assertThat(last.join()).isPositive();
      assertThat(engine.operations().get(bucket, key(1 << 20))).hasSize(1000);
      assertThat(engine.operations().get(bucket, key(1 << 21))).hasSize(1000);
    }
  }

  @Test
  void closeEndsTheWait() {
    Engine engine = open(OPTIONS);
    StoredBucket bucket = engine.bucket("b", null);
    CompletableFuture<Integer> last = writeUntilStalled(engine, bucket);
    CompletableFuture<Void> closed = CompletableFuture.runAsync(engine::close);
    while (!engine.isClosed()) {
      Thread.onSpinWait();
    }
    release();
    closed.join();
    try {
      last.join();
    } catch (CompletionException e) {
      assertThat(e).hasCauseInstanceOf(StoreClosedException.class);
    }
  }

  @Test
  void writersAreSlowedDownBetweenTheLimits() {
    try (Engine engine = open(OPTIONS);
        Held held = this::release) {
      StoredBucket bucket = engine.bucket("b", null);
      stuck.set(false);
      for (int i = 0; i < 1000; i++) {
        put(engine, bucket, i);
      }
      storage.setHook(
          (operation, file) -> {
            if (operation.equals("sync") && file.startsWith("pages")) {
              clockOffset.addAndGet(100_000_000); // it takes a tenth of a second
            }
          });
      engine.checkpoint();
      assertThat(engine.flow().dirtyBytesPerSecond()).isBetween(500_000L, 20_000_000L);
      stuck.set(true);
      storage.setHook(this::holdUp);
      for (int i = 0; engine.flow().delayed() == 0; i++) {
        put(engine, bucket, i);
      }
      assertThat(engine.flow().stalled()).isZero();
      assertThat(engine.flow().delayNanos()).isPositive();
      assertThat(engine.trees().dirty().get()).isBetween(HARD / 11 * 8, HARD);
      release();
    }
  }

  @Test
  void withoutFlowControlNobodyWaits() {
    try (Engine engine = open(OPTIONS.withFlowControl(false));
        Held held = this::release) {
      StoredBucket bucket = engine.bucket("b", null);
      for (int i = 0; engine.trees().dirty().get() < 2 * HARD; i++) {
        put(engine, bucket, i);
      }
      assertThat(engine.flow().delayNanos()).isZero();
      release();
    }
  }

  @Test
  void growingLogIsBounded() {
    MaceOptions options = OPTIONS.withCheckpointLogBytes(1 << 20).withMaxStallMillis(1);
    try (Engine engine = open(options);
        Held held = this::release) {
      StoredBucket bucket = engine.bucket("b", null);
      assertThatThrownBy(
              () -> {
                while (true) {
                  put(engine, bucket, 0); // always the same leaf
                }
              })
          .isInstanceOf(WriteStalledException.class)
          .hasMessageContaining(
              "bytes of log since the last checkpoint, and kept for cleaning, the limit is 4,194,304");
      release();
    }
  }

  /** A log that a checkpoint can't let go, since a transaction needs it, holds up nobody. */
  @Test
  void openTransactionDoesNotStallTheOthers() {
    MaceOptions options = OPTIONS.withCheckpointLogBytes(1 << 20);
    stuck.set(false);
    try (Engine engine = open(options);
        Held held = this::release) {
      StoredBucket bucket = engine.bucket("b", null);
      WriteTransaction large =
          engine.begin(TransactionOptions.defaults().withDurability(null), this);
      for (int i = 0; i < 20; i++) {
        large.put(bucket, key(i), new byte[1 << 20]);
      }
      for (int i = 0; i < 10_000; i++) {
        put(engine, bucket, 100 + i);
      }
      large.commit();
      assertThat(engine.operations().count(bucket)).isEqualTo(10_020);
    }
  }

  /** Conflicts leave changed leaves behind, and no commit for which there would be a checkpoint. */
  @Test
  void whatOnlyConflictsChangedIsWorkedOffToo() {
    stuck.set(false);
    try (Engine engine = open(OPTIONS.withCacheBytes(16 << 20));
        Held held = this::release) {
      StoredBucket bucket = engine.bucket("b", null);
      for (int i = 0; i < 14_000; i++) {
        put(engine, bucket, i);
      }
      engine.checkpoint();
      WriteTransaction losing =
          engine.begin(TransactionOptions.defaults().withDurability(null), this);
      put(engine, bucket, 13_999);
      for (int i = 0; i < 9_500; i++) { // over the soft limit, below what one commit may change
        losing.put(bucket, key(i), new byte[1]);
      }
      losing.put(bucket, key(13_999), new byte[1]);
      engine.checkpoint();
      long checkpoints = engine.checkpointer().count();
      assertThatThrownBy(losing::commit).isInstanceOf(ConflictException.class);
      assertThat(engine.flow().isPressed()).isTrue();
      put(engine, bucket, 0);
      engine.checkpoint();
      put(engine, bucket, 1);
      assertThat(engine.flow().isPressed()).isFalse();
      assertThat(engine.checkpointer().count()).isGreaterThan(checkpoints);
    }
  }
}
