package org.macekv;

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
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.macekv.error.StoreIOException;
import org.macekv.error.StoreLockedException;
import org.macekv.error.StoreReadOnlyException;
import org.macekv.option.BucketOptions;
import org.macekv.option.Durability;
import org.macekv.option.MaceOptions;

/** A store that is only read shows all that is there, and leaves every byte as it was. */
class ReadOnlyTest {
  private static final MaceOptions READ_ONLY = MaceOptions.defaults().withReadOnly(true);
  private static final MaceOptions SMALL =
      MaceOptions.defaults()
          .withDurability(Durability.WRITE)
          .withCacheBytes(256 << 10)
          .withPageFileBytes(64 << 10)
          .withLogSegmentBytes(64 << 10);
  private static final int COUNT = 3000;

  private final StoreDirectory directory = StoreDirectory.createQuick();

  @AfterEach
  void delete() {
    directory.close();
  }

  private static void fill(Mace store, int round) {
    Bucket bucket = store.bucket("b", BucketOptions.defaults().withInlineLimitBytes(256));
    for (int i = 0; i < COUNT; i++) {
      bucket.put(number(i), Samples.value(i % 50 == 0 ? 5000 : 100, i + round));
    }
  }

  private static void dropOne(Mace store) {
    store.bucket("dropped").put(bytes("k"), bytes("v"));
    store.dropBucket("dropped");
  }

