package org.macekv;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The files of a store as they are on disk at one moment, held in memory, to be damaged and written
 * out elsewhere. Knows the names of the log's files and nothing of what is in them. Mutable; {@link
 * #copy} before damaging. Zeros at the end of a file are not held, only its length.
 */
final class StoreImage {
  /** One file: its length, and its bytes up to the last one that is not zero. */
  static final class FileImage {
    private final byte[] bytes;
    private final long length;

    private FileImage(byte[] bytes, long length) {
      this.bytes = bytes;
      this.length = length;
    }

    static FileImage of(byte[] bytes) {
      int end = bytes.length;
      while (end > 0 && bytes[end - 1] == 0) {
        end--;
      }
      return new FileImage(Arrays.copyOf(bytes, end), bytes.length);
    }

    /** The bytes up to the last one that is not zero. Not to be changed. */
    byte[] bytes() {
      return bytes;
    }

    /** The length of the file. */
    long length() {
      return length;
    }

    /** The byte at {@code offset} with the bits of {@code mask} turned over. */
    FileImage flip(int offset, int mask) {
      byte[] flipped = Arrays.copyOf(bytes, Math.max(bytes.length, offset + 1));
      flipped[offset] ^= (byte) mask;
      return new FileImage(flipped, length);
    }

    FileImage truncate(int newLength) {
      return of(Arrays.copyOf(bytes, newLength));
    }

    /** The same file with zeros behind it up to this length. */
    FileImage extend(long newLength) {
      return new FileImage(bytes, Math.max(length, newLength));
    }

    /** The same file with bytes behind the last one that is not zero. */
    FileImage append(byte[] more) {
      byte[] longer = Arrays.copyOf(bytes, bytes.length + more.length);
      System.arraycopy(more, 0, longer, bytes.length, more.length);
      return new FileImage(longer, Math.max(length, longer.length));
    }
  }

  private final TreeMap<String, FileImage> files;

  private StoreImage(Map<String, FileImage> files) {
    this.files = new TreeMap<>(files);
  }

  /** Reads the files under {@code directory}, but for those that only name who has it open. */
  static StoreImage read(Path directory) {
    TreeMap<String, FileImage> files = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        String name = directory.relativize(path).toString().replace('\\', '/');
        if (!name.equals("LOCK") && !name.equals("OWNER")) {
          files.put(name, FileImage.of(Files.readAllBytes(path)));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new StoreImage(files);
  }

  StoreImage copy() {
    return new StoreImage(files);
  }

  /** The names of the log's segments, oldest first. */
  List<String> segments() {
    return files.keySet().stream().filter(name -> name.matches("log/.*\\.log")).toList();
  }

  String newestSegment() {
    List<String> segments = segments();
    return segments.get(segments.size() - 1);
  }

  FileImage file(String name) {
    return files.get(name);
  }

  StoreImage with(String name, FileImage file) {
    StoreImage changed = copy();
    changed.files.put(name, file);
    return changed;
  }

  StoreImage without(String name) {
    StoreImage changed = copy();
    changed.files.remove(name);
    return changed;
  }

  /** Writes the files under {@code directory}, which must not exist. */
  void writeTo(Path directory) {
    try {
      Files.createDirectories(directory.resolve("log"));
      for (var entry : files.entrySet()) {
        Path path = directory.resolve(entry.getKey());
        Files.createDirectories(path.getParent());
        FileImage image = entry.getValue();
        Files.write(path, image.bytes());
        extend(path, image.length());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void extend(Path path, long length) throws IOException {
    try (var file = new java.io.RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(length);
    }
  }
}
