package org.macekv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.macekv.Samples.bytes;
import static org.macekv.Samples.text;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.macekv.error.MaceException;
import org.macekv.error.StoreClosedException;
import org.macekv.error.StoreIOException;
import org.macekv.error.StoreLockedException;
import org.macekv.option.BucketOptions;
import org.macekv.option.Durability;
import org.macekv.option.MaceOptions;
import org.macekv.option.TransactionOptions;

/** Opening, closing, buckets and durability of a store in a directory. */
class StoreTest {
  private final StoreDirectory directory = StoreDirectory.create();

  @AfterEach
  void delete() {
    directory.close();
  }

  @Test
  void storeIsCreatedAndKeepsItsEntries() {
    try (Mace store = open()) {
      assertThat(store.bucketNames()).isEmpty();
      assertThat(store.recoveryReport().newestPosition()).isZero();
      store.bucket("bucket").put(bytes("key"), bytes("value"));
    }
    try (Mace store = open()) {
      assertThat(text(store.bucket("bucket").get(bytes("key")))).isEqualTo("value");
      assertThat(store.recoveryReport().cut()).isNull();
      assertThat(store.recoveryReport().commits()).as("replayed after a checkpoint").isZero();
      assertThat(store.recoveryReport().segments()).isPositive();
      assertThat(store.recoveryReport().newestPosition())
          .isEqualTo(store.statistics().publishedPosition());
    }
  }

  @Test
  void reopeningManyTimesChangesNothing() {
    for (int i = 0; i < 10; i++) {
      try (Mace store = open()) {
        assertThat(store.bucket("bucket").count()).isEqualTo(i / 2);
        if (i % 2 == 1) {
          store.bucket("bucket").put(Samples.number(i), bytes("value"));
        }
      }
    }
  }

  @Test
  void nameIsTheDirectoryAndOptionsAreKept() {
    MaceOptions options = MaceOptions.defaults().withMaxAttempts(3);
    try (Mace store = Mace.open(directory.path(), options);
        Mace memory = Mace.inMemory()) {
      assertThat(store.name()).contains(directory.path().getFileName().toString());
      assertThat(store.options()).isEqualTo(options);
      assertThat(memory.name()).isNotBlank();
      assertThat(memory.options()).isEqualTo(MaceOptions.defaults());
    }
  }

  @Test
  void missingStoreIsNotCreatedAgainstTheOptions() {
    MaceOptions options = MaceOptions.defaults().withCreateIfMissing(false);
    assertThatThrownBy(() -> Mace.open(directory.path(), options))
        .isInstanceOf(StoreIOException.class)
        .hasMessageContaining(directory.path().getFileName().toString());
    assertThat(directory.path()).doesNotExist();
    open().close();
    Mace.open(directory.path(), options).close();
  }

  @Test
  void fileInPlaceOfTheDirectoryIsRefused() throws IOException {
    Files.writeString(directory.path(), "not a directory");
    assertThatThrownBy(this::open).isInstanceOf(MaceException.class);
    assertThat(directory.path()).hasContent("not a directory");
  }

  @Test
  void secondOpenerInThisProcessIsRefusedAndToldWhoHoldsTheStore() throws IOException {
    try (Mace store = open()) {
      Bucket bucket = store.bucket("bucket");
      Path sameDirectory = directory.path().resolve("..").resolve(directory.path().getFileName());
      for (Path path : List.of(directory.path(), sameDirectory)) {
        assertThatThrownBy(() -> Mace.open(path))
            .isInstanceOfSatisfying(
                StoreLockedException.class,
                e ->
                    assertThat(e.holder()).contains(String.valueOf(ProcessHandle.current().pid())));
      }
      bucket.put(bytes("key"), bytes("value"));
    }
    try (Mace store = open()) {
      assertThat(store.bucket("bucket").count()).isEqualTo(1);
    }
  }

