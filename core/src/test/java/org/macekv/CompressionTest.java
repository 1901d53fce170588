package org.macekv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.macekv.Samples.number;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.macekv.error.CorruptionException;
import org.macekv.option.BucketOptions;
import org.macekv.option.Compression;
import org.macekv.option.Durability;
import org.macekv.option.MaceOptions;

/** Compressed buckets: smaller on disk, the same for everybody who reads them. */
class CompressionTest {
  private static final MaceOptions OPTIONS =
      MaceOptions.defaults().withDurability(Durability.BUFFERED);
  private static final BucketOptions PLAIN = BucketOptions.defaults();
  private static final BucketOptions COMPRESSED = PLAIN.withCompression(Compression.ZSTD);
  private static final int COUNT = 2000;

  private final StoreDirectory directory = StoreDirectory.createQuick();

  @AfterEach
  void delete() {
    directory.close();
  }

  private static byte[] text(int i) {
    return Samples.bytes(("customer " + i + " ordered what customers order; ").repeat(4));
  }

  private static byte[] noise(int i) {
    return Samples.value(200, i);
  }

  private interface Value {
    byte[] of(int i);
  }

  private Mace open() {
    return Mace.open(directory.path(), OPTIONS);
  }

  private static void fill(Bucket bucket, Value value) {
    for (int i = 0; i < COUNT; i++) {
      bucket.put(number(i), value.of(i));
    }
  }

  private static void check(Bucket bucket, Value value) {
    Cursor cursor = bucket.scan(KeyRange.all());
    for (int i = 0; i < COUNT; i++) {
      assertThat(cursor.next()).isTrue();
      assertThat(cursor.value()).isEqualTo(value.of(i));
      assertThat(bucket.get(number(i))).isEqualTo(value.of(i));
    }
    assertThat(cursor.next()).isFalse();
  }

  private long pageBytesAfterFilling(BucketOptions options, Value value) {
    try (StoreDirectory own = StoreDirectory.createQuick()) {
      try (Mace store = Mace.open(own.path(), OPTIONS)) {
        fill(store.bucket("b", options), value);
      }
      try (Mace store = Mace.open(own.path(), OPTIONS)) {
        check(store.bucket("b", options), value);
        return store.statistics().space().livePageBytes();
      }
    }
  }

  @Test
  void whatCanBeCompressedTakesLessSpace() {
    long plain = pageBytesAfterFilling(PLAIN, CompressionTest::text);
    long compressed = pageBytesAfterFilling(COMPRESSED, CompressionTest::text);
    assertThat(compressed).isLessThan(plain / 4);
  }

  @Test
  void whatCannotBeCompressedStaysAsItIs() {
    long plain = pageBytesAfterFilling(PLAIN, CompressionTest::noise);
    long compressed = pageBytesAfterFilling(COMPRESSED, CompressionTest::noise);
    // Keys can be compressed a little, but that is not worth while; inner nodes may be.
    assertThat(compressed).isBetween(plain / 100 * 98, plain);
  }

  @Test
  void compressionIsSwitchedOnAndOffOnALiveBucketAndFilesAreMixed() {
    try (Mace store = open()) {
      Bucket bucket = store.bucket("b", PLAIN);
      fill(bucket, CompressionTest::text);
      store.checkpoint();
      long plain = store.statistics().pageBytesWritten();
      assertThat(store.bucket("b", COMPRESSED)).isEqualTo(bucket);
      assertThat(bucket.options()).isEqualTo(COMPRESSED);
      for (int i = 0; i < COUNT; i += 2) {
        bucket.put(number(i), text(i + 1)); // leaves in part changed
        bucket.put(number(i), text(i));
      }
      store.checkpoint();
      assertThat(store.statistics().pageBytesWritten() - plain).isLessThan(plain / 2);
    }
    try (Mace store = open()) {
      Bucket bucket = store.bucket("b");
      assertThat(bucket.options()).isEqualTo(COMPRESSED);
      check(bucket, CompressionTest::text);
      store.bucket("b", PLAIN);
      for (int i = 0; i < COUNT / 4; i++) {
        bucket.put(number(i), text(i));
      }
    }
    try (Mace store = open()) {
      assertThat(store.bucket("b").options()).isEqualTo(PLAIN);
      check(store.bucket("b"), CompressionTest::text);
    }
  }

  @Test
  void aSwitchIsReplayedFromTheLog() {
    MaceOptions noCheckpoint = OPTIONS.withCheckpointOnClose(false);
    try (Mace store = Mace.open(directory.path(), noCheckpoint)) {
      fill(store.bucket("b", PLAIN), CompressionTest::text);
      store.bucket("b", COMPRESSED);
      store.bucket("c", COMPRESSED);
      store.bucket("c", PLAIN);
    }
    try (Mace store = open()) {
      assertThat(store.recoveryReport().commits()).isGreaterThan(COUNT);
      assertThat(store.bucket("b").options()).isEqualTo(COMPRESSED);
      assertThat(store.bucket("c").options()).isEqualTo(PLAIN);
      check(store.bucket("b"), CompressionTest::text);
    }
  }

