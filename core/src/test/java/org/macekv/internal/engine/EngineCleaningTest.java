package org.macekv.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.macekv.internal.checkpoint.Checkpointer;
import org.macekv.internal.io.HookedStorage;
import org.macekv.internal.io.MemoryStorage;
import org.macekv.internal.io.WritableFile;
import org.macekv.internal.txn.StoredBucket;
import org.macekv.option.BucketOptions;
import org.macekv.option.Durability;
import org.macekv.option.MaceOptions;

/** Cleaning keeps its limits, and comes to an end, where something stands in its way. */
class EngineCleaningTest {
  private static final MaceOptions OPTIONS =
      MaceOptions.defaults()
          .withDurability(Durability.BUFFERED)
          .withLogSegmentBytes(1 << 20)
          .withPageFileBytes(64 << 10)
          .withFlushIntervalMillis(60_000)
          .withCheckpointIntervalMillis(Integer.MAX_VALUE)
          .withCheckpointLogBytes(Long.MAX_VALUE);
  private static final BucketOptions LARGE = BucketOptions.defaults().withInlineLimitBytes(256);

  private final MemoryStorage storage = new MemoryStorage("store");

  private static byte[] key(int i) {
    return new byte[] {(byte) (i >> 16), (byte) (i >> 8), (byte) i};
  }

  private static byte[] value(int length, int seed) {
    byte[] value = new byte[length];
    new Random(seed).nextBytes(value);
    return value;
  }

  private static void put(Engine engine, StoredBucket bucket, int i, int length, int seed) {
    engine.operations().put(bucket, key(i), value(length, seed));
  }

  @Test
  void aDamagedFileIsLeftAsItIsAndCheckpointsGoOn() {
    try (Engine engine = Engine.open(storage, OPTIONS, Environment.seeded(1))) {
      StoredBucket bucket = engine.bucket("b", null);
      for (int i = 0; i < 3000; i++) {
        put(engine, bucket, i, 200, i);
      }
      engine.checkpoint();
      engine.checkpointer().setCleaningPaused(true);
      Random random = new Random(1);
      for (int round = 0; round < 3; round++) {
        for (int n = 0; n < 1500; n++) {
          int i = random.nextInt(3000);
          put(engine, bucket, i, 200, i);
        }
        engine.checkpoint();
      }
      damage(fileWithTheLeastLive(engine));
      engine.checkpointer().setCleaningPaused(false);
      Checkpointer.Space before = engine.checkpointer().space();
      engine.clean();
      Checkpointer.Space after = engine.checkpointer().space();
      assertThat(after.pageBytes()).isLessThan(before.pageBytes());
      for (int i = 0; i < 3000; i++) {
        assertThat(engine.operations().get(bucket, key(i))).isEqualTo(value(200, i));
      }
      long position = engine.checkpointer().position();
      put(engine, bucket, 0, 200, 0);
      engine.checkpoint();
      assertThat(engine.checkpointer().position()).isGreaterThan(position);
    }
  }

  private static int fileWithTheLeastLive(Engine engine) {
    Map<Integer, Long> live = engine.checkpointer().live().pages();
    int worst = -1;
    double least = 2;
    for (Map.Entry<Integer, Integer> each : engine.trees().pages().lengths().entrySet()) {
      double share = live.getOrDefault(each.getKey(), 0L) / (double) each.getValue();
      if (!engine.trees().pages().isBeingWritten(each.getKey()) && share < least) {
        least = share;
        worst = each.getKey();
      }
    }
    return worst;
  }

  /** The length of the first image. */
  private void damage(int file) {
    try (WritableFile out = storage.openForDamage(String.format("pages/%010d.pages", file))) {
      out.write(36 + 4, new byte[] {0x7f}, 0, 1);
    }
  }

  @Test
  void aRoundMarksAboutThreeEighthsOfTheCacheHoweverLargeTheFilesAre() {
    HookedStorage hooked = new HookedStorage(storage);
    MaceOptions options = OPTIONS.withCacheBytes(1 << 20).withPageFileBytes(16 << 20);
    try (Engine engine = Engine.open(hooked, options, Environment.seeded(1))) {
      StoredBucket bucket = engine.bucket("b", null);
      engine.checkpointer().setCleaningPaused(true);
      for (int i = 0; i < 80_000; i++) {
        put(engine, bucket, i, 200, i);
      }
      engine.checkpoint();
      for (int i = 0; i < 80_000; i++) {
        if (i % 2000 < 900) {
          put(engine, bucket, i, 200, i);
        }
      }
      engine.checkpoint();
      Checkpointer.Space before = engine.checkpointer().space();
      AtomicLong most = new AtomicLong();
      hooked.setHook(
          (operation, file) -> {
            if (file.startsWith("pages")) {
              most.accumulateAndGet(engine.trees().dirty().get(), Math::max);
            }
          });
      engine.clean();
      assertThat(most.get()).isBetween(1L, 512L << 10);
      assertThat(engine.checkpointer().space().pageBytes()).isLessThan(before.pageBytes());
      for (int i = 0; i < 80_000; i += 7) {
        assertThat(engine.operations().get(bucket, key(i))).isEqualTo(value(200, i));
      }
    }
  }

