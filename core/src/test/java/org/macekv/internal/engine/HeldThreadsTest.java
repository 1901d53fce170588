package org.macekv.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.macekv.error.ConflictException;
import org.macekv.internal.io.HookedStorage;
import org.macekv.internal.io.MemoryStorage;
import org.macekv.internal.mvcc.Probe;
import org.macekv.internal.txn.SnapshotReads;
import org.macekv.internal.txn.StoredBucket;
import org.macekv.internal.txn.WriteTransaction;
import org.macekv.option.Durability;
import org.macekv.option.Isolation;
import org.macekv.option.MaceOptions;
import org.macekv.option.TransactionOptions;

/** A thread is held where others may get in its way, and they run. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HeldThreadsTest {
  private static final TransactionOptions SERIALIZABLE =
      TransactionOptions.defaults().withIsolation(Isolation.SERIALIZABLE);

  private final HookedStorage storage = new HookedStorage(new MemoryStorage("m"));
  private final CountDownLatch arrived = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);
  private final AtomicInteger passed = new AtomicInteger();
  private volatile Probe.@Nullable Point held;
  private volatile @Nullable Thread thread;

  private final Engine engine =
      Engine.open(
          storage,
          MaceOptions.defaults().withDurability(Durability.BUFFERED),
          Environment.seeded(1).withProbe(this::at));
  private final StoredBucket bucket = engine.bucket("b", null);

  @AfterEach
  void close() {
    released.countDown();
    engine.close();
  }

  private void at(Probe.Point point) {
    if (point == held && Thread.currentThread() == thread) {
      passed.incrementAndGet();
      hold();
    }
  }

  private void hold() {
    arrived.countDown();
    try {
      released.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Has a thread run work until it is held at a point. */
  private CompletableFuture<Void> runTo(Probe.Point point, Runnable work) {
    held = point;
    CompletableFuture<Void> done =
        CompletableFuture.runAsync(
            () -> {
              thread = Thread.currentThread();
              work.run();
            });
    awaitArrival();
    return done;
  }

  private void awaitArrival() {
    try {
      arrived.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void put(int key, int value) {
    engine.operations().put(bucket, bytes(key), bytes(value));
  }

  private static byte[] bytes(int i) {
    return new byte[] {(byte) (i >> 8), (byte) i};
  }

  private byte @Nullable [] get(int key) {
    return engine.operations().get(bucket, bytes(key));
  }

  @Test
  void nobodySeesACommitBeforeItIsPublishedAndReadersGoOn() {
    put(1, 1);
    CompletableFuture<Void> commit = runTo(Probe.Point.BEFORE_PUBLICATION, () -> put(1, 2));
    assertThat(get(1)).isEqualTo(bytes(1));
    Engine.OpenView view = engine.openView(this);
    SnapshotReads reads = engine.reads(view);
    assertThat(reads.get(bucket, bytes(1))).isEqualTo(bytes(1));
    assertThat(reads.count(bucket)).isEqualTo(1);
    assertThat(engine.operations().count(bucket)).isEqualTo(1);
    assertThat(commit).isNotDone();
    released.countDown();
    commit.join();
    assertThat(get(1)).isEqualTo(bytes(2));
    assertThat(reads.get(bucket, bytes(1))).isEqualTo(bytes(1));
    engine.closeView(view);
  }

  /** Many are looked for in the tree once more, few in the section. */
  @ParameterizedTest
  @ValueSource(ints = {1, 10, 1000})
  void changeBetweenCheckAndAppendIsFound(int changes) {
    put(1, 1);
    CompletableFuture<Void> commit =
        runTo(
            Probe.Point.BEFORE_APPEND,
            () -> {
              WriteTransaction transaction = engine.begin(SERIALIZABLE, this);
              transaction.get(bucket, bytes(1));
              transaction.put(bucket, bytes(2), bytes(2));
              transaction.commit();
            });
    for (int i = 0; i < changes; i++) {
      put(i == changes / 2 ? 1 : 100 + i, 3);
    }
    released.countDown();
    assertThatThrownBy(commit::join)
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(
            ConflictException.class, e -> assertThat(e.key()).isEqualTo(bytes(1)));
    assertThat(get(2)).isNull();
  }

  /** And so is a transaction's, in a range; what lies beside is no conflict. */
  @Test
  void transactionBetweenCheckAndAppendIsFound() {
    for (boolean within : new boolean[] {false, true}) {
      put(10, 1);
      WriteTransaction reader = engine.begin(SERIALIZABLE, this);
      var cursor = reader.scan(bucket, bytes(5), bytes(20), true);
      while (cursor.next()) {
        assertThat(cursor.key()).isEqualTo(bytes(10));
      }
      reader.put(bucket, bytes(50), bytes(1));
      if (within) {
        CompletableFuture<Void> commit = runTo(Probe.Point.BEFORE_APPEND, reader::commit);
        commitBeside(15);
        released.countDown();
        assertThatThrownBy(commit::join).hasCauseInstanceOf(ConflictException.class);
      } else {
        commitBeside(25);
        reader.commit();
      }
    }
  }

  private void commitBeside(int key) {
    WriteTransaction writer = engine.begin(TransactionOptions.defaults(), this);
    for (int i = 0; i < 5; i++) {
      writer.put(bucket, bytes(key + 1000 * i), bytes(1));
    }
    writer.commit();
  }

  @Test
  void checkIsRepeatedOnlyAFewTimesHoweverManyCommitsCome() {
    put(1, 1);
    CompletableFuture<Void> commit =
        runTo(
            Probe.Point.BEFORE_APPEND,
            () -> {
              WriteTransaction transaction = engine.begin(SERIALIZABLE, this);
              transaction.get(bucket, bytes(1));
              transaction.put(bucket, bytes(2), bytes(2));
              transaction.commit();
            });
    for (int i = 0; i < 1000; i++) {
      put(100 + i, 3);
    }
    released.countDown();
    commit.join();
    assertThat(passed).hasValue(2); // the second time nothing came meanwhile
    assertThat(get(2)).isEqualTo(bytes(2));
  }

  @Test
  void whileALeafIsFoldedItsReadersGoOnAndWritersOfOthers() {
    StoredBucket other = engine.bucket("other", null);
    for (int i = 0; i < 100; i++) {
      put(i, 1);
    }
    CompletableFuture<Void> writer =
        runTo(
            Probe.Point.FOLD,
            () -> {
              for (int n = 0; n < 1000; n++) {
                put(n % 100, 2);
              }
            });
    for (int i = 0; i < 100; i++) {
      assertThat(get(i)).isNotNull();
    }
    assertThat(engine.operations().count(bucket)).isEqualTo(100);
    engine.operations().put(other, bytes(1), bytes(1));
    assertThat(engine.operations().get(other, bytes(1))).isEqualTo(bytes(1));
    CompletableFuture<Void> checkpoint = CompletableFuture.runAsync(engine::checkpoint);
    engine.operations().put(other, bytes(2), bytes(2));
    released.countDown();
    writer.join();
    checkpoint.join();
    assertThat(get(50)).isEqualTo(bytes(2));
  }

  @Test
  void whileACheckpointIsHeldBeforeItsRecordCommitsGoOn() {
    put(1, 1);
    storage.setHook(
        (operation, file) -> {
          if (operation.equals("write") && file.startsWith("MANIFEST")) {
            hold();
          }
        });
    CompletableFuture<Void> checkpoint = CompletableFuture.runAsync(engine::checkpoint);
    awaitArrival();
    put(1, 2);
    put(2, 2);
    assertThat(get(1)).isEqualTo(bytes(2));
    assertThat(engine.checkpointer().count()).isZero();
    released.countDown();
    checkpoint.join();
    assertThat(engine.checkpointer().count()).isEqualTo(1);
    engine.checkpoint();
    assertThat(engine.trees().dirty().get()).isZero();
  }
}
