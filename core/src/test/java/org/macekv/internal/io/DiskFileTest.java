package org.macekv.internal.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.macekv.error.StoreIOException;

/** What {@link DiskReadableFile} and {@link DiskWritableFile} do when the platform lets go. */
class DiskFileTest {
  private static final File FULL = new File("/dev/full");

  @TempDir Path directory;
  private Path path;
  private final OpenFiles openFiles = new OpenFiles("store");
  private final List<FileChannel> channels = new ArrayList<>();

  @BeforeEach
  void writeFile() throws IOException {
    path = directory.resolve("a");
    Files.writeString(path, "0123456789");
  }

  private FileChannel open() throws IOException {
    FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
    channels.add(channel);
    return channel;
  }

  @Test
  void channelThatWasClosedUnderTheReaderIsOpenedAnewOnce() throws IOException {
    try (DiskReadableFile file = new DiskReadableFile(this::open, "file", openFiles)) {
      channels.get(0).close();

      assertReads(file);
      assertReads(file);
      assertThat(channels).hasSize(2);
      channels.get(1).close();
      assertThat(file.length()).isEqualTo(10);
    }
    assertThat(channels).hasSize(3).noneMatch(FileChannel::isOpen);
  }

  @Test
  void flagThatIsSetClosesNoChannelAndIsKept() throws IOException {
    try (DiskReadableFile file = new DiskReadableFile(this::open, "file", openFiles)) {
      Thread.currentThread().interrupt();
      assertReads(file);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(channels).hasSize(1);

      assertReads(file);
      assertThat(Thread.interrupted()).isFalse();
    }
  }

  @Test
  void readerThatLosesEveryChannelReadsOnOneOfItsOwn() throws IOException {
    DiskReadableFile.Opener closedByOthers =
        () -> {
          FileChannel channel = open();
          if (channels.size() <= DiskReadableFile.ATTEMPTS + 1) {
            channel.close();
          }
          return channel;
        };
    try (DiskReadableFile file = new DiskReadableFile(closedByOthers, "file", openFiles)) {
      assertReads(file);
    }
    assertThat(channels).hasSize(DiskReadableFile.ATTEMPTS + 2).noneMatch(FileChannel::isOpen);
  }

  @Test
  void fileThatWasReplacedIsNotTakenForTheOldOne() throws IOException {
    SameFileOpener same = SameFileOpener.of(path);
    Path other = directory.resolve("b");
    Files.writeString(other, "x");
    try (FileChannel before = same.open()) {
      Files.move(other, path, StandardCopyOption.REPLACE_EXISTING);

      assertThat(before.size()).isEqualTo(10);
      assertThatThrownBy(same::open)
          .isInstanceOf(IOException.class)
          .hasMessage("another file has replaced it while it was open");
    }
  }

  private static void assertReads(ReadableFile file) {
    byte[] target = new byte[4];
    assertThat(file.read(3, target, 0, 4)).isEqualTo(4);
    assertThat(target).containsExactly('3', '4', '5', '6');
  }

  @Test
  void refusedWriteNamesAmountOffsetFileAndCause() throws IOException {
    try (WritableFile file = openFull()) {
      assertThatThrownBy(() -> file.write(8, new byte[10], 0, 10))
          .isInstanceOf(StoreIOException.class)
          .hasMessageStartingWith("cannot write 10 bytes at offset 8 of full: ")
          .hasMessageContaining("No space left");
    }
  }

  @Test
  void syncThatFailedNeverSucceedsLater() throws IOException {
    try (WritableFile file = openFull()) {
      assertThatThrownBy(file::sync)
          .isInstanceOf(StoreIOException.class)
          .hasMessageStartingWith("cannot sync full: ");
      assertThatThrownBy(file::sync)
          .isInstanceOf(StoreIOException.class)
          .hasMessageStartingWith("cannot sync once more, after a failed sync, full: ");
    }
  }

  /** A device that refuses every write, and can't be synced. */
  private WritableFile openFull() throws IOException {
    Assumptions.assumeTrue(FULL.exists(), "no such device here");
    return new DiskWritableFile(new RandomAccessFile(FULL, "rw"), "full", openFiles);
  }
}