  /** Each is written as fast as flow control lets it. */
  @Test
  void garbageStaysBelowItsShareWhenWritersNeverPause() {
    MaceOptions options = OPTIONS.withCacheBytes(1 << 20);
    int keys = 20_000;
    Random random = new Random(1);
    try (Engine engine = Engine.open(storage, options, Environment.seeded(1))) {
      StoredBucket bucket = engine.bucket("b", null);
      for (int i = 0; i < keys; i++) {
        put(engine, bucket, i, 400, i);
      }
      long most = 0;
      long seen = 0;
      for (int n = 0; n < 8 * keys; n++) {
        int i = random.nextInt(keys);
        put(engine, bucket, i, 400, i);
        long checkpoints = engine.checkpointer().count();
        if (checkpoints != seen && n > keys) {
          seen = checkpoints;
          Checkpointer.Space space = engine.checkpointer().space();
          most = Math.max(most, 1000 - 1000 * space.livePageBytes() / space.pageBytes());
        }
      }
      assertThat(most).isBetween(280L, 330L);
    }
  }

  /** As above; cleaning moves values, and the log of a few segments is no small part of all. */
  @Test
  void garbageOfLargeValuesStaysBelowItsShareWhenWritersNeverPause() {
    MaceOptions options = OPTIONS.withLogSegmentBytes(64 << 10).withCheckpointLogBytes(256 << 10);
    int keys = 8_000;
    Random random = new Random(1);
    try (Engine engine = Engine.open(storage, options, Environment.seeded(1))) {
      StoredBucket bucket = engine.bucket("b", LARGE);
      for (int i = 0; i < keys; i++) {
        put(engine, bucket, i, 1000, i);
      }
      long most = 0;
      for (int n = 0; n < 6 * keys; n++) {
        int i = random.nextInt(keys);
        put(engine, bucket, i, 1000, i);
        Checkpointer.Space space = engine.checkpointer().space();
        if (n > keys) {
          most = Math.max(most, 1000 - 1000 * space.liveValueBytes() / space.valueBytes());
        }
      }
      assertThat(most).isBetween(250L, 400L);
    }
  }

  /** A file goes as a whole, so a small store has small ones, whatever the option says. */
  @Test
  void filesOfASmallStoreAreSmall() {
    MaceOptions options = OPTIONS.withCacheBytes(16 << 20).withPageFileBytes(64 << 20);
    try (Engine engine = Engine.open(storage, options, Environment.seeded(1))) {
      StoredBucket bucket = engine.bucket("b", null);
      for (int i = 0; i < 30_000; i++) {
        put(engine, bucket, i, 400, i);
      }
      engine.checkpoint();
      Map<Integer, Integer> lengths = engine.trees().pages().lengths();
      assertThat(lengths.values()).allMatch(each -> each < (4 << 20) + (128 << 10));
      assertThat(lengths).hasSizeGreaterThan(2);
    }
  }

  /** Writers wait for what they have made, and not for what cleaning has appended. */
  @Test
  void valuesThatAreMovedAreNotCountedAsWhatWritersHaveMade() {
    MaceOptions options = OPTIONS.withLogSegmentBytes(64 << 10);
    try (Engine engine = Engine.open(storage, options, Environment.seeded(1))) {
      StoredBucket bucket = engine.bucket("b", LARGE);
      engine.checkpointer().setCleaningPaused(true);
      for (int n = 0; n < 2; n++) {
        for (int i = 0; i < 2000; i += 1 + n) {
          put(engine, bucket, i, 1000, i);
        }
      }
      engine.checkpoint();
      engine.checkpointer().setCleaningPaused(false);
      engine.checkpoint();
      long moved = engine.checkpointer().movedValueBytes();
      assertThat(moved).isGreaterThan(100_000);
      put(engine, bucket, 0, 10, 0);
      long newest = engine.openView(this).slot().position();
      assertThat(newest - engine.checkpointer().position()).isGreaterThan(moved);
      assertThat(newest - engine.checkpointer().position() - engine.checkpointer().movedLogBytes())
          .isLessThan(moved / 2);
    }
  }

