package org.macekv.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.macekv.error.StoreIOException;
import org.macekv.internal.checkpoint.Checkpointer;
import org.macekv.internal.txn.StoredBucket;
import org.macekv.internal.txn.WriteTransaction;
import org.macekv.option.BucketOptions;
import org.macekv.option.BulkLoadOptions;
import org.macekv.option.Durability;
import org.macekv.option.MaceOptions;
import org.macekv.option.TransactionOptions;

/** A device that becomes full: what is accepted then, and how there is space again. */
@Timeout(120)
class FullDeviceTest extends LimitedDevice {

  @ParameterizedTest
  @EnumSource(Durability.class)
  void deletionsAreAcceptedAndGiveTheSpaceBack(Durability durability) {
    MaceOptions options = OPTIONS.withDurability(durability);
    try (Engine engine = openFull(options)) {
      StoredBucket bucket = engine.bucket("b", null);
      assertThat(engine.log().headroom().held()).isEqualTo(MIB);
      assertThatThrownBy(() -> put(engine, bucket, next, 0)).isInstanceOf(StoreIOException.class);
      requireAll(engine); // reads go on
      assertThat(engine.log().headroom().isSpent()).isFalse(); // it is not for puts
      for (int i = 0; i < next / 2; i++) {
        delete(engine, bucket, i);
      }
      requireAll(engine);
      engine.log().await(engine.log().tail(), true);
      try (Engine crashed = open(memory.copy("crashed"), options)) {
        requireAll(crashed);
      }
      engine.clean();
      assertThat(engine.log().headroom().isSpent()).isFalse();
      assertThat(engine.log().headroom().held()).isEqualTo(MIB);
      putMiB(engine, bucket, 1); // there is space again
      requireAll(engine);
      assertThat(engine.log().hasFailed()).isFalse();
    }
    try (Engine engine = open(device, options)) {
      requireAll(engine);
    }
  }

  @Test
  void onlyWhatGivesSpaceBackIsAcceptedWhileHeadroomIsSpent() {
    try (Engine engine = openFull(OPTIONS.withDurability(Durability.WRITE))) {
      StoredBucket bucket = engine.bucket("b", null);
      device.setCapacity(device.taken());
      int deleted = 0;
      while (!engine.log().headroom().isSpent()) {
        delete(engine, bucket, deleted++);
      }
      assertThat(engine.log().headroom().held()).isZero();
      String refusal = "only deletions are accepted";
      assertThatThrownBy(() -> put(engine, bucket, next, 0))
          .isInstanceOf(StoreIOException.class)
          .hasMessageContaining(refusal);
      assertThatThrownBy(() -> engine.operations().put(bucket, key(1), new byte[100_000]))
          .hasMessageContaining(refusal);
      assertThatThrownBy(() -> engine.bucket("more", null)).hasMessageContaining(refusal);
      assertThatThrownBy(
              () -> engine.load("more", BucketOptions.defaults(), BulkLoadOptions.defaults()))
          .hasMessageContaining(refusal);
      WriteTransaction mixed = engine.begin(TransactionOptions.defaults(), this);
      mixed.delete(bucket, key(deleted));
      mixed.put(bucket, key(next), value(0, 0));
      assertThatThrownBy(mixed::commit).hasMessageContaining(refusal);
      WriteTransaction deletes = engine.begin(TransactionOptions.defaults(), this);
      deletes.delete(bucket, key(deleted));
      expected.remove(deleted);
      deletes.commit();
      requireAll(engine);
      device.setCapacity(Long.MAX_VALUE); // somebody made space
      engine.checkpoint();
      assertThat(engine.log().headroom().isSpent()).isFalse();
      put(engine, bucket, next, 0);
      requireAll(engine);
    }
  }

  @Test
  void putsGoOnByThemselvesWhenThereIsSpaceAgain() {
    long[] nanos = {0};
    Environment seeded = Environment.seeded(1);
    Environment timed =
        new Environment(
            seeded.clockMillis(),
            () -> nanos[0],
            seeded.random(),
            seeded.storeIds(),
            seeded.probe());
    MaceOptions options = OPTIONS.withDurability(Durability.WRITE);
    openFull(options).close(); // its last checkpoint needs the head-room
    try (Engine engine = Engine.open(device, options, timed)) {
      StoredBucket bucket = engine.bucket("b", null);
      int deleted = 0;
      while (!engine.log().headroom().isSpent()) {
        delete(engine, bucket, deleted++);
      }
      nanos[0] += 2_000_000_000L;
      assertThatThrownBy(() -> put(engine, bucket, next, 0)).isInstanceOf(StoreIOException.class);
      device.setCapacity(Long.MAX_VALUE);
      assertThatThrownBy(() -> put(engine, bucket, next, 0)).isInstanceOf(StoreIOException.class);
      nanos[0] += 2_000_000_000L; // it is not asked for each time
      put(engine, bucket, next, 0);
      assertThat(engine.log().headroom().held()).isEqualTo(MIB);
      requireAll(engine);
    }
  }

