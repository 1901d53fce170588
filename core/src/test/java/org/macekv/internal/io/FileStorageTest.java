package org.macekv.internal.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.macekv.error.StoreIOException;
import org.macekv.error.StoreLockedException;

class FileStorageTest {
  private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");
  private static final Clock CLOCK = Clock.fixed(START, ZoneOffset.UTC);

  @TempDir Path temporary;
  private Path directory;

  @BeforeEach
  void nameDirectory() throws IOException {
    directory = temporary.toRealPath().resolve("parent/store");
  }

  @Test
  void missingStoreIsNotCreatedUnlessAskedFor() {
    assertThatThrownBy(() -> new FileStorage(directory, false))
        .isInstanceOf(StoreIOException.class)
        .hasMessage("there is no store at " + directory + ": no such directory");
    assertThat(directory.getParent()).doesNotExist();
  }

  @Test
  void missingStoreIsCreatedWithItsParents() {
    try (Storage storage = new FileStorage(directory, true)) {
      assertThat(directory).isEmptyDirectory();
      assertThat(storage.name()).isEqualTo(directory.toString());
      assertThat(storage.describe("log/1")).isEqualTo(directory.resolve("log/1").toString());
    }
    new FileStorage(directory, false).close();
  }

  @Test
  void fileInPlaceOfTheDirectoryIsRefused() throws IOException {
    Files.createDirectories(directory.getParent());
    Files.createFile(directory);

    assertThatThrownBy(() -> new FileStorage(directory, false))
        .isInstanceOf(StoreIOException.class)
        .hasMessageContaining(directory.toString());
    assertThatThrownBy(() -> new FileStorage(directory, true))
        .isInstanceOf(StoreIOException.class)
        .hasMessageContaining(directory.toString());
  }

