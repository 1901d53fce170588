package org.macekv;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.macekv.Samples.bytes;
import static org.macekv.Samples.number;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.macekv.error.CorruptionException;
import org.macekv.option.BucketOptions;
import org.macekv.option.Durability;
import org.macekv.option.MaceOptions;

/** What checkpoints are for: quick openings, data beyond the cache, files that go. */
@Timeout(120) // for those that wait for a checkpoint that never comes
class CheckpointTest {
  private static final MaceOptions OPTIONS =
      MaceOptions.defaults().withDurability(Durability.BUFFERED);

  private final StoreDirectory directory = StoreDirectory.create();

  @AfterEach
  void delete() {
    directory.close();
  }

  private Mace open(MaceOptions options) {
    return Mace.open(directory.path(), options);
  }

  private static void fill(Bucket bucket, int from, int to, int valueLength) {
    for (int i = from; i < to; i++) {
      bucket.put(number(i), Samples.value(valueLength, i));
    }
  }

  private static void check(Bucket bucket, int count, int valueLength) {
    assertThat(bucket.count()).isEqualTo(count);
    Cursor cursor = bucket.scan(KeyRange.all());
    for (int i = 0; i < count; i++) {
      assertThat(cursor.next()).isTrue();
      assertThat(cursor.key()).isEqualTo(number(i));
      assertThat(cursor.value()).isEqualTo(Samples.value(valueLength, i));
    }
    assertThat(cursor.next()).isFalse();
  }

