package org.macekv.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.macekv.error.StoreIOException;
import org.macekv.internal.checkpoint.Checkpointer;
import org.macekv.internal.io.LimitedStorage;
import org.macekv.internal.io.MemoryStorage;
import org.macekv.internal.io.Storage;
import org.macekv.internal.tree.EntryCursor;
import org.macekv.internal.txn.StoredBucket;
import org.macekv.internal.txn.WriteTransaction;
import org.macekv.option.BucketOptions;
import org.macekv.option.BulkLoadOptions;
import org.macekv.option.Durability;
import org.macekv.option.MaceOptions;
import org.macekv.option.TransactionOptions;

/** A device that becomes full: what is accepted then, and how there is space again. */
@Timeout(120)
class FullDeviceTest {
  private static final int VALUE_BYTES = 2000;
  private static final int MIB = 1 << 20;
  private static final MaceOptions OPTIONS =
      MaceOptions.defaults()
          .withLogSegmentBytes(8 << 20)
          .withPageFileBytes(2 << 20)
          .withCacheBytes(64 << 20)
          .withFlushIntervalMillis(60_000)
          .withCheckpointIntervalMillis(Integer.MAX_VALUE)
          .withCheckpointLogBytes(Long.MAX_VALUE);

  private final MemoryStorage memory = new MemoryStorage("store");
  private final LimitedStorage device = new LimitedStorage(memory);
  private final TreeMap<Integer, Integer> expected = new TreeMap<>();
  private int next;

  private static byte[] key(int i) {
    return new byte[] {(byte) (i >> 24), (byte) (i >> 16), (byte) (i >> 8), (byte) i};
  }

  private static int number(byte[] key) {
    return key[0] << 24 | (key[1] & 0xff) << 16 | (key[2] & 0xff) << 8 | (key[3] & 0xff);
  }

  private static byte[] value(int i, int version) {
    byte[] value = new byte[VALUE_BYTES];
    Arrays.fill(value, (byte) (i * 31 + version));
    return value;
  }

  private static Engine open(Storage storage, MaceOptions options) {
    return Engine.open(storage, options, Environment.seeded(1));
  }

  private void put(Engine engine, StoredBucket bucket, int i, int version) {
    engine.operations().put(bucket, key(i), value(i, version));
    expected.put(i, version);
  }

  private void delete(Engine engine, StoredBucket bucket, int i) {
    engine.operations().delete(bucket, key(i));
    expected.remove(i);
  }

  private void putMiB(Engine engine, StoredBucket bucket, int mib) {
    for (int end = next + mib * MIB / VALUE_BYTES; next < end; next++) {
      put(engine, bucket, next, 0);
    }
  }

  /** Puts until that is refused though a checkpoint has given back what it can. */
  private StoreIOException fillUp(Engine engine, StoredBucket bucket) {
    int before;
    StoreIOException refused;
    do {
      while (!engine.isCheckpointThreadIdle()) {
        Thread.onSpinWait(); // a put that was refused has asked for a checkpoint
      }
      engine.checkpoint();
      before = next;
      refused = putAll(engine, bucket);
    } while (next > before);
    while (!engine.isCheckpointThreadIdle()) {
      Thread.onSpinWait();
    }
    if (engine.log().headroom().isSpent()) { // the last checkpoint took more than was thought
      long full = device.taken();
      device.setCapacity(full + MIB);
      engine.checkpoint();
      device.setCapacity(Math.max(full, device.taken()));
      assertThat(engine.log().headroom().held()).isEqualTo(MIB);
    }
    return refused;
  }

  private StoreIOException putAll(Engine engine, StoredBucket bucket) {
    while (true) {
      try {
        put(engine, bucket, next, 0);
        next++;
      } catch (StoreIOException e) {
        return e;
      }
    }
  }

  private void requireAll(Engine engine) {
    EntryCursor cursor = engine.operations().scan(engine.bucket("b", null), key(0), null, true);
    for (Map.Entry<Integer, Integer> each : expected.entrySet()) {
      assertThat(cursor.next()).isTrue();
      assertThat(number(cursor.key())).isEqualTo(each.getKey());
      assertThat(cursor.value()).isEqualTo(value(each.getKey(), each.getValue()));
    }
    assertThat(cursor.next()).isFalse();
  }

  /** A store of some 30 MiB with head-room, on a device that has no more. */
  private Engine openFull(MaceOptions options) {
    Engine engine = open(device, options);
    StoredBucket bucket = engine.bucket("b", BucketOptions.defaults());
    putMiB(engine, bucket, 16);
    engine.checkpoint();
    device.setCapacity(device.taken() + 16 * MIB);
    fillUp(engine, bucket);
    return engine;
  }

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
