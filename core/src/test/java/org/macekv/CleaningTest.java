package org.macekv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.macekv.Samples.number;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.macekv.error.CorruptionException;
import org.macekv.error.StoreClosedException;
import org.macekv.option.BucketOptions;
import org.macekv.option.Durability;
import org.macekv.option.MaceOptions;

/** Files shrink however their content came about, and nobody notices but the file system. */
@Timeout(120)
class CleaningTest {
  private static final MaceOptions OPTIONS =
      MaceOptions.defaults()
          .withDurability(Durability.BUFFERED)
          .withCacheBytes(1 << 20)
          .withLogSegmentBytes(256 << 10)
          .withPageFileBytes(64 << 10)
          .withCheckpointLogBytes(2 << 20);
  private static final BucketOptions LARGE = BucketOptions.defaults().withInlineLimitBytes(256);
  private static final int COUNT = 2000;

  private final StoreDirectory directory = StoreDirectory.create();
  private final int[] seeds = new int[COUNT];

  @AfterEach
  void delete() {
    directory.close();
  }

  private Mace open(MaceOptions options) {
    return Mace.open(directory.path(), options);
  }

  private static int length(int i) {
    return i % 100 == 0 ? 150_000 : 1500; // some over more than one segment
  }

  private void put(Bucket bucket, int i, int seed) {
    bucket.put(number(i), Samples.value(length(i), seed));
    seeds[i] = seed;
  }

  private void overwrite(Bucket bucket, int times) {
    Random random = new Random(times);
    for (int n = 0; n < times; n++) {
      put(bucket, random.nextInt(COUNT), n + 1_000_000);
    }
  }

  private void fill(Bucket bucket) {
    for (int i = 0; i < COUNT; i++) {
      put(bucket, i, i);
    }
  }

  private void check(Bucket bucket) {
    check(bucket.scan(KeyRange.all()), seeds);
    for (int i = 0; i < COUNT; i += 37) {
      assertThat(bucket.get(number(i))).isEqualTo(Samples.value(length(i), seeds[i]));
    }
  }

  private static void check(Cursor cursor, int[] expected) {
    for (int i = 0; i < COUNT; i++) {
      assertThat(cursor.next()).isTrue();
      assertThat(cursor.key()).isEqualTo(number(i));
      assertThat(cursor.value()).isEqualTo(Samples.value(length(i), expected[i]));
    }
    assertThat(cursor.next()).isFalse();
  }

  private static long live() {
    long live = 0;
    for (int i = 0; i < COUNT; i++) {
      live += length(i);
    }
    return live;
  }

  private long bytes(String folder) throws IOException {
    try (Stream<Path> files = Files.list(directory.path().resolve(folder))) {
      return files.mapToLong(file -> file.toFile().length()).sum();
    }
  }

  @Test
  void overwritingLargeValuesLeavesLittleGarbage() throws IOException {
    try (Mace store = open(OPTIONS)) {
      Bucket bucket = store.bucket("b", LARGE);
      fill(bucket);
      overwrite(bucket, 10 * COUNT);
      store.clean();
      StoreStatistics.Space space = store.statistics().space();
      assertThat(space.movedValueBytes()).isPositive();
      assertThat(space.liveValueBytes()).isBetween(live() / 2, live() * 11 / 10);
      assertThat(bytes("log") + bytes("pages")).isLessThan(live() * 16 / 10 + (1 << 20));
      check(bucket);
      for (int i = 0; i < COUNT; i++) {
        bucket.delete(number(i));
      }
      store.clean();
      assertThat(bytes("log") + bytes("pages")).isLessThan(1 << 20);
    }
  }

  @Test
  void movedValuesAreThereAfterReopening() {
    MaceOptions options = OPTIONS.withCheckpointOnClose(false);
    for (int round = 0; round < 3; round++) {
      try (Mace store = open(options)) {
        Bucket bucket = store.bucket("b", LARGE);
        if (round == 0) {
          fill(bucket);
        }
        check(bucket);
        overwrite(bucket, COUNT);
        store.clean();
        overwrite(bucket, COUNT / 10);
        assertThat(store.statistics().space().movedValueBytes()).isPositive();
      }
    }
    try (Mace store = open(options)) {
      assertThat(store.statistics().logBytes()).isLessThan(live() * 2);
      check(store.bucket("b", LARGE));
    }
  }

