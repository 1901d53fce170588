package org.macekv.internal.io;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.macekv.error.StoreIOException;
import org.macekv.error.StoreLockedException;

/** What every {@link Storage} promises. */
abstract class StorageContractTest {
  private Storage storage;

  /** An empty storage, not locked. */
  abstract Storage newStorage();

  @BeforeEach
  final void openStorage() {
    storage = newStorage();
    storage.lock();
  }

  @AfterEach
  final void closeStorage() {
    storage.close();
  }

  @Test
  void whatWasWrittenIsRead() {
    write("a", "0123456789");

    assertThat(read("a")).isEqualTo("0123456789");
  }

  @Test
  void readIsShortOnlyWhereTheFileEnds() {
    write("a", "0123456789");
    byte[] target = new byte[8];

    try (ReadableFile file = storage.open("a")) {
      assertThat(file.length()).isEqualTo(10);
      assertThat(file.read(6, target, 2, 6)).isEqualTo(4);
      assertThat(new String(target, US_ASCII)).isEqualTo("\0\0006789\0\0");
      assertThat(file.read(10, target, 0, 8)).isZero();
      assertThat(file.read(1L << 40, target, 0, 8)).isZero();
      assertThat(file.read(3, target, 0, 0)).isZero();
    }
  }

  @Test
  void readerSeesWhatIsWrittenWhileItIsOpen() {
    try (WritableFile out = storage.create("a");
        ReadableFile in = storage.open("a")) {
      assertThat(in.length()).isZero();
      out.write(0, bytes("abc"), 0, 3);

      assertThat(in.length()).isEqualTo(3);
      assertThat(content(in)).isEqualTo("abc");
    }
  }

  @Test
  void writeTakesOnlyItsPartOfTheArray() {
    try (WritableFile file = storage.create("a")) {
      file.write(0, bytes("0123456789"), 3, 4);
      file.write(1, bytes("xyz"), 1, 1);
      file.write(100, bytes("nothing"), 2, 0);
    }

    assertThat(read("a")).isEqualTo("3y56");
  }

  @Test
  void gapsAndExtensionsAreZerosAlsoWhereBytesWereCutOff() {
    try (WritableFile file = storage.create("a")) {
      file.write(0, bytes("abcdef"), 0, 6);
      file.setLength(2);
      file.setLength(4);
      file.write(6, bytes("z"), 0, 1);
      file.sync();
    }

    assertThat(read("a")).isEqualTo("ab\0\0\0\0z");
  }

