package org.macekv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.macekv.Samples.bytes;
import static org.macekv.Samples.number;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.macekv.option.BucketOptions;
import org.macekv.option.Compression;
import org.macekv.option.Durability;
import org.macekv.option.MaceOptions;

/**
 * A store that was written when its format was new, with everything that a file can have in it:
 * later versions read it. It is never written again; a new format gets a store beside it, by
 * running {@link #main}.
 */
class GoldenStoreTest {
  private static final String STORE = "/golden/store-1.zip";
  private static final MaceOptions OPTIONS =
      MaceOptions.defaults()
          .withDurability(Durability.BUFFERED)
          .withLogSegmentBytes(64 << 10)
          .withPageFileBytes(32 << 10)
          .withCacheBytes(4 << 20)
          .withCheckpointOnClose(false);

  private final StoreDirectory directory = StoreDirectory.createQuick();

  @AfterEach
  void delete() {
    directory.close();
  }

  /** What is in the golden store; the same steps give the same contents in any store. */
  private static void fill(Mace store) {
    Bucket plain = store.bucket("plain", BucketOptions.defaults().withLeafBytes(256));
    Bucket compressed =
        store.bucket("compressed", BucketOptions.defaults().withCompression(Compression.ZSTD));
    Bucket large = store.bucket("large", BucketOptions.defaults().withInlineLimitBytes(256));
    Bucket uncounted = store.bucket("uncounted", BucketOptions.defaults().withCounted(false));
    store.bucket("dropped").put(bytes("k"), bytes("v"));
    for (int i = 0; i < 600; i++) {
      plain.put(number(i), Samples.value(10 + i % 20, i));
      compressed.put(number(i), bytes(("all that is said of customer " + i + "; ").repeat(3)));
    }
    for (int i = 0; i < 12; i++) {
      large.put(number(i), Samples.value(i == 3 ? 70_000 : 250 + 40 * i, i));
      uncounted.put(bytes("key " + i), new byte[i]);
    }
    store.checkpoint();
    for (int round = 0; round < 3; round++) {
      try (View view = store.view()) {
        for (int i = round; i < 600; i += 50) {
          plain.put(number(i), Samples.value(15, i + round)); // changes of leaves and inner nodes
          plain.delete(number(i + 7));
          compressed.put(number(i), bytes("nothing more is said of customer " + i));
        }
        large.put(number(round), Samples.value(2000, round));
        store.checkpoint(); // with the history that the view needs
        assertThat(view.contains(plain, number(round + 7))).isTrue();
      }
    }
    store.dropBucket("dropped");
    store.checkpoint();
    for (int i = 0; i < 40; i++) { // what only the log has
      plain.put(number(1000 + i), Samples.value(5, i));
      large.put(number(20 + i), Samples.value(i % 9 == 0 ? 3000 : 100, i));
    }
    store.transact(
        tx -> {
          for (int i = 0; i < 20; i++) {
            tx.delete(plain, number(i * 3L));
            tx.put(uncounted, bytes("moved " + i), bytes("" + i));
          }
          tx.put(large, bytes("last"), Samples.value(1000, 1));
          return 0;
        });
    store.sync();
  }

  private static StoreContents expected() {
    try (Mace store = Mace.inMemory(OPTIONS)) {
      fill(store);
      return StoreContents.of(store);
    }
  }

  private static void unpack(Path target) throws IOException {
    try (InputStream in = Objects.requireNonNull(GoldenStoreTest.class.getResourceAsStream(STORE));
        ZipInputStream zip = new ZipInputStream(in)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Path file = target.resolve(entry.getName());
        Files.createDirectories(file.getParent());
        Files.write(file, zip.readAllBytes());
      }
    }
  }

  @Test
  void theGoldenStoreIsReadAsItWasWritten() throws IOException {
    StoreContents expected = expected();
    unpack(directory.path());
    try (Mace store = Mace.open(directory.path(), OPTIONS.withReadOnly(true))) {
      assertThat(store.recoveryReport().checkpointPosition()).isPositive();
      assertThat(store.recoveryReport().commits()).isEqualTo(80);
      assertThat(StoreContents.of(store)).isEqualTo(expected);
    }
    try (Mace store = Mace.open(directory.path(), OPTIONS.withCheckpointOnClose(true))) {
      assertThat(StoreContents.of(store)).isEqualTo(expected);
      for (int i = 0; i < 600; i += 2) {
        store.bucket("plain").put(number(i), number(i)); // goes on in today's format
      }
      store.clean();
      expected = StoreContents.of(store);
    }
    try (Mace store = Mace.open(directory.path())) {
      assertThat(StoreContents.of(store)).isEqualTo(expected);
    }
  }

  /** Writes a golden store into the zip file that is named. */
  public static void main(String[] arguments) throws IOException {
    try (StoreDirectory directory = StoreDirectory.create();
        OutputStream out = Files.newOutputStream(Path.of(arguments[0]));
        ZipOutputStream zip = new ZipOutputStream(out)) {
      try (Mace store = Mace.open(directory.path(), OPTIONS)) {
        fill(store);
      }
      try (Stream<Path> files = Files.walk(directory.path())) {
        for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
          String name = directory.path().relativize(file).toString().replace('\\', '/');
          zip.putNextEntry(new ZipEntry(name));
          zip.write(Files.readAllBytes(file));
          zip.closeEntry();
        }
      }
    }
  }
}
