package org.macekv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.macekv.Samples.bytes;
import static org.macekv.Samples.number;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.macekv.error.ConflictException;
import org.macekv.error.LimitExceededException;
import org.macekv.error.StoreClosedException;
import org.macekv.option.BucketOptions;
import org.macekv.option.BulkLoadOptions;
import org.macekv.option.BulkLoadOptions.Stage;
import org.macekv.option.Compression;
import org.macekv.option.Durability;
import org.macekv.option.Isolation;
import org.macekv.option.MaceOptions;
import org.macekv.option.TransactionOptions;

/** Buckets that are filled as a whole. Random programs with loads are in {@link StoreModelTest}. */
@Timeout(120)
class BulkLoadTest {
  private static final MaceOptions OPTIONS =
      MaceOptions.defaults()
          .withDurability(Durability.BUFFERED)
          .withCacheBytes(256 << 10)
          .withLogSegmentBytes(64 << 10)
          .withPageFileBytes(16 << 10);
  private static final BucketOptions BUCKET =
      BucketOptions.defaults().withLeafBytes(512).withInlineLimitBytes(300);
  private static final BulkLoadOptions LOAD = BulkLoadOptions.defaults().withMemoryBytes(64 << 10);
  private static final BulkLoadOptions SORTED = LOAD.withSorted(true);

  private final StoreDirectory directory = StoreDirectory.createQuick();

  @AfterEach
  void delete() {
    directory.close();
  }

  private static NavigableMap<byte[], byte[]> sample(int count, long seed) {
    Random random = new Random(seed);
    NavigableMap<byte[], byte[]> entries = Samples.sortedMap();
    while (entries.size() < count) {
      String shared = random.nextBoolean() ? "" : "a long prefix that many keys share/";
      byte[] key = bytes(shared + Long.toString(random.nextLong(10L * count), 36));
      int length = random.nextInt(20) == 0 ? random.nextInt(2000) : random.nextInt(40);
      entries.put(key, Samples.value(length, random.nextLong()));
    }
    return entries;
  }

  private static void assertHas(Bucket bucket, NavigableMap<byte[], byte[]> entries) {
    assertThat(bucket.count()).isEqualTo(entries.size());
    EntryComparison.compare(
        bucket.scan(KeyRange.all()), entries.entrySet().iterator(), Integer.MAX_VALUE);
    EntryComparison.compare(
        bucket.scanReverse(KeyRange.all()),
        entries.descendingMap().entrySet().iterator(),
        Integer.MAX_VALUE);
    for (Map.Entry<byte[], byte[]> each : entries.entrySet()) {
      assertThat(bucket.get(each.getKey())).isEqualTo(each.getValue());
    }
  }

