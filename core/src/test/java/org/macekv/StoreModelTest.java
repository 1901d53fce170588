package org.macekv;

import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.PropertyDefaults;
import net.jqwik.api.ShrinkingMode;
import org.macekv.option.BucketOptions;
import org.macekv.option.Compression;
import org.macekv.option.Durability;
import org.macekv.option.MaceOptions;

/**
 * Random programs of all operations against a plain model, over many option sets. A failure shows
 * the shortest failing part of its program that was found, the seed of the program, and jqwik's own
 * seed; with the latter in {@code @Property(seed = "...")} the same programs run again.
 */
@PropertyDefaults(tries = 3, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
class StoreModelTest {
  private static final boolean SOAK = Boolean.getBoolean("mace.soak");
  private static final int PROGRAMS_PER_SEED = SOAK ? 20 : 1;
  private static final int STEPS = 3000;
  private static final MaceOptions SYNCED = MaceOptions.defaults();
  private static final MaceOptions WRITTEN = SYNCED.withDurability(Durability.WRITE);
  private static final MaceOptions BUFFERED =
      SYNCED.withDurability(Durability.BUFFERED).withFlushIntervalMillis(1);
  private static final MaceOptions TINY =
      BUFFERED
          .withCacheBytes(64 << 10)
          .withPageFileBytes(4 << 10)
          .withLogSegmentBytes(4 << 10)
          .withCheckpointLogBytes(16 << 10)
          .withMaxGarbagePercent(5);
  private static final BucketOptions COMPRESSED =
      BucketOptions.defaults().withCompression(Compression.ZSTD);
  private static final BucketOptions NORMAL = BucketOptions.defaults();
  private static final BucketOptions SMALL_LEAVES = NORMAL.withLeafBytes(256);
  private static final BucketOptions SMALL_LEAVES_AND_INLINE =
      SMALL_LEAVES.withInlineLimitBytes(256);

  @Property(tries = 20)
  void memoryStoreWithSmallLeavesAgreesWithTheModel(@ForAll long seed) {
    check(seed, true, SYNCED, SMALL_LEAVES);
  }

  @Property(tries = 20)
  void memoryStoreWithDefaultLeavesAgreesWithTheModel(@ForAll long seed) {
    check(seed, true, BUFFERED, NORMAL);
  }

  @Property(tries = 20)
  void memoryStoreWithSmallInlineLimitAgreesWithTheModel(@ForAll long seed) {
    check(seed, true, BUFFERED.withLogSegmentBytes(4 << 10), SMALL_LEAVES_AND_INLINE);
  }

  @Property(tries = 20)
  void memoryStoreWithTinyCacheAndFilesAgreesWithTheModel(@ForAll long seed) {
    check(seed, true, TINY, SMALL_LEAVES);
  }

  @Property(tries = 10)
  void memoryStoreWithTinyCacheAndDefaultLeavesAgreesWithTheModel(@ForAll long seed) {
    check(seed, true, TINY, NORMAL.withInlineLimitBytes(256));
  }

  @Property(tries = 10)
  void memoryStoreThatIsCompressedNowAndThenAgreesWithTheModel(@ForAll long seed) {
    check(seed, true, TINY, COMPRESSED.withInlineLimitBytes(256));
  }

  @Property
  void storeWithSmallLeavesThatIsCompressedNowAndThenAgreesWithTheModel(@ForAll long seed) {
    check(seed, false, TINY, COMPRESSED.withLeafBytes(512));
  }

  @Property
  void storeWithTinyCacheAndFilesAgreesWithTheModel(@ForAll long seed) {
    check(seed, false, TINY, SMALL_LEAVES_AND_INLINE);
  }

  @Property
  void storeThatIsClosedWithoutCheckpointAgreesWithTheModel(@ForAll long seed) {
    check(seed, false, TINY.withCheckpointOnClose(false), NORMAL.withInlineLimitBytes(256));
  }

  @Property
  void syncedStoreAgreesWithTheModel(@ForAll long seed) {
    check(seed, false, SYNCED, NORMAL);
  }

  @Property
  void syncedStoreWithSmallSegmentsAgreesWithTheModel(@ForAll long seed) {
    check(seed, false, SYNCED.withLogSegmentBytes(4 << 10), SMALL_LEAVES);
  }

  @Property
  void writtenStoreAgreesWithTheModel(@ForAll long seed) {
    check(seed, false, WRITTEN, SMALL_LEAVES);
  }

  @Property
  void writtenStoreWithSmallSegmentsAndInlineLimitAgreesWithTheModel(@ForAll long seed) {
    check(seed, false, WRITTEN.withLogSegmentBytes(4 << 10), SMALL_LEAVES_AND_INLINE);
  }

  @Property
  void bufferedStoreAgreesWithTheModel(@ForAll long seed) {
    check(seed, false, BUFFERED, NORMAL.withInlineLimitBytes(256));
  }

  @Property
  void bufferedStoreWithSmallSegmentsAgreesWithTheModel(@ForAll long seed) {
    check(seed, false, BUFFERED.withLogSegmentBytes(4 << 10), SMALL_LEAVES_AND_INLINE);
  }

  private static void check(
      long seed, boolean inMemory, MaceOptions options, BucketOptions bucketOptions) {
    for (int i = 0; i < PROGRAMS_PER_SEED; i++) {
      long programSeed = seed + i;
      StoreProgram program = StoreProgram.random(programSeed, STEPS);
      try {
        run(program, inMemory, options, bucketOptions);
      } catch (RuntimeException | AssertionError e) {
        throw reduced(programSeed, program, inMemory, options, bucketOptions, e);
      }
    }
  }

  private static void run(
      StoreProgram program, boolean inMemory, MaceOptions options, BucketOptions bucketOptions) {
    try (StoreProgramRun run = new StoreProgramRun(inMemory, options, bucketOptions)) {
      run.run(program);
    }
  }

  private static AssertionError reduced(
      long seed,
      StoreProgram program,
      boolean inMemory,
      MaceOptions options,
      BucketOptions bucketOptions,
      Throwable first) {
    StoreProgram shorter = program.reduce(part -> run(part, inMemory, options, bucketOptions));
    String trace;
    Throwable cause = first;
    try (StoreProgramRun run = new StoreProgramRun(inMemory, options, bucketOptions)) {
      try {
        run.run(shorter);
      } catch (RuntimeException | AssertionError e) {
        cause = e;
      }
      trace = run.trace();
    }
    return new AssertionError(
        "program of seed " + seed + " fails, the part that is needed:\n" + trace + "\n" + cause,
        cause);
  }
}
