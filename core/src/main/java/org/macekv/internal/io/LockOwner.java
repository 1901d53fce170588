package org.macekv.internal.io;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code OWNER}: one line for people, which says who holds the lock. It decides nothing;
 * {@code LOCK} does. It is a file of its own because whoever holds a POSIX lock must never open and
 * close the locked file again.
 */
final class LockOwner {
  private static final String FILE = "OWNER";
  private static final String NEW_FILE = "OWNER.tmp";
  private static final int MAX_LENGTH_BYTES = 300;

  private LockOwner() {}

  /** The line for this process, from now. */
  static String describeThisProcess(Clock clock) {
    return String.format(
        Locale.ROOT,
        "process %d on host %s, since %s",
        ProcessHandle.current().pid(),
        hostName(),
        clock.instant());
  }

  /** Replaces the file as a whole, so that no reader meets half a line. */
  static void write(Path directory, String owner) throws IOException {
    Path fresh = directory.resolve(NEW_FILE);
    // Not Files.write, whose channel an interrupt might close in mid-write on some release.
    try (RandomAccessFile file = new RandomAccessFile(fresh.toFile(), "rw")) {
      file.setLength(0);
      file.write((owner + "\n").getBytes(StandardCharsets.UTF_8));
    }
    Files.move(fresh, directory.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
  }

  /** The line, or what to say in its place where there is none. */
  static String read(Path directory) {
    String line = firstLine(directory.resolve(FILE));
    return line == null
        ? "another process, which left no details (as one that only reads does)"
        : line;
  }

  /** Deletes the file if it can: a line that outlives its owner misleads, but harms nothing. */
  static void delete(Path directory) {
    try {
      Files.deleteIfExists(directory.resolve(FILE));
    } catch (IOException e) {
      return; // the next owner replaces it
    }
  }

  /**
   * Asks the network for the name only where nothing else knows it: a resolver may take seconds,
   * and opening a store takes milliseconds.
   */
  private static String hostName() {
    @Nullable String name = firstLine(Path.of("/proc/sys/kernel/hostname"));
    if (name == null) {
      name = System.getenv("COMPUTERNAME");
    }
    if (name != null) {
      return name;
    }
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "(unknown)";
    }
  }

  /** The first line, cut to a sane length and freed of what is not text; null if there is none. */
  private static @Nullable String firstLine(Path path) {
    try (InputStream in = new FileInputStream(path.toFile())) {
      String text = new String(in.readNBytes(MAX_LENGTH_BYTES), StandardCharsets.UTF_8);
      String line = text.lines().findFirst().orElse("").replaceAll("\\p{Cntrl}", "").strip();
      return line.isEmpty() ? null : line;
    } catch (IOException e) {
      return null;
    }
  }
}