  @Test
  void viewsAndCursorsReadOnThroughMoves() {
    try (Mace store = open(OPTIONS)) {
      Bucket bucket = store.bucket("b", LARGE);
      for (int i = 0; i < COUNT; i++) {
        put(bucket, i, i);
        // Garbage around what the view needs, so that it has to be moved.
        store.bucket("other", LARGE).put(number(i % 50), Samples.value(1500, i));
      }
      int[] then = seeds.clone();
      Cursor live = bucket.scan(KeyRange.all());
      try (View view = store.view();
          Transaction transaction = store.begin()) {
        Cursor inView = view.scan(bucket, KeyRange.all());
        Cursor inTransaction = transaction.scanReverse(bucket, KeyRange.all());
        for (int i = 0; i < 5; i++) {
          assertThat(live.next()).isTrue();
          assertThat(inView.next()).isTrue();
          assertThat(inTransaction.next()).isTrue();
        }
        for (int i = 0; i < COUNT; i++) {
          if (i % 10 != 0) {
            put(bucket, i, i + 5_000_000);
          }
        }
        store.checkpoint();
        store.clean();
        assertThat(store.statistics().space().movedValueBytes()).isPositive();
        assertThat(inView.value()).isEqualTo(Samples.value(1500, 4));
        assertThat(inView.valueBuffer().remaining()).isEqualTo(1500);
        assertThat(inTransaction.value()).isEqualTo(Samples.value(1500, then[COUNT - 5]));
        for (int i = 5; i < COUNT; i++) {
          assertThat(inView.next()).isTrue();
          byte[] copy = new byte[inView.valueLength()];
          inView.copyValue(copy, 0);
          assertThat(copy).isEqualTo(Samples.value(length(i), then[i]));
          assertThat(inTransaction.next()).isTrue();
          assertThat(inTransaction.value())
              .isEqualTo(Samples.value(length(COUNT - 1 - i), then[COUNT - 1 - i]));
          assertThat(live.next()).isTrue();
          assertThat(live.key()).isEqualTo(number(i));
          assertThat(live.value().length).isEqualTo(length(i));
          assertThat(view.get(bucket, number(i))).isEqualTo(copy);
        }
        check(view.scan(bucket, KeyRange.all()), then);
      }
      check(bucket);
    }
  }

  @Test
  void readersAndWritersGoOnWhileValuesMove() throws Exception {
    MaceOptions options = OPTIONS.withMaxGarbagePercent(5).withCacheBytes(256 << 10);
    try (Mace store = open(options);
        Crew crew = new Crew()) {
      Bucket bucket = store.bucket("b", LARGE);
      for (int i = 0; i < COUNT; i++) {
        bucket.put(number(i), value(i, i));
      }
      for (int worker = 0; worker < 2; worker++) {
        Random random = new Random(worker);
        crew.work(
            () -> {
              for (int n = 0; n < 6000; n++) {
                int i = random.nextInt(COUNT);
                byte[] before = bucket.getAndPut(number(i), value(i, n));
                assertThat(before).isEqualTo(value(i, (int) Samples.toNumber(first8(before))));
              }
            });
      }
      crew.observe(() -> whole(bucket.scan(KeyRange.all())));
      crew.observe(store::clean);
      crew.observe(
          () -> {
            try (View view = store.view()) {
              long sum = whole(view.scan(bucket, KeyRange.all()));
              Thread.onSpinWait();
              assertThat(whole(view.scanReverse(bucket, KeyRange.all()))).isEqualTo(sum);
            }
          });
      crew.finish();
      assertThat(store.statistics().space().movedValueBytes()).isPositive();
    }
  }

  private static byte[] first8(byte[] value) {
    return Arrays.copyOf(value, 8);
  }

  /** Begins with the seed that the rest was made of. */
  private static byte[] value(int i, int seed) {
    byte[] value = Samples.value(1000, 31L * i + seed);
    System.arraycopy(number(seed), 0, value, 0, 8);
    return value;
  }

  private static long whole(Cursor cursor) {
    long sum = 0;
    int count = 0;
    while (cursor.next()) {
      byte[] value = cursor.value();
      long seed = Samples.toNumber(first8(value));
      assertThat(value).isEqualTo(value((int) Samples.toNumber(cursor.key()), (int) seed));
      sum = 31 * sum + count % 2 + seed;
      count++;
    }
    assertThat(count).isEqualTo(COUNT);
    return count; // the order differs, the number of entries does not
  }