  private List<Path> files(String name) throws IOException {
    Path folder = directory.path().resolve(name);
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  private Path manifest() throws IOException {
    try (Stream<Path> files = Files.list(directory.path())) {
      return files
          .filter(each -> each.getFileName().toString().startsWith("MANIFEST-"))
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void openingReplaysOnlyWhatCameAfterTheCheckpoint() {
    MaceOptions options = OPTIONS.withCheckpointOnClose(false);
    try (Mace store = open(options)) {
      fill(store.bucket("b"), 0, 1000, 50);
      store.checkpoint();
      assertThat(store.statistics().checkpoints()).isEqualTo(1);
      assertThat(store.statistics().checkpointPosition())
          .isEqualTo(store.statistics().publishedPosition());
      store.checkpoint();
      assertThat(store.statistics().checkpoints()).as("nothing is new").isEqualTo(1);
      fill(store.bucket("b"), 1000, 1007, 50);
    }
    try (Mace store = open(options)) {
      assertThat(store.recoveryReport().commits()).isEqualTo(7);
      check(store.bucket("b"), 1007, 50);
    }
  }

  @Test
  void openingAfterACloseReplaysNothingAndReadsLittle() {
    try (Mace store = open(OPTIONS)) {
      fill(store.bucket("b"), 0, 20_000, 50);
    }
    try (Mace store = open(OPTIONS)) {
      assertThat(store.recoveryReport().commits()).isZero();
      assertThat(store.bucket("b").get(number(7))).isEqualTo(Samples.value(50, 7));
      assertThat(store.statistics().pagesRead()).isLessThan(10);
      check(store.bucket("b"), 20_000, 50);
    }
  }

  @Test
  void dataBeyondTheCacheStaysWithinIt() {
    long cache = 256 << 10;
    MaceOptions options = OPTIONS.withCacheBytes(cache);
    try (Mace store = open(options)) {
      Bucket bucket = store.bucket("b");
      for (int part = 0; part < 20; part++) {
        fill(bucket, part * 1000, (part + 1) * 1000, 100);
        store.checkpoint();
      }
      check(bucket, 20_000, 100);
      assertThat(store.statistics().evictions()).isPositive();
      assertThat(store.statistics().residentBytes()).isLessThan(cache + (64 << 10));
      for (int i = 0; i < 20_000; i += 97) {
        assertThat(bucket.get(number(i))).isEqualTo(Samples.value(100, i));
      }
      assertThat(store.statistics().residentBytes()).isLessThan(cache + (64 << 10));
    }
  }

  @Test
  void viewReadsItsStateThroughCheckpointsAndEvictions() {
    try (Mace store = open(OPTIONS.withCacheBytes(128 << 10))) {
      Bucket bucket = store.bucket("b", BucketOptions.defaults().withInlineLimitBytes(256));
      for (int i = 0; i < 3000; i++) {
        bucket.put(number(i), Samples.value(i % 10 == 0 ? 400 : 60, i));
      }
      try (View view = store.view()) {
        for (int round = 1; round <= 3; round++) {
          for (int i = 0; i < 3000; i++) {
            if (i % 3 == 0) {
              bucket.delete(number(i));
            } else {
              bucket.put(number(i), Samples.value(300, 10_000 * round + i));
            }
          }
          store.checkpoint();
        }
        Cursor cursor = view.scan(bucket, KeyRange.all());
        for (int i = 0; i < 3000; i++) {
          assertThat(cursor.next()).isTrue();
          assertThat(cursor.value()).isEqualTo(Samples.value(i % 10 == 0 ? 400 : 60, i));
        }
        assertThat(store.statistics().evictions()).isPositive();
      }
      assertThat(bucket.count()).isEqualTo(2000);
    }
  }

  @Test
  void logSegmentsAndPageFilesThatAreNotNeededGo() throws IOException {
    MaceOptions options =
        OPTIONS.withLogSegmentBytes(64 << 10).withPageFileBytes(64 << 10).withCacheBytes(4 << 20);
    try (Mace store = open(options)) {
      Bucket bucket = store.bucket("b", BucketOptions.defaults().withInlineLimitBytes(256));
      for (int round = 0; round < 10; round++) {
        fill(bucket, 0, 500, 500); // values in the log
        fill(bucket, 1000, 3000, 100);
        store.checkpoint();
      }
      long live = 500 * 600 + 2000 * 130;
      assertThat(store.statistics().logBytes()).isLessThan(2 * live);
      assertThat(files("pages")).hasSizeBetween(2, 12);
      store.dropBucket("b");
      store.checkpoint();
      assertThat(files("log").size()).isLessThanOrEqualTo(3);
      assertThat(files("pages").size()).isLessThanOrEqualTo(3);
    }
  }

  @Test
  void overwritingLeavesLittleGarbage() throws IOException {
    MaceOptions options =
        OPTIONS.withLogSegmentBytes(256 << 10).withPageFileBytes(256 << 10).withCacheBytes(1 << 20);
    int count = 10_000;
    try (Mace store = open(options)) {
      Bucket bucket = store.bucket("b");
      for (int round = 0; round < 10; round++) {
        for (int i = 0; i < count; i++) {
          // In an order that leaves something live in every file.
          bucket.put(number((i * 7919L) % count), Samples.value(100, i));
        }
      }
      long checkpoints;
      do { // until there is nothing left to do
        checkpoints = store.statistics().checkpoints();
        store.checkpoint();
      } while (store.statistics().checkpoints() > checkpoints);
      long bytes = 0;
      for (Path each : files("pages")) {
        bytes += Files.size(each);
      }
      assertThat(bytes).isLessThan(count * 150L * 16 / 10);
      assertThat(bucket.count()).isEqualTo(count);
    }
    try (Mace store = open(options)) {
      Cursor cursor = store.bucket("b").scan(KeyRange.all());
      for (int i = 0; i < count; i++) {
        assertThat(cursor.next()).isTrue();
        assertThat(cursor.key()).isEqualTo(number(i));
      }
      assertThat(cursor.next()).isFalse();
    }
  }

  @Test
  void droppedBucketGivesBackItsMemoryAndItsFiles() throws IOException {
    MaceOptions options = OPTIONS.withPageFileBytes(64 << 10);
    try (Mace store = open(options)) {
      Bucket bucket = store.bucket("b");
      fill(bucket, 0, 3000, 100);
      store.checkpoint();
      fill(bucket, 2000, 5000, 100);
      try (View view = store.view()) {
        store.dropBucket("b");
        assertThat(view.get(bucket, number(4999))).isEqualTo(Samples.value(100, 4999));
        store.checkpoint();
        assertThat(files("pages").size()).isGreaterThan(8);
        assertThat(store.statistics().residentBytes()).isGreaterThan(500_000);
      }
      store.checkpoint(); // or when the background comes to it
      assertThat(store.statistics().residentBytes()).isLessThan(10_000);
      assertThat(store.statistics().dirtyBytes()).isLessThan(10_000);
      assertThat(files("pages").size()).as("without another commit").isLessThanOrEqualTo(3);
    }
  }

  /** However often it is folded between two checkpoints: only that entry goes out. */
  @Test
  void anEntryThatIsWrittenAgainAndAgainIsASmallImageEachTime() {
    MaceOptions options = OPTIONS.withMaxGarbagePercent(90).withCheckpointOnClose(false);
    int count = 5000;
    try (Mace store = open(options)) {
      Bucket bucket = store.bucket("b");
      fill(bucket, 0, count, 100);
      store.checkpoint();
      long before = store.statistics().pageBytesWritten();
      for (int round = 1; round <= 30; round++) {
        for (int n = 0; n < 200; n++) {
          bucket.put(number(2500), Samples.value(100, n == 199 ? 2500 : n));
          if (n % 50 == 0) {
            bucket.delete(number(9999));
            bucket.put(number(1), Samples.value(100, 1));
          }
        }
        bucket.put(number(9999), Samples.value(10, round));
        if (round % 3 == 0) {
          bucket.delete(number(9999)); // gone again, with nothing left of it
        }
        store.checkpoint();
      }
      // Three leaves of up to 8 KiB were changed each time.
      assertThat(store.statistics().pageBytesWritten() - before).isLessThan(30 * 3000);
      bucket.delete(number(9999));
    }
    try (Mace store = open(options)) {
      check(store.bucket("b"), count, 100);
    }
  }

  /** The deletion that stands for it in an image of changes is older than any transaction. */
  @Test
  void aKeyThatIsGoneSinceTheFullImageIsNoConflict() {
    try (Mace store = open(OPTIONS.withCacheBytes(64 << 10).withMaxGarbagePercent(90))) {
      Bucket bucket = store.bucket("b");
      fill(bucket, 0, 40, 100);
      Bucket other = store.bucket("other");
      fill(other, 0, 3000, 100);
      store.checkpoint();
      bucket.delete(number(7));
      for (int n = 0; n < 200; n++) {
        bucket.put(number(8), Samples.value(100, n)); // folds the deletion away
      }
      try (Transaction transaction = store.begin()) {
        for (int n = 0; n < 200; n++) {
          bucket.put(number(8), Samples.value(100, n == 199 ? 8 : n));
        }
        store.checkpoint();
        assertThat(store.statistics().changeImages()).isPositive();
        for (int i = 0; i < 3000; i += 10) {
          other.get(number(i)); // pushes the leaf out
        }
        assertThat(bucket.get(number(7))).isNull();
        transaction.put(bucket, number(7), Samples.value(100, 7));
        transaction.commit();
      }
      check(bucket, 40, 100);
    }
  }

  @Test
  void smallChangesOfManyLeavesAreSmallImages() {
    int count = 10_000;
    MaceOptions options = OPTIONS.withMaxGarbagePercent(90).withCheckpointOnClose(false);
    int[] seeds = new int[count];
    try (Mace store = open(options)) {
      Bucket bucket = store.bucket("b");
      fill(bucket, 0, count, 100);
      store.checkpoint();
      Arrays.setAll(seeds, i -> i);
      long full = store.statistics().pageBytesWritten();
      for (int round = 1; round <= 12; round++) {
        long before = store.statistics().pageBytesWritten();
        long changes = store.statistics().changeImages();
        for (int i = round; i < count; i += 200) {
          seeds[i] = -round * count - i;
          bucket.put(number(i), Samples.value(100, seeds[i]));
        }
        store.checkpoint();
        // When a chain is full, its changes are put together.
        assertThat(store.statistics().changeImages() - changes).isBetween(40L, 51L);
        assertThat(store.statistics().pageBytesWritten() - before).isLessThan(full / 10);
      }
    }
    try (Mace store = open(options)) {
      assertThat(store.recoveryReport().commits()).isZero();
      Cursor cursor = store.bucket("b").scan(KeyRange.all());
      for (int i = 0; i < count; i++) {
        assertThat(cursor.next()).isTrue();
        assertThat(cursor.value()).isEqualTo(Samples.value(100, seeds[i]));
      }
    }
  }

  @Test
  void growthOfTheLogBeginsACheckpoint() {
    MaceOptions options = OPTIONS.withLogSegmentBytes(16 << 10).withCheckpointLogBytes(64 << 10);
    try (Mace store = open(options)) {
      Bucket bucket = store.bucket("b");
      for (int i = 0; store.statistics().checkpoints() == 0; i++) {
        bucket.put(number(i), new byte[100]); // ends, since each segment asks again
      }
    }
  }

  @Test
  void timeBeginsACheckpoint() {
    try (Mace store = open(OPTIONS.withCheckpointIntervalMillis(10))) {
      store.bucket("b").put(bytes("key"), bytes("value"));
      while (store.statistics().checkpoints() == 0) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void tornManifestFallsBackToTheRecordBefore() throws IOException {
    long first;
    try (Mace store = open(OPTIONS.withCheckpointOnClose(false))) {
      fill(store.bucket("b"), 0, 100, 50);
      store.checkpoint();
      first = store.statistics().checkpointPosition();
      fill(store.bucket("b"), 100, 200, 50);
      store.checkpoint();
      fill(store.bucket("b"), 200, 300, 50);
    }
    byte[] whole = Files.readAllBytes(manifest());
    Files.write(manifest(), Arrays.copyOf(whole, whole.length - 1));
    try (Mace store = open(OPTIONS)) {
      RecoveryReport report = store.recoveryReport();
      assertThat(report.checkpointPosition()).isEqualTo(first);
      assertThat(report.commits()).isEqualTo(200);
      RecoveryReport.Cut cut = requireNonNull(report.manifestCut());
      assertThat(cut.file()).isEqualTo(manifest().toString());
      assertThat(cut.offset() + cut.bytes()).isEqualTo(whole.length - 1);
      assertThat(report.cut()).isNull();
      check(store.bucket("b"), 300, 50);
    }
    try (Mace store = open(OPTIONS)) {
      assertThat(store.recoveryReport().manifestCut()).isNull();
    }
  }

  /** Two records: damage in the second falls back, in the first or the header it is refused. */
  @Test
  void damagedManifestIsRefusedOrFallsBackAndNeverIgnored() throws IOException {
    try (Mace store = open(OPTIONS.withCheckpointOnClose(false))) {
      fill(store.bucket("b"), 0, 100, 50);
      store.checkpoint();
      fill(store.bucket("b"), 100, 200, 50);
      store.checkpoint();
      fill(store.bucket("b"), 200, 300, 50);
    }
    String name = manifest().getFileName().toString();
    StoreImage image = StoreImage.read(directory.path());
    byte[] whole = image.file(name).bytes();
    int refused = 0;
    int accepted = 0;
    for (int at = 0; at < whole.length; at++) {
      refused += opens(image.with(name, image.file(name).flip(at, 0x10))) ? 0 : 1;
      accepted += opens(image.with(name, image.file(name).truncate(at))) ? 1 : 0;
    }
    assertThat(refused).isBetween(whole.length / 3, whole.length * 3 / 4);
    assertThat(accepted).isBetween(whole.length / 4, whole.length * 3 / 4);
  }

  private static boolean opens(StoreImage image) {
    try (StoreDirectory damaged = StoreDirectory.create()) {
      image.writeTo(damaged.path());
      try (Mace store = Mace.open(damaged.path(), OPTIONS.withCheckpointOnClose(false))) {
        check(store.bucket("b"), 300, 50);
        return true;
      } catch (CorruptionException e) {
        assertThat(e).hasMessageContaining("MANIFEST-");
        return false;
      }
    }
  }

  @Test
  void longReplayTellsHowFarItIs() {
    MaceOptions options =
        OPTIONS.withCheckpointOnClose(false).withCheckpointLogBytes(Long.MAX_VALUE);
    try (Mace store = open(options)) {
      fill(store.bucket("b"), 0, 40, 1 << 20);
    }
    List<Long> told = new ArrayList<>();
    try (Mace store =
        Mace.open(
            directory.path(),
            options,
            (bytes, total) -> {
              assertThat(bytes).isLessThanOrEqualTo(total);
              assertThat(total).isBetween(40L << 20, 42L << 20);
              told.add(bytes >> 20);
            })) {
      assertThat(store.recoveryReport().commits()).isEqualTo(41); // the first creates the bucket
    }
    assertThat(told).containsExactly(16L, 32L);
    assertThatThrownBy(
            () ->
                Mace.open(
                    directory.path(),
                    options,
                    (bytes, total) -> {
                      throw new IllegalStateException("not today");
                    }))
        .hasMessage("not today");
    try (Mace store = open(options)) {
      assertThat(store.recoveryReport().commits()).isEqualTo(41); // the first creates the bucket
    }
  }

  @Test
  void missingSegmentWithLargeValuesIsReported() throws IOException {
    MaceOptions options = OPTIONS.withLogSegmentBytes(64 << 10);
    try (Mace store = open(options)) {
      Bucket bucket = store.bucket("b", BucketOptions.defaults().withInlineLimitBytes(256));
      fill(bucket, 0, 10, 1000);
      fill(bucket, 10, 2000, 100);
    }
    List<Path> log = files("log");
    assertThat(log.size()).as("the first, for its values, and the last").isEqualTo(2);
    Files.delete(log.get(0));
    assertThatThrownBy(() -> open(options))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining(log.get(0).getFileName().toString())
        .hasMessageContaining("large values");
  }

  @Test
  void missingFilesAreReported() throws IOException {
    try (Mace store = open(OPTIONS)) {
      fill(store.bucket("b"), 0, 100, 50);
    }
    Path pages = files("pages").get(0);
    byte[] saved = Files.readAllBytes(pages);
    Files.delete(pages);
    assertThatThrownBy(() -> open(OPTIONS))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining(pages.getFileName().toString());
    Files.write(pages, saved);
    Path log = files("log").get(0);
    byte[] savedLog = Files.readAllBytes(log);
    Files.delete(log);
    assertThatThrownBy(() -> open(OPTIONS))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining("log");
    Files.write(log, savedLog);
    try (Mace store = open(OPTIONS)) {
      check(store.bucket("b"), 100, 50);
    }
  }

  @Test
  void flippedBytesOfPagesAreReportedAndNeverRead() throws IOException {
    try (Mace store = open(OPTIONS)) {
      fill(store.bucket("b"), 0, 300, 50);
    }
    Path pages = files("pages").get(0);
    byte[] saved = Files.readAllBytes(pages);
    for (int at = 0; at < saved.length; at += 13) {
      byte[] flipped = saved.clone();
      flipped[at] ^= 0x10;
      Files.write(pages, flipped);
      try (Mace store = open(OPTIONS.withCheckpointOnClose(false))) {
        check(store.bucket("b"), 300, 50); // of garbage: not read
      } catch (CorruptionException e) {
        assertThat(e).hasMessageContaining(pages.getFileName().toString());
      }
    }
    Files.write(pages, saved);
    try (Mace store = open(OPTIONS)) {
      check(store.bucket("b"), 300, 50);
    }
  }
}