  @Test
  void checkpointOfWhatFilledTheDeviceTakesTheHeadroomAndFreesTheLog() {
    try (Engine engine = open(device, OPTIONS.withDurability(Durability.WRITE))) {
      StoredBucket bucket = engine.bucket("b", BucketOptions.defaults());
      putMiB(engine, bucket, 40);
      engine.checkpoint();
      engine.checkpoint();
      for (int i = 0; i < 10_000; i++) {
        put(engine, bucket, i % 300, i); // some 600 KB of leaves that are changed, 20 MB of log
      }
      device.setCapacity(device.taken());
      long taken = device.taken();
      engine.checkpoint();
      assertThat(device.taken()).isLessThan(taken - 8 * MIB);
      assertThat(engine.log().headroom().isSpent()).isFalse(); // it was, meanwhile
      assertThat(engine.log().headroom().held()).isEqualTo(MIB);
      fillUp(engine, bucket);
      requireAll(engine);
    }
    try (Engine engine = open(device, OPTIONS)) {
      requireAll(engine);
    }
  }

  @Test
  void checkpointThatNeedsMoreThanThereIsFailsAndNothingIsLost() {
    try (Engine engine = open(device, OPTIONS.withDurability(Durability.WRITE))) {
      StoredBucket bucket = engine.bucket("b", BucketOptions.defaults());
      putMiB(engine, bucket, 16);
      engine.checkpoint();
      for (int i = 0; i < next; i++) {
        put(engine, bucket, i, 1);
      }
      device.setCapacity(device.taken());
      assertThatThrownBy(engine::checkpoint).isInstanceOf(StoreIOException.class);
      assertThat(engine.log().headroom().isSpent()).isTrue();
      requireAll(engine);
      for (int i = 0; i < next; i++) {
        delete(engine, bucket, i); // what was kept for it is free again
      }
      engine.checkpoint();
      assertThat(engine.log().headroom().isSpent()).isFalse();
      putMiB(engine, bucket, 4);
      requireAll(engine);
    }
  }

  private static long garbagePercent(Engine engine) {
    Checkpointer.Space space = engine.checkpointer().space();
    return 100 * (space.pageBytes() - space.livePageBytes()) / space.pageBytes();
  }

  @Test
  void cleaningGoesOnInSmallStepsWhereThereIsLittleSpace() {
    MaceOptions options = OPTIONS.withDurability(Durability.WRITE);
    try (Engine engine = open(device, options)) {
      StoredBucket bucket = engine.bucket("b", BucketOptions.defaults());
      putMiB(engine, bucket, 40);
      engine.checkpoint();
      engine.checkpointer().setCleaningPaused(true);
      for (int i = 0; i < next; i++) {
        if (i % 64 < 40) {
          put(engine, bucket, i, 1);
        }
      }
      engine.checkpoint();
      engine.checkpointer().setCleaningPaused(false);
      device.setCapacity(device.taken() + 2 * MIB);
      for (int rounds = 0; garbagePercent(engine) > 30; rounds++) {
        assertThat(rounds).isLessThan(100);
        engine.checkpointer().run();

        requireAll(engine);
      }
    }
    try (Engine engine = open(device, OPTIONS)) {
      requireAll(engine);
    }
  }

  @Test
  void headroomGrowsAndShrinksWithTheStoreAndOutlivesIt() {
    MaceOptions options = OPTIONS.withDurability(Durability.WRITE);
    try (Engine engine = open(device, options)) {
      StoredBucket bucket = engine.bucket("b", BucketOptions.defaults());
      putMiB(engine, bucket, 2);
      engine.checkpoint();
      assertThat(engine.log().headroom().held()).isZero(); // a small store is small
      putMiB(engine, bucket, 8);
      engine.checkpoint();
      assertThat(engine.log().headroom().held()).isEqualTo(MIB);
      putMiB(engine, bucket, 130);
      engine.checkpoint();
      assertThat(engine.log().headroom().held()).isEqualTo(4 * MIB);
    }
    assertThat(memory.copy("closed").list("")).contains("HEADROOM");
    try (Engine engine = open(device, options.withHeadroomBytes(3 * MIB))) {
      StoredBucket bucket = engine.bucket("b", null);
      assertThat(engine.log().headroom().held()).isEqualTo(4 * MIB);
      for (int i = 0; i < next; i++) {
        delete(engine, bucket, i);
      }
      engine.clean();
      assertThat(engine.log().headroom().held()).isZero();
      assertThat(device.list("")).doesNotContain("HEADROOM");
      putMiB(engine, bucket, 130);
      engine.checkpoint();
      assertThat(engine.log().headroom().held()).isEqualTo(3 * MIB);
    }
  }

  @Test
  void withoutHeadroomDeletionsAreRefusedAndNothingIsLost() {
    MaceOptions options = OPTIONS.withDurability(Durability.SYNC).withHeadroomBytes(0);
    try (Engine engine = openFull(options)) {
      StoredBucket bucket = engine.bucket("b", null);
      device.setCapacity(device.taken());
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < next; i++) {
                  delete(engine, bucket, i);
                }
              })
          .isInstanceOf(StoreIOException.class)
          .hasMessageContaining("no space left");
      requireAll(engine);
      assertThat(engine.log().hasFailed()).isFalse();
    }
  }
}