  /** Lengths around the pieces in which files are read, written and kept. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void randomWritesReadsAndCutsMatchAnArray(long seed) {
    Random random = new Random(seed);
    byte[] model = new byte[1 << 20];
    int length = 0;
    try (WritableFile out = storage.create("a");
        ReadableFile in = storage.open("a")) {
      for (int step = 0; step < 200; step++) {
        int offset = random.nextInt(model.length / 2);
        int count = random.nextInt(4) == 0 ? random.nextInt(model.length / 2) : random.nextInt(99);
        if (random.nextInt(20) == 0) {
          out.setLength(offset);
          Arrays.fill(model, offset, Math.max(offset, length), (byte) 0);
          length = offset;
        } else if (random.nextBoolean()) {
          byte[] source = new byte[count + 7];
          random.nextBytes(source);
          out.write(offset, source, 5, count);
          System.arraycopy(source, 5, model, offset, count);
          length = count == 0 ? length : Math.max(length, offset + count);
        } else {
          byte[] target = new byte[count + 9];
          int read = in.read(offset, target, 4, count);
          int expected = Math.max(0, Math.min(count, length - offset));
          assertThat(read).as("step %d", step).isEqualTo(expected);
          assertThat(Arrays.copyOfRange(target, 4, 4 + expected))
              .as("step %d", step)
              .isEqualTo(Arrays.copyOfRange(model, offset, offset + expected));
        }
        assertThat(in.length()).as("step %d", step).isEqualTo(length);
      }
    }
  }

  @Test
  void fileIsCreatedOnlyOnce() {
    write("a", "first");

    assertThatThrownBy(() -> storage.create("a"))
        .isInstanceOf(StoreIOException.class)
        .hasMessage("cannot create " + storage.describe("a") + ": it exists already");
    assertThat(read("a")).isEqualTo("first");
  }

  @Test
  void fileIsOpenedForWritingWithWhatItHas() {
    write("a", "0123456789");
    storage.rename("a", "b");

    try (WritableFile file = storage.openForWriting("b")) {
      file.write(8, bytes("xyz"), 0, 3);
      file.sync();
    }

    assertThat(read("b")).isEqualTo("01234567xyz");
    assertThat(storage.exists("a")).isFalse();
  }

  @Test
  void missingFilesAreNamedWithTheOperation() {
    assertRefused(() -> storage.open("m"), "open", "m");
    assertRefused(() -> storage.openForWriting("m"), "open", "m");
    assertRefused(() -> storage.delete("m"), "delete", "m");
    assertRefused(() -> storage.truncate("m", 0), "truncate", "m");
    assertRefused(() -> storage.rename("m", "n"), "rename", "m");
    assertRefused(() -> storage.create("missing/m"), "create", "missing/m");
    assertRefused(() -> storage.createDirectory("missing/m"), "create directory", "missing/m");
    assertRefused(() -> storage.syncDirectory("missing"), "sync directory", "missing");
    assertThat(storage.exists("m")).isFalse();
    assertThat(storage.exists("missing/m")).isFalse();
  }

  private void assertRefused(Runnable call, String operation, String file) {
    assertThatThrownBy(call::run)
        .isInstanceOf(StoreIOException.class)
        .hasMessageStartingWith("cannot " + operation)
        .hasMessageContaining(storage.describe(file))
        .hasMessageEndingWith(": no such file or directory");
  }

  @Test
  void directoriesAreCreatedOnceAndListTheirOwnFilesOnly() {
    storage.createDirectory("d");
    storage.createDirectory("d");
    storage.createDirectory("d/e");
    write("d/2", "");
    write("d/10", "");
    write("d/e/3", "");
    storage.syncDirectory("");
    storage.syncDirectory("d");

    assertThat(storage.exists("d")).isTrue();
    assertThat(storage.exists("d/2")).isTrue();
    assertThat(storage.list("d")).containsExactly("10", "2");
    assertThat(storage.list("d/e")).containsExactly("3");
    assertThat(storage.list("none")).isEmpty();
    assertThat(storage.list("")).doesNotContain("d", "2");
  }

  @Test
  void fileIsNoDirectoryAndDirectoryIsNoFile() {
    write("a", "");
    storage.createDirectory("d");

    assertThatThrownBy(() -> storage.createDirectory("a")).isInstanceOf(StoreIOException.class);
    assertThatThrownBy(() -> storage.list("a")).isInstanceOf(StoreIOException.class);
    assertThatThrownBy(() -> storage.create("d")).isInstanceOf(StoreIOException.class);
    assertThatThrownBy(() -> storage.open("d")).isInstanceOf(StoreIOException.class);
    assertThatThrownBy(() -> storage.openForWriting("d")).isInstanceOf(StoreIOException.class);
    assertThatThrownBy(() -> storage.rename("a", "d")).isInstanceOf(StoreIOException.class);
  }

  @Test
  void renameReplaces() {
    write("a", "new");
    write("b", "old and longer");

    storage.rename("a", "b");

    assertThat(storage.exists("a")).isFalse();
    assertThat(read("b")).isEqualTo("new");
  }

  @Test
  void deletedFileIsGoneAndItsNameIsFree() {
    write("a", "1");
    storage.delete("a");
    assertThat(storage.exists("a")).isFalse();

    write("a", "2");
    assertThat(read("a")).isEqualTo("2");
  }

  @Test
  void truncateCutsAndNeverExtends() {
    write("a", "0123456789");

    storage.truncate("a", 4);
    assertThat(read("a")).isEqualTo("0123");
    assertThatThrownBy(() -> storage.truncate("a", 5))
        .isInstanceOf(StoreIOException.class)
        .hasMessageContaining("it has 4 bytes only");
    assertThat(read("a")).isEqualTo("0123");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", "a\\b", "C:a"})
  void namesThatLeadOutAreRefused(String name) {
    assertThatIllegalArgumentException().isThrownBy(() -> storage.create(name));
    assertThatIllegalArgumentException().isThrownBy(() -> storage.open(name));
    assertThatIllegalArgumentException().isThrownBy(() -> storage.openForWriting(name));
    assertThatIllegalArgumentException().isThrownBy(() -> storage.delete(name));
    assertThatIllegalArgumentException().isThrownBy(() -> storage.rename(name, "x"));
    assertThatIllegalArgumentException().isThrownBy(() -> storage.createDirectory(name));
  }

  @Test
  void renameToANameThatLeadsOutIsRefused() {
    write("a", "");

    assertThatIllegalArgumentException().isThrownBy(() -> storage.rename("a", "../a"));
  }

  @Test
  void badRangesAreRefusedBeforeAnythingHappens() {
    byte[] four = new byte[4];
    try (WritableFile out = storage.create("a");
        ReadableFile in = storage.open("a")) {
      assertThatIllegalArgumentException().isThrownBy(() -> out.write(-1, four, 0, 4));
      assertThatIllegalArgumentException().isThrownBy(() -> in.read(-1, four, 0, 4));
      assertThatIllegalArgumentException().isThrownBy(() -> out.setLength(-1));
      assertThatThrownBy(() -> out.write(0, four, 1, 4))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> in.read(0, four, 2, Integer.MAX_VALUE))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThat(in.length()).isZero();
    }
    assertThatIllegalArgumentException().isThrownBy(() -> storage.truncate("a", -1));
  }

  @Test
  void closedFilesRefuseAndCloseAgain() {
    WritableFile out = storage.create("a");
    ReadableFile in = storage.open("a");
    out.close();
    in.close();
    out.close();
    in.close();

    assertClosed(() -> out.write(0, new byte[1], 0, 1), "write to");
    assertClosed(out::sync, "sync");
    assertClosed(() -> out.setLength(1), "set the length of");
    assertClosed(() -> in.read(0, new byte[1], 0, 1), "read");
    assertClosed(in::length, "ask the length of");
  }

  private void assertClosed(Runnable call, String operation) {
    assertThatThrownBy(call::run)
        .isInstanceOf(StoreIOException.class)
        .hasMessageStartingWith("cannot " + operation)
        .hasMessageContaining(storage.describe("a"))
        .hasMessageEndingWith("it was closed");
  }

  @Test
  void closedStorageHasClosedItsFilesAndRefuses() {
    WritableFile out = storage.create("a");
    ReadableFile in = storage.open("a");

    storage.close();
    storage.close();

    assertClosed(() -> out.write(0, new byte[1], 0, 1), "write to");
    assertClosed(() -> in.read(0, new byte[1], 0, 1), "read");
    assertThatThrownBy(() -> storage.create("b"))
        .isInstanceOf(StoreIOException.class)
        .hasMessageContaining(storage.describe("b"))
        .hasMessageContaining("closed");
    assertThatThrownBy(() -> storage.open("a")).isInstanceOf(StoreIOException.class);
    assertThatThrownBy(() -> storage.openForWriting("a")).isInstanceOf(StoreIOException.class);
    assertThatThrownBy(() -> storage.list("")).isInstanceOf(StoreIOException.class);
    assertThatThrownBy(() -> storage.delete("a")).isInstanceOf(StoreIOException.class);
  }

  @Test
  void secondLockIsRefusedUntilTheFirstIsReleased() {
    assertThatThrownBy(storage::lock)
        .isInstanceOf(StoreLockedException.class)
        .hasMessageContaining(storage.name())
        .hasMessageContaining("this process");

    write("a", "kept");
    storage.close();
    storage.lock();
    assertThat(read("a")).isEqualTo("kept");
  }

  private void write(String name, String text) {
    try (WritableFile file = storage.create(name)) {
      file.write(0, bytes(text), 0, text.length());
      file.sync();
    }
  }

  private String read(String name) {
    try (ReadableFile file = storage.open(name)) {
      return content(file);
    }
  }

  private static String content(ReadableFile file) {
    byte[] bytes = new byte[(int) file.length()];
    assertThat(file.read(0, bytes, 0, bytes.length)).isEqualTo(bytes.length);
    return new String(bytes, US_ASCII);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(US_ASCII);
  }
}