  @Test
  void otherFileSystemsAreRefused() throws IOException {
    URI jar = URI.create("jar:" + temporary.resolve("a.zip").toUri());
    try (FileSystem zip = FileSystems.newFileSystem(jar, Map.of("create", "true"))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new FileStorage(zip.getPath("/store"), true))
          .withMessageContaining("default file system");
    }
  }

  @Test
  void secondOpenerInThisProcessIsToldWhoHoldsTheStore() {
    try (Storage second = new FileStorage(directory, true)) {
      try (Storage first = new FileStorage(directory, true, CLOCK)) {
        first.lock();

        assertThatThrownBy(second::lock)
            .isInstanceOf(StoreLockedException.class)
            .hasMessageStartingWith(directory + " is already open: held by this process (process ")
            .hasMessageContaining("process " + ProcessHandle.current().pid() + " on host ")
            .hasMessageEndingWith("since 2026-01-02T03:04:05Z)");
      }
      second.lock();
    }
  }

  @Test
  void otherNamesOfADirectoryAreTheSameStore() throws IOException {
    try (Storage first = new FileStorage(directory, true)) {
      first.lock();
      Path link = temporary.resolve("link");
      assumeSymbolicLink(link, directory);

      try (Storage second = new FileStorage(link.resolve("../store"), false);
          Storage third = new FileStorage(directory.resolve("../store"), false)) {
        assertThatThrownBy(third::lock).isInstanceOf(StoreLockedException.class);
        assertThat(second.name()).isEqualTo(directory.toString());
        assertThatThrownBy(second::lock).isInstanceOf(StoreLockedException.class);
      }
    }
  }

  @Test
  void refusalInThisProcessDoesNotOpenTheStoreToAnotherProcess() throws IOException {
    try (Storage first = new FileStorage(directory, true, CLOCK)) {
      first.lock();
      try (Storage second = new FileStorage(directory, false)) {
        assertThatThrownBy(second::lock).isInstanceOf(StoreLockedException.class);
      }

      try (LockingChild child = LockingChild.start(directory)) {
        assertThat(child.answer())
            .startsWith(directory + " is already open: held by process ")
            .contains("process " + ProcessHandle.current().pid() + " on host ")
            .endsWith("since 2026-01-02T03:04:05Z");
      }
    }
  }

  /** As another class loader would, which has a registry of its own. */
  @Test
  void lockOfAnotherClassLoaderIsNeitherTakenNorDropped() throws IOException {
    try (Storage storage = new FileStorage(directory, true)) {
      try (FileChannel foreign =
          FileChannel.open(
              directory.resolve("LOCK"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        foreign.lock();
        for (int attempt = 0; attempt < 2; attempt++) {
          assertThatThrownBy(storage::lock)
              .isInstanceOf(StoreLockedException.class)
              .hasMessageContaining("this process");
        }
        assertThatChildIsRefused();
      }
      storage.lock();
      assertThatChildIsRefused();
    }
    assertNothingIsOpen();
  }

  private void assertThatChildIsRefused() throws IOException {
    try (LockingChild child = LockingChild.start(directory)) {
      assertThat(child.answer()).contains("is already open");
    }
  }

  @Test
  void lockDiesWithItsProcess() throws IOException {
    new FileStorage(directory, true).close();
    try (Storage storage = new FileStorage(directory, false)) {
      try (LockingChild child = LockingChild.start(directory)) {
        assertThat(child.hasLock()).isTrue();
        assertThatThrownBy(storage::lock)
            .isInstanceOf(StoreLockedException.class)
            .hasMessageContaining("held by process " + child.pid() + " on host ");
        assertNothingIsOpen();
      }

      storage.lock();
      assertThat(Files.readString(directory.resolve("OWNER")))
          .startsWith("process " + ProcessHandle.current().pid() + " ");
    }
  }

  @Test
  void holderWithoutDetailsIsStillAHolder() throws IOException {
    new FileStorage(directory, true).close();
    try (Storage storage = new FileStorage(directory, false);
        LockingChild child = LockingChild.start(directory)) {
      assertThat(child.hasLock()).isTrue();
      Files.delete(directory.resolve("OWNER"));
      assertThatThrownBy(storage::lock)
          .isInstanceOf(StoreLockedException.class)
          .hasMessageContaining("another process, which left no details");

      Files.write(directory.resolve("OWNER"), new byte[100_000]);
      assertThatThrownBy(storage::lock).isInstanceOf(StoreLockedException.class);
    }
  }

  @Test
  void ownerFileThatCannotBeWrittenIsNoObstacleAndLeavesNoOldName() throws IOException {
    try (Storage storage = new FileStorage(directory, true)) {
      Files.writeString(directory.resolve("OWNER"), "somebody long gone");
      Files.createDirectory(directory.resolve("OWNER.tmp"));

      storage.lock();

      assertThat(directory.resolve("OWNER")).doesNotExist();
    }
  }

  @Test
  void closedStoreLeavesNoOwner() {
    try (Storage storage = new FileStorage(directory, true)) {
      storage.lock();
      assertThat(storage.list("")).containsExactly("LOCK", "OWNER");
    }

    assertThat(directory.resolve("OWNER")).doesNotExist();
  }

  @Test
  void failedLockKeepsNothingAndCanBeTriedAgain() throws IOException {
    try (Storage storage = new FileStorage(directory, true)) {
      Files.createDirectory(directory.resolve("LOCK"));
      assertThatThrownBy(storage::lock)
          .isInstanceOf(StoreIOException.class)
          .hasMessageStartingWith("cannot lock " + directory + ": ");
      assertNothingIsOpen();

      Files.delete(directory.resolve("LOCK"));
      storage.lock();
    }
  }

  @Test
  void closeClosesEveryDescriptor() throws IOException {
    Storage storage = new FileStorage(directory, true);
    storage.lock();
    storage.createDirectory("d");
    storage.create("d/a").write(0, new byte[100], 0, 100);
    storage.open("d/a").read(0, new byte[100], 0, 100);
    storage.open("d/a");
    storage.truncate("d/a", 50);
    storage.syncDirectory("d");
    assertThatThrownBy(() -> storage.create("d/a")).isInstanceOf(StoreIOException.class);
    assertThatThrownBy(() -> storage.open("d")).isInstanceOf(StoreIOException.class);
    assertThat(openInStore()).isEqualTo(4); // LOCK, and three times d/a

    storage.close();

    assertNothingIsOpen();
  }

  private void assertNothingIsOpen() throws IOException {
    Path descriptors = Path.of("/proc/self/fd");
    if (Files.isDirectory(descriptors)) {
      assertThat(openInStore()).isZero();
    }
  }

  /** How many descriptors of this process are files in the store. */
  private long openInStore() throws IOException {
    Path descriptors = Path.of("/proc/self/fd");
    Assumptions.assumeTrue(Files.isDirectory(descriptors), "no list of descriptors here");
    try (Stream<Path> all = Files.list(descriptors)) {
      return all.filter(descriptor -> target(descriptor).startsWith(directory)).count();
    }
  }

  private static Path target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor);
    } catch (IOException e) {
      return descriptor; // closed meanwhile, as the descriptor that lists the directory is
    }
  }

  private static void assumeSymbolicLink(Path link, Path target) {
    try {
      Files.createSymbolicLink(link, target);
    } catch (IOException | UnsupportedOperationException e) {
      Assumptions.abort("no symbolic links here: " + e);
    }
  }
}