  @Test
  void longKeysAreMovedToo() {
    try (Mace store = open(OPTIONS)) {
      Bucket bucket = store.bucket("b", LARGE);
      byte[][] keys = new byte[200][];
      for (int i = 0; i < keys.length; i++) {
        keys[i] = Samples.value(i % 2 == 0 ? 600 : 64 << 10, i);
        bucket.put(keys[i], Samples.value(i % 3 == 0 ? 70_000 : 300, i));
      }
      for (int i = 0; i < keys.length; i++) {
        if (i % 7 != 0) {
          bucket.put(keys[i], Samples.value(10, i));
        }
      }
      store.checkpoint();
      store.clean();
      assertThat(store.statistics().space().movedValueBytes()).isPositive();
      for (int i = 0; i < keys.length; i++) {
        int length = i % 7 != 0 ? 10 : i % 3 == 0 ? 70_000 : 300;
        assertThat(bucket.get(keys[i])).isEqualTo(Samples.value(length, i));
      }
    }
  }

  @Test
  void pausedCleaningMovesNothingUnlessAsked() {
    try (Mace store = open(OPTIONS)) {
      store.pauseCleaning();
      Bucket bucket = store.bucket("b", LARGE);
      fill(bucket);
      overwrite(bucket, 2 * COUNT);
      store.checkpoint();
      StoreStatistics.Space space = store.statistics().space();
      assertThat(space.cleaningPaused()).isTrue();
      assertThat(space.movedValueBytes()).isZero();
      assertThat(space.garbageBytes()).isGreaterThan(live() / 3);
      store.clean();
      assertThat(store.statistics().space().movedValueBytes()).isPositive();
      assertThat(store.statistics().space().garbageBytes()).isLessThan(space.garbageBytes());
      assertThat(store.statistics().space().cleaningPaused()).isTrue();
      store.resumeCleaning();
      assertThat(store.statistics().space().cleaningPaused()).isFalse();
      check(bucket);
    }
  }

  /** What can't be read is left where it is, and the rest is cleaned. */
  @Test
  void damagedSegmentIsLeftAlone() throws IOException {
    MaceOptions options = OPTIONS.withMaxGarbagePercent(5);
    try (Mace store = open(options)) {
      store.pauseCleaning();
      Bucket bucket = store.bucket("b", LARGE);
      fill(bucket);
      for (int i = 0; i < COUNT; i++) {
        if (i % 20 != 3) {
          put(bucket, i, i + 1_000_000);
        }
      }
    }
    List<Path> segments;
    try (Stream<Path> files = Files.list(directory.path().resolve("log"))) {
      segments = files.sorted().toList();
    }
    Path damaged = segments.get(1);
    byte[] bytes = Files.readAllBytes(damaged);
    for (int i = 500; i < bytes.length; i += 1000) {
      bytes[i] ^= 1; // in each record
    }
    Files.write(damaged, bytes);
    int unreadable = 0;
    try (Mace store = open(options)) {
      store.clean();
      store.clean(); // the same again
      assertThat(store.statistics().space().movedValueBytes()).isPositive();
      Bucket bucket = store.bucket("b", LARGE);
      for (int i = 0; i < COUNT; i++) {
        try {
          assertThat(bucket.get(number(i))).isEqualTo(Samples.value(length(i), seeds[i]));
        } catch (CorruptionException e) {
          assertThat(e).hasMessageContaining(damaged.getFileName().toString());
          unreadable++;
        }
      }
    }
    assertThat(unreadable).isBetween(1, 30);
    assertThat(damaged).exists();
    assertThat(segments.get(0)).doesNotExist();
  }

  @Test
  void optionIsCheckedAndTheStoreToo() {
    assertThatThrownBy(() -> OPTIONS.withMaxGarbagePercent(4))
        .hasMessage("option maxGarbagePercent is 4, expected 5 to 90");
    Mace store = open(OPTIONS);
    store.close();
    assertThatThrownBy(store::clean).isInstanceOf(StoreClosedException.class);
    assertThatThrownBy(store::pauseCleaning).isInstanceOf(StoreClosedException.class);
    assertThatThrownBy(store::resumeCleaning).isInstanceOf(StoreClosedException.class);
  }
}