  private Map<String, Long> files() {
    try (Stream<Path> all = Files.walk(directory.path())) {
      Map<String, Long> lengths = new TreeMap<>();
      for (Path each : all.filter(Files::isRegularFile).toList()) {
        lengths.put(directory.path().relativize(each).toString(), Files.size(each));
      }
      return lengths;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private long filesIn(String name) {
    return files().keySet().stream().filter(each -> each.startsWith(name)).count();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 40, 1000, 20_000})
  void sortedEntriesAreThereAndCanBeChanged(int count) {
    var entries = sample(count, count);
    for (Compression compression : Compression.values()) {
      try (Mace store = Mace.open(directory.path(), OPTIONS)) {
        Bucket bucket;
        try (BulkLoader loader = store.bulkLoad("b", BUCKET.withCompression(compression), SORTED)) {
          entries.forEach(loader::put);
          assertThat(loader.entries()).isEqualTo(entries.size());
          bucket = loader.commit();
        }
        assertHas(bucket, entries);
        change(bucket, entries, count / 2);
        store.checkpoint();
        change(bucket, entries, count / 2);
        assertHas(bucket, entries);
      }
      try (Mace store = Mace.open(directory.path(), OPTIONS)) {
        assertHas(store.findBucket("b"), entries);
        store.dropBucket("b");
        store.clean();
        assertThat(store.statistics().space().livePageBytes()).isLessThan(2000);
      }
    }
  }

  private static void change(Bucket bucket, NavigableMap<byte[], byte[]> entries, int times) {
    Random random = new Random(7);
    List<byte[]> keys = new ArrayList<>(entries.keySet());
    for (int i = 0; i < times; i++) {
      byte[] key = keys.get(random.nextInt(keys.size()));
      if (random.nextInt(3) == 0) {
        bucket.delete(key);
        entries.remove(key);
      } else {
        byte[] other = random.nextBoolean() ? key : bytes(i + "new");
        byte[] value = Samples.value(random.nextInt(500), i);
        bucket.put(other, value);
        entries.put(other, value);
      }
    }
  }

  @Test
  void entriesInAnyOrderAreSortedThroughFilesAndTheLastOfEqualKeysCounts() {
    try (Mace store = Mace.open(directory.path(), OPTIONS)) {
      var entries = Samples.sortedMap();
      try (BulkLoader loader = store.bulkLoad("b", BUCKET.withCounted(false), LOAD)) {
        Random random = new Random(3);
        for (int i = 0; i < 30_000; i++) {
          byte[] key = number(random.nextInt(10_000));
          byte[] value = Samples.value(random.nextInt(50) == 0 ? 1000 : random.nextInt(60), i);
          loader.put(key, value);
          entries.put(key, value);
        }
        assertThat(filesIn("load")).isGreaterThan(20);
        assertHas(loader.commit(), entries);
      }
      assertThat(filesIn("load")).isZero();
      store.checkpoint();
      // What equal keys left of large values goes with the log's files.
      assertThat(store.statistics().space().liveValueBytes()).isLessThan(30_000 / 50 * 1200);
    }
  }

  @Test
  void leavesAreFullAndWrittenOnce() {
    var entries = Samples.sortedMap();
    for (int i = 0; i < 50_000; i++) {
      entries.put(number(i), number(i));
    }
    try (Mace store = Mace.open(directory.path(), OPTIONS)) {
      long before = store.statistics().writtenBytes();
      try (BulkLoader loader = store.bulkLoad("b", BucketOptions.defaults(), SORTED)) {
        entries.forEach(loader::put);
        loader.commit();
      }
      // 16 bytes of data, 8 of slot, 2 of lengths; leaves' headers and nodes above.
      assertThat(store.statistics().writtenBytes() - before).isLessThan(50_000 * 30);
      store.checkpoint();
      assertThat(store.statistics().space().livePageBytes()).isLessThan(50_000 * 28);
    }
  }

  @Test
  void nobodySeesAnythingBeforeTheCommitAndOlderViewsNothingAfter() {
    try (Mace store = Mace.open(directory.path(), OPTIONS);
        BulkLoader loader = store.bulkLoad("b", BUCKET, SORTED)) {
      loader.put(bytes("k"), bytes("v"));
      store.checkpoint();
      assertThat(store.findBucket("b")).isNull();
      assertThat(store.bucketNames()).isEmpty();
      View before = store.view();
      Transaction plain = store.begin();
      Transaction reading =
          store.begin(TransactionOptions.defaults().withIsolation(Isolation.SERIALIZABLE));
      Transaction writing = store.begin();
      Bucket bucket = loader.commit();
      View after = store.view();
      for (int round = 0; round < 2; round++) {
        assertThat(before.findBucket("b")).isNull();
        for (SnapshotReader reader : List.of(before, plain)) {
          assertThat(reader.get(bucket, bytes("k"))).isNull();
          assertThat(reader.contains(bucket, bytes("k"))).isFalse();
          assertThat(reader.count(bucket)).isZero();
          assertThat(reader.scan(bucket, KeyRange.all()).next()).isFalse();
          assertThat(reader.scanReverse(bucket, KeyRange.all()).next()).isFalse();
        }
        assertThat(before.openStream(bucket, bytes("k"))).isNull();
        assertThat(after.get(bucket, bytes("k"))).isEqualTo(bytes("v"));
        bucket.put(bytes("l"), bytes("w"));
        store.checkpoint();
      }
      plain.commit();
      assertThat(reading.get(bucket, bytes("k"))).isNull();
      Bucket other = store.bucket("other");
      reading.put(other, bytes("k"), bytes("v"));
      assertThatThrownBy(reading::commit).isInstanceOf(ConflictException.class);
      writing.put(bucket, bytes("k"), bytes("x"));
      assertThat(writing.count(bucket)).isEqualTo(1);
      assertThatThrownBy(writing::commit)
          .isInstanceOfSatisfying(
              ConflictException.class, e -> assertThat(e.bucket()).isEqualTo("b"));
      assertThat(bucket.get(bytes("k"))).isEqualTo(bytes("v"));
      before.close();
      after.close();
    }
  }

  @Test
  void anAbandonedLoadLeavesNothing() {
    try (Mace store = Mace.open(directory.path(), OPTIONS)) {
      store.bucket("other").put(bytes("k"), bytes("v"));
      store.checkpoint();
      Map<String, Long> before = files();
      BulkLoader sorted = store.bulkLoad("b", BUCKET, SORTED);
      BulkLoader unsorted = store.bulkLoad("b", BUCKET, LOAD);
      for (int i = 0; i < 5000; i++) {
        sorted.put(number(i), bytes("value " + i));
        unsorted.put(number(i * 31 % 5000), bytes("value " + i));
      }
      assertThat(filesIn("load")).isPositive();
      assertThat(filesIn("pages")).isGreaterThan(5);
      sorted.close();
      sorted.close();
      unsorted.close();
      assertThat(files().keySet()).isEqualTo(before.keySet());
      assertThat(store.findBucket("b")).isNull();
      assertThatThrownBy(() -> sorted.put(bytes("k"), bytes("v")))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("abandoned");
      assertThatThrownBy(unsorted::commit).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void closingTheStoreEndsItsLoads() {
    BulkLoader loader;
    try (Mace store = Mace.open(directory.path(), OPTIONS)) {
      loader = store.bulkLoad("b", BUCKET, LOAD);
      for (int i = 0; i < 5000; i++) {
        loader.put(number(i), bytes("value " + i));
      }
    }
    assertThat(filesIn("load")).isZero();
    assertThatThrownBy(() -> loader.put(bytes("k"), bytes("v")))
        .isInstanceOf(StoreClosedException.class);
    assertThatThrownBy(loader::commit).isInstanceOf(StoreClosedException.class);
    loader.close();
    try (Mace store = Mace.open(directory.path(), OPTIONS)) {
      assertThat(store.bucketNames()).isEmpty();
    }
  }

  @Test
  void refusesWhatIsNotInOrderAndGoesOn() {
    try (Mace store = Mace.inMemory(OPTIONS);
        BulkLoader loader = store.bulkLoad("b", BUCKET, SORTED)) {
      loader.put(bytes("b"), bytes("1"));
      for (String key : List.of("a", "b", "")) {
        assertThatThrownBy(() -> loader.put(bytes(key), bytes("2")))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("entry 2")
            .hasMessageContaining("'b'");
      }
      byte[] tooLong = new byte[(64 << 10) + 1];
      assertThatThrownBy(() -> loader.put(tooLong, bytes("2")))
          .isInstanceOf(LimitExceededException.class);
      loader.put(bytes("c"), bytes("3"));
      Bucket bucket = loader.commit();
      assertThat(Samples.entries(bucket.scan(KeyRange.all()))).containsExactly("b=1", "c=3");
      assertThatThrownBy(loader::commit)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("committed");
    }
  }

  @Test
  void refusesABucketThatExists() {
    try (Mace store = Mace.inMemory(OPTIONS)) {
      store.bucket("b");
      assertThatThrownBy(() -> store.bulkLoad("b", BUCKET, LOAD))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("'b'");
      try (BulkLoader first = store.bulkLoad("c", BUCKET, LOAD);
          BulkLoader second = store.bulkLoad("c", BUCKET, LOAD)) {
        first.put(bytes("k"), bytes("1"));
        second.put(bytes("k"), bytes("2"));
        Bucket bucket = first.commit();
        assertThatThrownBy(second::commit).isInstanceOf(IllegalStateException.class);
        assertThat(bucket.get(bytes("k"))).isEqualTo(bytes("1"));
      }
    }
  }

  @Test
  void tellsHowFarItHasCome() {
    List<String> told = new ArrayList<>();
    BulkLoadOptions options =
        LOAD.withMemoryBytes(1 << 20)
            .withProgress((stage, done, total) -> told.add(stage + " " + done + "/" + total));
    try (Mace store = Mace.inMemory(OPTIONS);
        BulkLoader loader = store.bulkLoad("b", BUCKET, options)) {
      for (int i = 0; i < 100_000; i++) {
        loader.put(number(i % 70_000), bytes("v"));
      }
      loader.commit();
    }
    assertThat(told)
        .containsExactly(
            "ADDING 65536/-1",
            "ADDING 100000/100000",
            "BUILDING 65536/100000",
            "BUILDING 70000/100000",
            "PUBLISHING 70000/70000");
  }

  @Test
  void aLoadThatItsCallerBreaksOffLeavesNothing() {
    BulkLoadOptions options =
        LOAD.withProgress(
            (stage, done, total) -> {
              if (stage == Stage.PUBLISHING) {
                throw new IllegalStateException("broken off");
              }
            });
    try (Mace store = Mace.open(directory.path(), OPTIONS)) {
      store.checkpoint();
      long before = filesIn("pages");
      try (BulkLoader loader = store.bulkLoad("b", BUCKET, options)) {
        for (int i = 0; i < 5000; i++) {
          loader.put(number(i), bytes("value " + i));
        }
        assertThatThrownBy(loader::commit).hasMessage("broken off");
        assertThatThrownBy(loader::commit).hasMessageContaining("failed");
      }
      assertThat(filesIn("pages")).isEqualTo(before);
      assertThat(filesIn("load")).isZero();
      assertThat(store.findBucket("b")).isNull();
    }
  }

  @Test
  void otherWorkGoesOnBesideALoad() throws Exception {
    StoreContents contents;
    try (Mace store = Mace.open(directory.path(), OPTIONS);
        Crew crew = new Crew()) {
      Bucket other = store.bucket("other", BUCKET);
      crew.observe(
          () -> {
            other.put(number(1), number(1));
            store.checkpoint();
          });
      crew.observe(
          () -> {
            other.put(number(2), Samples.value(1000, 2));
            store.clean();
          });
      for (int load = 0; load < 3; load++) {
        String name = "loaded " + load;
        int seed = load;
        crew.work(
            () -> {
              var entries = sample(10_000, seed);
              try (BulkLoader loader = store.bulkLoad(name, BUCKET, SORTED)) {
                entries.forEach(loader::put);
                loader.commit();
              }
              assertHas(store.findBucket(name), entries);
            });
      }
      crew.finish();
      contents = StoreContents.of(store);
    }
    try (Mace again = Mace.open(directory.path(), OPTIONS)) {
      assertThat(StoreContents.of(again)).isEqualTo(contents);
    }
  }
}