  /** Images that were written while a view was open have versions that only the view needed. */
  @Test
  void valuesThatOnlyAClosedViewNeededAreCleanedAway() {
    MaceOptions options = OPTIONS.withLogSegmentBytes(64 << 10).withCacheBytes(1 << 20);
    try (Engine engine = Engine.open(storage, options, Environment.seeded(1))) {
      StoredBucket bucket = engine.bucket("b", LARGE);
      StoredBucket other = engine.bucket("other", LARGE);
      engine.checkpointer().setCleaningPaused(true);
      for (int i = 0; i < 200; i++) {
        put(engine, bucket, i, 1500, i);
        for (int n = 0; n < 40; n++) {
          put(engine, other, n % 20, 1500, n);
        }
      }
      Engine.OpenView view = engine.openView(this);
      for (int i = 0; i < 200; i++) {
        put(engine, bucket, i, 300, i + 1000);
      }
      engine.sync();
      engine.checkpoint();
      assertThat(engine.checkpointer().space().liveValueBytes()).isGreaterThan(200 * 1500);
      engine.closeView(view);
      engine.checkpointer().setCleaningPaused(false);
      engine.clean();
      Checkpointer.Space space = engine.checkpointer().space();
      assertThat(space.valueBytes()).isLessThan(512 << 10);
      for (int i = 0; i < 200; i++) {
        assertThat(engine.operations().get(bucket, key(i))).isEqualTo(value(300, i + 1000));
      }
    }
  }

  /** Of small values, too: their versions are in the images themselves. */
  /** The manifest has it, for the view; the catalog does not. */
  @Test
  void aBucketThatOnlyAViewSawWhenTheProcessDiedIsCleanedAway() {
    MemoryStorage died;
    try (Engine engine = Engine.open(storage, OPTIONS, Environment.seeded(1))) {
      StoredBucket bucket = engine.bucket("b", null);
      for (int i = 0; i < 3000; i++) {
        put(engine, bucket, i, 200, i);
      }
      Engine.OpenView view = engine.openView(this);
      engine.drop("b");
      engine.checkpoint();
      assertThat(engine.checkpointer().space().livePageBytes()).isGreaterThan(3000 * 200);
      died = storage.copy("died");
      engine.closeView(view);
    }
    try (Engine engine = Engine.open(died, OPTIONS, Environment.seeded(2))) {
      engine.clean();
      assertThat(engine.checkpointer().space().pageBytes()).isLessThan(64 << 10);
    }
  }

  @Test
  void versionsThatOnlyAClosedViewNeededAreCleanedAway() {
    MaceOptions options = OPTIONS.withCacheBytes(1 << 20).withPageFileBytes(256 << 10);
    try (Engine engine = Engine.open(storage, options, Environment.seeded(1))) {
      StoredBucket bucket = engine.bucket("b", null);
      for (int i = 0; i < 10_000; i++) {
        put(engine, bucket, i, 200, i);
      }
      engine.checkpoint();
      engine.clean();
      long before = engine.checkpointer().space().livePageBytes();
      Engine.OpenView view = engine.openView(this);
      for (int i = 0; i < 10_000; i++) {
        put(engine, bucket, i, 200, i + 1);
      }
      engine.checkpoint();
      engine.clean();
      assertThat(engine.checkpointer().space().livePageBytes()).isGreaterThan(before / 10 * 16);
      for (int i = 0; i < 10_000; i += 100) {
        assertThat(engine.reads(view).get(bucket, key(i))).isEqualTo(value(200, i));
      }
      engine.closeView(view);
      engine.clean();
      assertThat(engine.checkpointer().space().livePageBytes()).isLessThan(before / 10 * 12);
      assertThat(engine.checkpointer().space().pageBytes()).isLessThan(before / 10 * 18);
      for (int i = 0; i < 10_000; i += 7) {
        assertThat(engine.operations().get(bucket, key(i))).isEqualTo(value(200, i + 1));
      }
    }
  }

  /** As under a load of transactions: each checkpoint finds a little that somebody needs. */
  @Test
  void historyIsForgottenThoughALittleComesUpAllTheTime() {
    MaceOptions options = OPTIONS.withCacheBytes(256 << 10);
    try (Engine engine = Engine.open(storage, options, Environment.seeded(1))) {
      StoredBucket bucket = engine.bucket("b", null);
      engine.checkpointer().setCleaningPaused(true);
      for (int i = 0; i < 10_000; i++) {
        put(engine, bucket, i, 200, i);
      }
      Engine.OpenView view = engine.openView(this);
      for (int i = 0; i < 10_000; i++) {
        put(engine, bucket, i, 200, i + 1);
      }
      engine.checkpoint();
      engine.closeView(view);
      long before = engine.checkpointer().historyBytes();
      assertThat(before).isGreaterThan(1_000_000);
      engine.checkpointer().setCleaningPaused(false);
      for (int round = 0; round < 400; round++) {
        Engine.OpenView brief = engine.openView(this);
        put(engine, bucket, 5000, 200, round);
        engine.checkpoint(); // with a version for the view
        engine.closeView(brief);
        engine.checkpoint(); // does a part of the work
      }
      assertThat(engine.checkpointer().historyBytes()).isLessThan(before / 4);
    }
  }
}
