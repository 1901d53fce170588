package org.macekv.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.macekv.error.LimitExceededException;
import org.macekv.error.StoreIOException;
import org.macekv.internal.io.HookedStorage;
import org.macekv.internal.log.Headroom;
import org.macekv.internal.txn.StoredBucket;
import org.macekv.internal.txn.TransactionSettings;
import org.macekv.internal.txn.WriteTransaction;
import org.macekv.option.BucketOptions;
import org.macekv.option.BulkLoadOptions;
import org.macekv.option.Durability;
import org.macekv.option.MaceOptions;
import org.macekv.option.TransactionOptions;

/** The engine at the edges of what is promised; each of these was wrong once. */
@Timeout(120)
class EngineEdgesTest extends LimitedDevice {

  private static Environment timed(long[] nanos) {
    Environment seeded = Environment.seeded(1);
    return new Environment(
        seeded.clockMillis(), () -> nanos[0], seeded.random(), seeded.storeIds(), seeded.probe());
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void failedCheckpointGivesBackWhatItHasWrittenIntoAFileThatWasThereBefore() {
    MaceOptions options =
        OPTIONS.withDurability(Durability.WRITE).withHeadroomBytes(0).withPageFileBytes(64 << 20);
    try (Engine engine = open(device, options)) {
      StoredBucket bucket = engine.bucket("b", BucketOptions.defaults());
      putMiB(engine, bucket, 8);
      engine.checkpoint();
      for (int i = 0; i < next / 2; i++) {
        put(engine, bucket, i, 1);
      }
      engine.log().await(engine.log().tail(), true);
      long before = device.taken();
      device.setCapacity(before + 2 * MIB);
      assertThatThrownBy(engine::checkpoint).isInstanceOf(StoreIOException.class);
      assertThat(device.taken() - before).isLessThan(64 << 10);
    }
  }

  @Test
  void checkpointThatFitsIntoWhatIsLeftWithTheHeadroomSucceeds() {
    MaceOptions options = OPTIONS.withDurability(Durability.WRITE).withPageFileBytes(64 << 20);
    try (Engine engine = open(device, options)) {
      StoredBucket bucket = engine.bucket("b", BucketOptions.defaults());
      putMiB(engine, bucket, 16);
      engine.checkpoint();
      assertThat(engine.log().headroom().held()).isEqualTo(MIB);
      for (int i = 0; i < 1000; i++) { // 2,000,000 bytes
        put(engine, bucket, i, 1);
      }
      engine.log().await(engine.log().tail(), true);
      device.setCapacity(device.taken() + 3 * MIB / 2 + (256 << 10)); // and 768 KiB of head-room
      engine.checkpoint();
      requireAll(engine);
    }
  }

  @Test
  void headroomIsNotTakenBackFromTheCheckpointThatUsesIt() {
    long[] nanos = {0};
    HookedStorage hooked = new HookedStorage(device);
    MaceOptions options = OPTIONS.withDurability(Durability.WRITE).withPageFileBytes(64 << 10);
    int[] tries = {0};
    try (Engine engine = Engine.open(hooked, options, timed(nanos))) {
      StoredBucket bucket = engine.bucket("b", BucketOptions.defaults());
      putMiB(engine, bucket, 16);
      engine.checkpoint();
      engine.checkpoint();
      for (int i = 0; i < 1000; i++) {
        put(engine, bucket, i, 1);
      }
      engine.log().await(engine.log().tail(), true);
      device.setCapacity(device.taken() + 3 * MIB / 2 + (256 << 10));
      hooked.setHook(
          (operation, file) -> {
            boolean spent = engine.log().headroom().isSpent();
            if (spent && operation.equals("create") && file.startsWith("pages")) {
              tries[0]++;
              nanos[0] += 2_000_000_000L; // checkpoints take their time
              Thread writer = new Thread(() -> putIfAccepted(engine, bucket));
              writer.start();
              join(writer);
            }
          });
      engine.checkpoint();
      assertThat(tries[0]).isBetween(1, 60); // the files of one try
    }
  }

  private static void spend(Engine engine) {
    Headroom headroom = engine.log().headroom();
    assertThat(headroom.spend(headroom.changes())).isTrue();
  }

  private static void putIfAccepted(Engine engine, StoredBucket bucket) {
    try {
      engine.operations().put(bucket, key(1), value(1, 1));
    } catch (StoreIOException e) {
      return; // not now
    }
  }

  @Test
  void deletionIsAcceptedIfAnotherHasJustSpentTheHeadroom() {
    HookedStorage hooked = new HookedStorage(device);
    MaceOptions options = OPTIONS.withDurability(Durability.WRITE);
    try (Engine engine = open(hooked, options)) {
      StoredBucket bucket = engine.bucket("b", BucketOptions.defaults());
      putMiB(engine, bucket, 16);
      engine.checkpoint();
      device.setCapacity(device.taken() + 16 * MIB);
      fillUp(engine, bucket);
      device.setCapacity(device.taken());
      int[] cuts = {0};
      hooked.setHook(
          (operation, file) -> {
            // What was reserved in part is cut back: after the first try, and after the second.
            if (operation.equals("setLength") && ++cuts[0] == 2) {
              Thread other = new Thread(() -> spend(engine));
              other.start();
              join(other);
            }
          });
      for (int i = 0; i < next && cuts[0] < 2; i++) {
        delete(engine, bucket, i);
      }
      assertThat(cuts[0]).isEqualTo(2);
      assertThat(cuts[0]).isEqualTo(2);
    }
  }

  @Test
  void deletionIsAcceptedWhileAPutAsksWhetherThereIsSpaceAgain() {
    long[] nanos = {0};
    HookedStorage hooked = new HookedStorage(device);
    MaceOptions options = OPTIONS.withDurability(Durability.WRITE);
    try (Engine engine = Engine.open(hooked, options, timed(nanos))) {
      StoredBucket bucket = engine.bucket("b", BucketOptions.defaults());
      putMiB(engine, bucket, 16);
      engine.checkpoint();
      device.setCapacity(device.taken() + 16 * MIB);
      fillUp(engine, bucket);
      device.setCapacity(device.taken());
      int deleted = 0;
      while (!engine.log().headroom().isSpent()) {
        delete(engine, bucket, deleted++);
      }
      device.setCapacity(device.taken() + (500 << 10)); // not enough to fill it again
      int from = deleted;
      List<Throwable> refused = new ArrayList<>();
      Thread[] deleter = {null};
      hooked.setHook(
          (operation, file) -> {
            if (operation.equals("write")
                && file.equals("HEADROOM")
                && device.usableBytes() < (64 << 10)
                && deleter[0] == null) {
              Thread thread =
                  new Thread(
                      () -> {
                        try {
                          for (int i = from; i < next; i++) {
                            delete(engine, bucket, i);
                          }
                        } catch (Throwable e) {
                          refused.add(e);
                        }
                      });
              deleter[0] = thread;
              thread.start();
              while (thread.isAlive() && thread.getState() != Thread.State.BLOCKED) {
                Thread.onSpinWait();
              }
            }
          });
      nanos[0] += 2_000_000_000L;
      assertThatThrownBy(() -> put(engine, bucket, next, 0)).isInstanceOf(StoreIOException.class);
      // The device is not filled to its last byte for what there is not enough space for.
      assertThat(deleter[0]).isNull();
      for (int i = from; i < next; i++) {
        delete(engine, bucket, i);
      }
      assertThat(refused).isEmpty();
    }
  }

  @Test
  void loadDoesNotTakeTheHeadroomThatDeletionsHaveGot() {
    try (Engine engine = openFull(OPTIONS.withDurability(Durability.WRITE))) {
      StoredBucket bucket = engine.bucket("b", null);
      BulkLoad load =
          engine.load(
              "more", BucketOptions.defaults(), BulkLoadOptions.defaults().withSorted(true));
      load.put(key(0), value(0, 0));
      device.setCapacity(device.taken());
      int deleted = 0;
      while (!engine.log().headroom().isSpent()) {
        delete(engine, bucket, deleted++);
      }
      long kept = device.usableBytes();
      try {
        for (int i = 1; device.usableBytes() > 0; i++) {
          load.put(key(i), value(i, 0));
        }
      } catch (StoreIOException e) {
        assertThat(e).hasMessageContaining("only deletions are accepted");
      }
      assertThat(device.usableBytes()).isEqualTo(kept);
    }
  }

  @Test
  void putsGoOnByThemselvesAlsoIfTheClockIsNegative() {
    long[] nanos = {-5_000_000_000_000L};
    MaceOptions options = OPTIONS.withDurability(Durability.WRITE).withCheckpointOnClose(false);
    try (Engine engine = open(device, options)) {
      StoredBucket bucket = engine.bucket("b", BucketOptions.defaults());
      putMiB(engine, bucket, 16);
      engine.checkpoint();
      device.setCapacity(device.taken() + 16 * MIB);
      fillUp(engine, bucket);
      device.setCapacity(device.taken());
      for (int i = 0; !engine.log().headroom().isSpent(); i++) {
        delete(engine, bucket, i);
      }
      device.setCapacity(device.taken());
    }
    device.setCapacity(device.taken());
    try (Engine engine = Engine.open(device, options, timed(nanos))) {
      StoredBucket bucket = engine.bucket("b", null);
      assertThat(engine.log().headroom().isSpent()).isTrue();
      device.setCapacity(Long.MAX_VALUE);
      nanos[0] += 3_600_000_000_000L; // an hour
      put(engine, bucket, next, 0);
    }
  }

  @Test
  void deletionsHereAndThereGiveMuchSpaceBackForLittle() {
    MaceOptions options = OPTIONS.withDurability(Durability.WRITE).withPageFileBytes(16 << 20);
    try (Engine engine = openFull(options)) {
      StoredBucket bucket = engine.bucket("b", null);
      device.setCapacity(device.usableBytes() + device.taken() + 3 * MIB);
      for (int i = 0; i < next; i++) {
        if (i % 8 != 0) {
          delete(engine, bucket, i);
        }
      }
      engine.clean();
      engine.clean();
      requireAll(engine);
      int before = next;
      fillUp(engine, bucket);
      assertThat((long) (next - before) * VALUE_BYTES).isGreaterThan(8 * MIB);
    }
  }

  @Test
  void whatWasWrittenFrugallyIsWrittenAnewWhenThereIsSpace() {
    MaceOptions options =
        OPTIONS
            .withDurability(Durability.SYNC)
            .withHeadroomBytes(0)
            .withCacheBytes(256 << 20); // so that no checkpoint comes by itself
    try (Engine engine = open(device, options)) {
      StoredBucket bucket = engine.bucket("b", BucketOptions.defaults());
      putMiB(engine, bucket, 32);
      engine.checkpoint();
      for (int i = 0; i < next; i++) {
        if (i % 8 != 0) {
          delete(engine, bucket, i);
        }
      }
      device.setCapacity(device.taken() + MIB); // full images would be 4 MiB
      engine.checkpoint();
      long needed = (long) expected.size() * VALUE_BYTES;
      assertThat(engine.checkpointer().space().pageBytes()).isGreaterThan(6 * needed);
      device.setCapacity(Long.MAX_VALUE);
      engine.clean();
      requireAll(engine);
      assertThat(engine.checkpointer().space().pageBytes()).isLessThan(2 * needed);
      assertThat(engine.log().headroom().isSpent()).isFalse();
    }
  }

  @Test
  void cleaningGivesBackWhatWasDeletedHereAndThere() {
    MaceOptions options = OPTIONS.withDurability(Durability.WRITE);
    try (Engine engine = open(device, options)) {
      StoredBucket bucket = engine.bucket("b", BucketOptions.defaults());
      putMiB(engine, bucket, 32);
      engine.checkpoint();
      for (int i = 0; i < next; i++) {
        if (i % 8 != 0) {
          delete(engine, bucket, i);
        }
      }
      engine.clean();
      engine.clean();
      requireAll(engine);
      System.out.println("T9b " + engine.checkpointer().space());
      long needed = (long) expected.size() * VALUE_BYTES;
      assertThat(engine.checkpointer().space().pageBytes()).isLessThan(3 * needed);
    }
  }

  @Test
  void beginThatRacesWithCloseLeavesNoThread() {
    Runnable[] hook = {() -> {}};
    Environment seeded = Environment.seeded(1);
    Environment env =
        new Environment(
            seeded.clockMillis(),
            () -> {
              hook[0].run();
              return System.nanoTime();
            },
            seeded.random(),
            seeded.storeIds(),
            seeded.probe());
    Engine engine = Engine.open(memory, OPTIONS, env);
    hook[0] =
        () -> {
          hook[0] = () -> {};
          engine.close();
        };
    try {
      engine.begin(TransactionOptions.defaults().withTimeoutMillis(10_000), this);
    } catch (org.macekv.error.StoreClosedException e) {
      hook[0] = () -> {};
    }
    assertThat(Thread.getAllStackTraces().keySet().stream().map(Thread::getName))
        .noneMatch(name -> name.startsWith("mace watches"));
  }

  @Test
  void beginThatRacesWithCloseSaysThatTheStoreIsClosed() {
    Runnable[] hook = {() -> {}};
    Environment seeded = Environment.seeded(1);
    Environment env =
        new Environment(
            seeded.clockMillis(),
            () -> {
              hook[0].run();
              return System.nanoTime();
            },
            seeded.random(),
            seeded.storeIds(),
            seeded.probe());
    Engine engine = Engine.open(memory, OPTIONS, env);
    engine.begin(TransactionOptions.defaults().withTimeoutMillis(10_000), this).rollback();
    hook[0] =
        () -> {
          hook[0] = () -> {};
          engine.close();
        };
    assertThatThrownBy(
            () -> engine.begin(TransactionOptions.defaults().withTimeoutMillis(10_000), this))
        .isInstanceOf(org.macekv.error.StoreClosedException.class);
  }

  @Test
  void whoeverCallsATransactionThatIsJustEndedForItsLogIsToldWhy() {
    try (Engine engine = open(memory, OPTIONS)) {
      StoredBucket bucket = engine.bucket("b", BucketOptions.defaults());
      List<Throwable> thrown = new ArrayList<>();
      WriteTransaction[] transaction = {null};
      TransactionSettings settings =
          new TransactionSettings(
              Durability.WRITE, false, 0, Long.MAX_VALUE, Long.MAX_VALUE, MIB, System::nanoTime);
      Runnable onEnd =
          () -> {
            Thread owner =
                new Thread(
                    () -> {
                      WriteTransaction own = transaction[0];
                      if (own != null) {
                        try {
                          own.rollback();
                        } catch (Throwable e) {
                          thrown.add(e);
                        }
                      }
                    });
            owner.start();
            join(owner);
          };
      WriteTransaction begun = new WriteTransaction(engine.committer(), settings, onEnd);
      transaction[0] = begun;
      begun.put(bucket, key(1), new byte[2 * MIB]);
      begun.expire();
      assertThat(begun.isExpired()).isTrue();
      assertThat(thrown).hasSize(1);
      assertThat(thrown.get(0)).isInstanceOf(LimitExceededException.class);
    }
  }

  @Test
  void nodesAboveLeavesThatAreNotMovedAfterAllMayGo() {
    HookedStorage hooked = new HookedStorage(memory);
    long cache = 256 << 10;
    int count = 60_000;
    MaceOptions options =
        OPTIONS
            .withDurability(Durability.WRITE)
            .withCacheBytes(cache)
            .withPageFileBytes(64 << 10)
            .withMaxGarbagePercent(5);
    try (Engine engine = open(hooked, options)) {
      StoredBucket bucket = engine.bucket("b", BucketOptions.defaults().withLeafBytes(256));
      for (int i = 0; i < count; i++) {
        engine.operations().put(bucket, key(i), key(i));
      }
      engine.checkpoint();
      engine.checkpointer().setCleaningPaused(true);
      Random random = new Random(1);
      for (int round = 0; round < 60; round++) {
        for (int run = 0; run < 100; run++) {
          int from = random.nextInt(count - 12);
          for (int i = from; i < from + 12; i++) {
            engine.operations().put(bucket, key(i), key(i));
          }
        }
        engine.checkpoint();
      }
      engine.checkpointer().setCleaningPaused(false);
      readAtRandom(engine, bucket, count, random);
      System.out.println(
          "T3 before "
              + engine.trees().residency().residentBytes()
              + " "
              + engine.trees().residency().innerResidentBytes());
      assertThat(engine.trees().residency().residentBytes()).isLessThan(cache + (64 << 10));
      hooked.setHook(
          (operation, file) -> {
            if (operation.equals("write") && file.startsWith("pages")) {
              readAtRandom(engine, bucket, count, new Random(2)); // the hand comes by
              throw new StoreIOException("no space left", new java.io.IOException("simulated"));
            }
          });
      for (int round = 0; round < 20; round++) {
        engine.checkpointer().run();
      }
      engine.checkpointer().setCleaningPaused(true);
      engine.checkpointer().run();
      assertThat(engine.trees().dirty().get()).isZero();
      for (int n = 0; n < 5; n++) {
        readAtRandom(engine, bucket, count, random);
      }
      System.out.println(
          "T3 "
              + engine.trees().residency().residentBytes()
              + " inner "
              + engine.trees().residency().innerResidentBytes());
      long share = cache / 8 * 3;
      assertThat(engine.trees().residency().innerResidentBytes()).isLessThan(share + (16 << 10));
    }
  }

  private static void readAtRandom(Engine engine, StoredBucket bucket, int count, Random random) {
    for (int n = 0; n < 2000; n++) {
      int i = random.nextInt(count);
      assertThat(engine.operations().get(bucket, key(i))).isEqualTo(key(i));
    }
  }
}