  @Test
  void whatFixesTheFormIsRefusedWhenChanged() {
    try (Mace store = open()) {
      store.bucket("b", COMPRESSED);
      for (BucketOptions other :
          List.of(
              PLAIN.withLeafBytes(512),
              PLAIN.withInlineLimitBytes(512),
              PLAIN.withCounted(false))) {
        assertThatThrownBy(() -> store.bucket("b", other))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("'b'")
            .hasMessageContaining("only the compression can be changed")
            .hasMessageContaining(other.toString());
      }
      assertThat(store.bucket("b").options()).isEqualTo(COMPRESSED);
    }
  }

  @Test
  void aCompressedBodyThatMakesNoSenseIsDamageThatIsNamed() throws IOException {
    try (Mace store = open()) {
      fill(store.bucket("b", COMPRESSED), CompressionTest::text);
    }
    Path file;
    try (Stream<Path> files = Files.list(directory.path().resolve("pages"))) {
      file = files.findFirst().orElseThrow();
    }
    try (RandomAccessFile pages = new RandomAccessFile(file.toFile(), "rw")) {
      byte[] image = firstCompressedImage(pages);
      int body = 28 + intAt(image, 24);
      image[body + 3] ^= 1; // the length that the body stands for
      CRC32C crc = new CRC32C();
      crc.update(image, 4, image.length - 4);
      pages.seek(pages.getFilePointer() - image.length);
      pages.writeInt((int) crc.getValue());
      pages.write(image, 4, image.length - 4);
    }
    try (Mace store = open()) {
      assertThatThrownBy(() -> check(store.bucket("b"), CompressionTest::text))
          .isInstanceOf(CorruptionException.class)
          .hasMessageContaining(file.getFileName().toString())
          .hasMessageContaining("compressed body makes no sense");
    }
  }

  private static int intAt(byte[] bytes, int offset) {
    return (int) Samples.toNumber(java.util.Arrays.copyOfRange(bytes, offset, offset + 4));
  }

  private static byte[] firstCompressedImage(RandomAccessFile pages) throws IOException {
    pages.seek(36);
    while (true) {
      pages.skipBytes(4);
      int length = pages.readInt();
      pages.seek(pages.getFilePointer() - 8);
      byte[] image = new byte[length];
      pages.readFully(image);
      if (image[10] == 1) {
        return image;
      }
    }
  }

  @Test
  void withoutTheLibraryCompressionIsRefusedWithTheReason() throws Exception {
    assertThat(withoutLibrary("openBucket"))
        .contains("bucket 'b'")
        .contains("com.github.luben:zstd-jni");
    try (Mace store = open()) {
      fill(store.bucket("b", COMPRESSED), CompressionTest::text);
    }
    assertThat(withoutLibrary("openStore"))
        .contains("bucket 'b'")
        .contains("com.github.luben:zstd-jni");
    try (Mace store = open()) {
      store.bucket("b", PLAIN); // from now on; the images are as they were
      store.checkpoint();
    }
    assertThat(withoutLibrary("readBucket"))
        .contains("a page image in")
        .contains("com.github.luben:zstd-jni");
    try (Mace store = open()) {
      check(store.bucket("b"), CompressionTest::text); // nothing was lost
    }
  }

  /** Runs a method of {@link WithoutLibrary} where the library is not to be found. */
  private String withoutLibrary(String method) throws Exception {
    List<URL> urls = new ArrayList<>();
    for (String each : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      if (!each.contains("zstd")) {
        urls.add(url(each));
      }
    }
    try (URLClassLoader loader =
        new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      Class<?> type = loader.loadClass(WithoutLibrary.class.getName());
      try {
        type.getMethod(method, Path.class).invoke(null, directory.path());
        return "nothing was thrown";
      } catch (InvocationTargetException e) {
        assertThat(e.getCause().getClass().getSimpleName())
            .isEqualTo("CompressionUnavailableException");
        return e.getCause().getMessage();
      }
    }
  }

  private static URL url(String path) throws MalformedURLException {
    return Path.of(path).toUri().toURL();
  }

  /** Loaded by a class loader that does not know the library. */
  public static final class WithoutLibrary {
    private WithoutLibrary() {}

    /** Asks for compression. */
    public static void openBucket(Path path) {
      try (Mace store = Mace.open(path)) {
        store.bucket("a", BucketOptions.defaults());
        store.bucket("b", BucketOptions.defaults().withCompression(Compression.ZSTD));
      }
    }

    /** Opens a store with compressed buckets. */
    public static void openStore(Path path) {
      Mace.open(path).close();
    }

    /** Reads compressed images. */
    public static void readBucket(Path path) {
      try (Mace store = Mace.open(path)) {
        store.bucket("b").get(number(1));
      }
    }
  }
}