  @Test
  void secondProcessIsRefusedAndToldWhoHoldsTheStore() throws Exception {
    try (Mace store = open()) {
      // Opened and refused here first: that must not let go of the lock.
      assertThatThrownBy(this::open).isInstanceOf(StoreLockedException.class);
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  OpeningProcess.class.getName(),
                  directory.path().toString())
              .redirectErrorStream(true)
              .start();
      String output = new String(process.getInputStream().readAllBytes(), Samples.CHARSET);
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(output).contains("locked").contains(String.valueOf(ProcessHandle.current().pid()));
      assertThat(store.bucketNames()).isEmpty();
    }
  }

  @Test
  void refusedOpeningsLeaveNoFileOpen() throws IOException {
    StoreImage damaged;
    try (Mace store = open()) {
      for (int i = 0; i < 10; i++) {
        store.bucket("bucket").put(bytes("key"), Samples.number(i));
      }
      damaged = StoreImage.read(directory.path());
    }
    String segment = damaged.segments().get(0);
    int middle = damaged.file(segment).bytes().length / 2;
    try (StoreDirectory copy = StoreDirectory.create()) {
      damaged.with(segment, damaged.file(segment).flip(middle, 1)).writeTo(copy.path());
      assertThatThrownBy(() -> Mace.open(copy.path())).isInstanceOf(MaceException.class);
      long before = openFiles();
      for (int i = 0; i < 20; i++) {
        assertThatThrownBy(() -> Mace.open(copy.path()))
            .isInstanceOf(MaceException.class)
            .isNotInstanceOf(StoreLockedException.class);
      }
      assertThat(openFiles()).isLessThan(before + 20);
    }
  }

  @Test
  void closeMayBeRepeatedAndEverythingElseIsRefused() {
    Mace store = open();
    store.bucket("bucket");
    store.close();
    store.close();
    for (Runnable use :
        List.<Runnable>of(
            () -> store.bucket("bucket"),
            () -> store.bucket("other", BucketOptions.defaults()),
            () -> store.findBucket("bucket"),
            store::bucketNames,
            () -> store.dropBucket("bucket"),
            store::begin,
            store::view,
            () -> store.transact(tx -> 0),
            store::sync)) {
      assertThatThrownBy(use::run)
          .isInstanceOf(StoreClosedException.class)
          .hasMessageContaining(directory.path().getFileName().toString());
    }
  }

  @Test
  void memoryStoreIsNewEveryTime() {
    try (Mace first = Mace.inMemory();
        Mace second = Mace.inMemory()) {
      first.bucket("bucket").put(bytes("key"), bytes("value"));
      assertThat(second.bucketNames()).isEmpty();
    }
  }

  @Test
  void bucketIsCreatedOnceAndKeepsItsOptions() {
    BucketOptions options =
        BucketOptions.defaults().withCounted(false).withLeafBytes(512).withInlineLimitBytes(300);
    int id;
    try (Mace store = open()) {
      assertThat(store.findBucket("bucket")).isNull();
      Bucket bucket = store.bucket("bucket", options);
      id = bucket.id();
      assertThat(bucket.name()).isEqualTo("bucket");
      assertThat(bucket.options()).isEqualTo(options);
      assertThat(store.bucket("bucket").options()).isEqualTo(options);
      assertThat(store.bucket("plain").options()).isEqualTo(BucketOptions.defaults());
    }
    try (Mace store = open()) {
      assertThat(store.findBucket("bucket").options()).isEqualTo(options);
      assertThat(store.bucket("bucket", options).id()).isEqualTo(id);
    }
  }

  @Test
  void bucketWithOtherOptionsIsRefused() {
    try (Mace store = open()) {
      store.bucket("bucket").put(bytes("key"), bytes("value"));
      BucketOptions other = BucketOptions.defaults().withLeafBytes(1000);
      assertThatThrownBy(() -> store.bucket("bucket", other))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("bucket");
      assertThat(store.bucket("bucket").count()).isEqualTo(1);
    }
  }

  @Test
  void bucketNamesAreInTheOrderOfTheirBytes() {
    // In UTF-16 the last two would be the other way round.
    List<String> names = List.of("A", "B", "a", "\u00e4", "\uffee", "\ud83d\ude00");
    try (Mace store = open()) {
      for (int i = names.size() - 1; i >= 0; i--) {
        store.bucket(names.get(i));
      }
      assertThat(store.bucketNames()).isEqualTo(names);
    }
    try (Mace store = open()) {
      assertThat(store.bucketNames()).isEqualTo(names);
    }
  }

  @Test
  void droppedBucketStaysAwayAndItsIdIsNotUsedAgain() {
    int id;
    try (Mace store = open()) {
      id = store.bucket("bucket").id();
      store.bucket("bucket").put(bytes("key"), bytes("value"));
      assertThat(store.dropBucket("bucket")).isTrue();
      assertThat(store.dropBucket("bucket")).isFalse();
      assertThat(store.findBucket("bucket")).isNull();
      assertThat(store.bucketNames()).isEmpty();
    }
    try (Mace store = open()) {
      assertThat(store.bucketNames()).isEmpty();
      assertThat(store.bucket("bucket").id()).isGreaterThan(id);
      assertThat(store.bucket("bucket").count()).isZero();
    }
  }

  @Test
  void dropIsDurableHoweverTheStoreCommits() {
    MaceOptions options =
        MaceOptions.defaults().withDurability(Durability.BUFFERED).withFlushIntervalMillis(60_000);
    try (Mace store = Mace.open(directory.path(), options)) {
      store.bucket("dropped").put(bytes("key"), bytes("value"));
      store.sync();
      store.dropBucket("dropped");
      try (StoreDirectory copy = StoreDirectory.create()) {
        StoreImage.read(directory.path()).writeTo(copy.path());
        try (Mace crashed = Mace.open(copy.path())) {
          assertThat(crashed.bucketNames()).isEmpty();
        }
      }
    }
  }

  @Test
  void closingMakesBufferedCommitsDurable() {
    MaceOptions options =
        MaceOptions.defaults().withDurability(Durability.BUFFERED).withFlushIntervalMillis(60_000);
    try (Mace store = Mace.open(directory.path(), options)) {
      Bucket bucket = store.bucket("bucket");
      for (int i = 0; i < 100; i++) {
        bucket.put(Samples.number(i), Samples.value(i * 100, i));
      }
    }
    try (Mace store = open()) {
      assertThat(store.bucket("bucket").count()).isEqualTo(100);
    }
  }

  @Test
  void syncedAndWrittenCommitsAreInTheFilesWhenTheyReturn() {
    MaceOptions options = MaceOptions.defaults().withFlushIntervalMillis(60_000);
    try (Mace store = Mace.open(directory.path(), options)) {
      Bucket bucket = store.bucket("bucket");
      for (Durability durability : List.of(Durability.SYNC, Durability.WRITE)) {
        byte[] key = bytes(durability.name());
        commit(store, bucket, durability, key);
        requireInFiles(key);
      }
    }
  }

  @Test
  void syncMakesBufferedCommitsDurable() {
    MaceOptions options = MaceOptions.defaults().withFlushIntervalMillis(60_000);
    try (Mace store = Mace.open(directory.path(), options)) {
      Bucket bucket = store.bucket("bucket");
      commit(store, bucket, Durability.BUFFERED, bytes("key"));
      long syncs = store.statistics().syncs();
      store.sync();
      requireInFiles(bytes("key"));
      assertThat(store.statistics().syncs()).isGreaterThan(syncs);
    }
  }

  @Test
  void syncedCommitTakesEarlierBufferedOnesWithIt() {
    MaceOptions options = MaceOptions.defaults().withFlushIntervalMillis(60_000);
    try (Mace store = Mace.open(directory.path(), options)) {
      Bucket bucket = store.bucket("bucket");
      commit(store, bucket, Durability.BUFFERED, bytes("first"));
      commit(store, bucket, Durability.SYNC, bytes("second"));
      requireInFiles(bytes("first"));
      requireInFiles(bytes("second"));
    }
  }

  @Test
  void everySyncedCommitIsSynced() {
    try (Mace store = open()) {
      Bucket bucket = store.bucket("bucket");
      for (int i = 0; i < 10; i++) {
        long syncs = store.statistics().syncs();
        bucket.put(Samples.number(i), bytes("value"));
        assertThat(store.statistics().syncs()).isGreaterThan(syncs);
      }
    }
  }

  @Test
  void emptyStoreIsSmall() throws IOException {
    try (Mace store = open()) {
      assertThat(store.bucketNames()).isEmpty();
    }
    long bytes = 0;
    for (String name : StoreImage.read(directory.path()).segments()) {
      bytes += Files.size(directory.path().resolve(name));
    }
    assertThat(bytes).isLessThan(64 << 10);
  }

  private Mace open() {
    return Mace.open(directory.path());
  }

  private static void commit(Mace store, Bucket bucket, Durability durability, byte[] key) {
    store.transact(
        TransactionOptions.defaults().withDurability(durability),
        tx -> {
          tx.put(bucket, key, bytes("value"));
          return 0;
        });
  }

  /** Whether a store made of a copy of the files, as a crash would leave them, has the key. */
  private void requireInFiles(byte[] key) {
    try (StoreDirectory copy = StoreDirectory.create()) {
      StoreImage.read(directory.path()).writeTo(copy.path());
      try (Mace store = Mace.open(copy.path())) {
        assertThat(store.bucket("bucket").contains(key)).isTrue();
      }
    }
  }

  private static long openFiles() throws IOException {
    Path descriptors = Path.of("/proc/self/fd");
    if (!Files.isDirectory(descriptors)) {
      return 0;
    }
    try (var files = Files.list(descriptors)) {
      return files.count();
    }
  }
}