  /** What every file of a directory looks like from outside: name, time, length, content. */
  private static Map<String, List<Object>> files(Path path) {
    Map<String, List<Object>> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(path)) {
      for (Path each : all.toList()) {
        List<Object> about = new ArrayList<>(List.of(Files.getLastModifiedTime(each)));
        if (Files.isRegularFile(each)) {
          about.add(Arrays.hashCode(Files.readAllBytes(each)));
          about.add(Files.size(each));
        }
        files.put(path.relativize(each).toString(), about);
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return files;
  }

  @Test
  void aStoreThatWasClosedIsReadAndNotAByteIsChanged() {
    StoreContents contents;
    try (Mace store = Mace.open(directory.path(), SMALL)) {
      fill(store, 0);
      dropOne(store);
      contents = StoreContents.of(store);
    }
    Map<String, List<Object>> before = files(directory.path());
    MaceOptions tiny = READ_ONLY.withCacheBytes(64 << 10);
    try (Mace store = Mace.open(directory.path(), tiny);
        Mace other = Mace.open(directory.path(), tiny)) {
      assertThat(StoreContents.of(store)).isEqualTo(contents);
      assertThat(StoreContents.of(other)).isEqualTo(contents);
      assertThat(store.statistics().evictions()).isPositive();
      assertThat(store.statistics().writtenBytes()).isZero();
      assertThat(files(directory.path())).isEqualTo(before);
    }
    assertThat(files(directory.path())).isEqualTo(before);
  }

  @Test
  void whatACrashLeftIsReadAndNotRepaired() {
    // With a cache that makes no checkpoints by itself: they would delete files under the copy.
    try (Mace store = Mace.open(directory.path(), SMALL.withCacheBytes(64 << 20))) {
      fill(store, 0);
      store.checkpoint();
      fill(store, 1);
      try (StoreDirectory copy = StoreDirectory.createQuick()) {
        StoreImage image = StoreImage.read(directory.path());
        String newest = image.newestSegment();
        StoreImage.FileImage file = image.file(newest);
        image = image.with(newest, file.truncate(file.bytes().length - 3).extend(file.length()));
        image.writeTo(copy.path());
        assertThatThrownBy(() -> Mace.open(copy.path(), READ_ONLY).close())
            .isInstanceOf(StoreIOException.class)
            .hasMessageContaining("no file LOCK");
        touch(copy.path().resolve("LOCK"));
        Map<String, List<Object>> before = files(copy.path());
        StoreContents contents;
        RecoveryReport report;
        try (Mace read = Mace.open(copy.path(), READ_ONLY)) {
          contents = StoreContents.of(read);
          report = read.recoveryReport();
          assertThat(report.cut()).isNotNull();
          assertThat(report.commits()).isEqualTo(COUNT - 1); // the last is torn
        }
        assertThat(files(copy.path())).isEqualTo(before);
        try (Mace repaired = Mace.open(copy.path())) {
          assertThat(StoreContents.of(repaired)).isEqualTo(contents);
          assertThat(repaired.recoveryReport()).isEqualTo(report);
        }
      }
    }
  }

  private static void touch(Path file) {
    try {
      Files.createFile(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void everyChangeIsRefused() {
    try (Mace store = Mace.open(directory.path(), SMALL)) {
      fill(store, 0);
    }
    try (Mace store = Mace.open(directory.path(), READ_ONLY)) {
      Bucket bucket = store.bucket("b");
      byte[] key = number(1);
      refused(() -> bucket.put(key, key));
      refused(() -> bucket.put(key, new byte[100_000]));
      refused(() -> bucket.getAndPut(key, key));
      refused(() -> bucket.delete(key));
      refused(() -> bucket.getAndDelete(bytes("not there")));
      refused(() -> store.bucket("new"));
      refused(() -> store.dropBucket("b"));
      refused(store::checkpoint);
      refused(store::clean);
      refused(
          () ->
              store.transact(
                  tx -> {
                    assertThat(tx.get(bucket, key)).isNotNull();
                    tx.put(bucket, key, key);
                    return 0;
                  }));
      refused(
          () ->
              store.transact(
                  tx -> {
                    tx.delete(bucket, key);
                    return 0;
                  }));
      assertThat(store.<Long>transact(tx -> tx.count(bucket))).isEqualTo(COUNT);
      store.sync(); // all that there is, is durable
      assertThat(store.bucketNames()).containsExactly("b");
    }
  }

  private void refused(ThrowingCallable change) {
    assertThatThrownBy(change)
        .isInstanceOf(StoreReadOnlyException.class)
        .hasMessageContaining(directory.path().getParent().getFileName().toString());
  }

  @Test
  void readersAndAWriterExcludeEachOther() throws Exception {
    try (Mace writer = Mace.open(directory.path())) {
      writer.bucket("b");
      assertThatThrownBy(() -> Mace.open(directory.path(), READ_ONLY))
          .isInstanceOf(StoreLockedException.class)
          .hasMessageContaining("this process");
    }
    Mace first = Mace.open(directory.path(), READ_ONLY);
    try (Mace second = Mace.open(directory.path(), READ_ONLY)) {
      first.close();
      assertThatThrownBy(() -> Mace.open(directory.path()))
          .isInstanceOf(StoreLockedException.class)
          .hasMessageContaining("for reading only");
      assertThat(otherProcess()).startsWith("locked by");
      assertThat(second.bucketNames()).containsExactly("b");
    }
    assertThat(otherProcess()).startsWith("opened");
    Mace.open(directory.path()).close();
  }

  private String otherProcess() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                OpeningProcess.class.getName(),
                directory.path().toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), Samples.CHARSET);
    process.waitFor();
    return said;
  }

  @Test
  void aStoreThatIsNotThereIsNotCreated() throws IOException {
    assertThatThrownBy(() -> Mace.open(directory.path(), READ_ONLY))
        .isInstanceOf(StoreIOException.class)
        .hasMessageContaining("there is no store");
    assertThat(directory.path()).doesNotExist();
    Files.createDirectory(directory.path());
    assertThatThrownBy(() -> Mace.open(directory.path(), READ_ONLY))
        .isInstanceOf(StoreIOException.class)
        .hasMessageContaining("there is no store");
    assertThat(directory.path()).isEmptyDirectory();
  }

  @Test
  void anEmptyStoreIsEmpty() {
    Mace.open(directory.path()).close();
    try (Mace store = Mace.open(directory.path(), READ_ONLY)) {
      assertThat(store.bucketNames()).isEmpty();
      assertThat(store.findBucket("b")).isNull();
    }
  }
}
