package org.macekv.internal.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.macekv.error.StoreIOException;

class MemoryStorageTest extends StorageContractTest {
  @Override
  Storage newStorage() {
    return new MemoryStorage("in memory");
  }

  @Test
  void copyHasTheContentOfItsMomentAndNoLock() {
    MemoryStorage original = new MemoryStorage("original");
    original.lock();
    original.createDirectory("d");
    WritableFile file = original.create("d/a");
    file.write(0, new byte[] {1, 2, 3}, 0, 3);

    MemoryStorage copy = original.copy("copy");
    file.write(0, new byte[] {9}, 0, 1);
    original.delete("d/a");

    copy.lock();
    assertThat(copy.name()).isEqualTo("copy");
    assertThat(content(copy, "d/a")).containsExactly(1, 2, 3);
    copy.truncate("d/a", 1);
    assertThat(original.exists("d/a")).isFalse();
  }

  @Test
  void copyOfAClosedStorageIsOpen() {
    MemoryStorage original = new MemoryStorage("original");
    original.create("a").close();
    original.close();

    assertThat(original.copy("copy").exists("a")).isTrue();
  }

  @Test
  void damageHitsTheBytesOfAFileThatIsThere() {
    MemoryStorage storage = new MemoryStorage("damaged");
    try (WritableFile file = storage.create("a")) {
      file.write(0, new byte[] {1, 2, 3}, 0, 3);
    }

    try (WritableFile file = storage.openForDamage("a")) {
      file.write(1, new byte[] {7}, 0, 1);
    }

    assertThat(content(storage, "a")).containsExactly(1, 7, 3);
    assertThatThrownBy(() -> storage.openForDamage("b")).isInstanceOf(StoreIOException.class);
  }

  @Test
  void reservedSpaceTakesNoMemoryUntilItIsWritten() {
    MemoryStorage storage = new MemoryStorage("sparse");
    long length = 1L << 40;
    byte[] last = {1};
    try (WritableFile out = storage.create("a");
        ReadableFile in = storage.open("a")) {
      out.setLength(length);

      assertThat(in.length()).isEqualTo(length);
      assertThat(in.read(length - 1, last, 0, 1)).isEqualTo(1);
      assertThat(last).containsExactly(0);
    }
  }

  private static byte[] content(Storage storage, String name) {
    try (ReadableFile file = storage.open(name)) {
      byte[] bytes = new byte[(int) file.length()];
      file.read(0, bytes, 0, bytes.length);
      return bytes;
    }
  }
}
