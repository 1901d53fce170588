package org.macekv.internal.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Opens one file for reading, again and again, but no other file that has got its name meanwhile,
 * as far as the platform tells files apart.
 */
final class SameFileOpener implements DiskReadableFile.Opener {
  private final Path path;
  private final @Nullable Object identity;

  private SameFileOpener(Path path, @Nullable Object identity) {
    this.path = path;
    this.identity = identity;
  }

  /** For the regular file that has this name now. */
  static SameFileOpener of(Path path) throws IOException {
    return new SameFileOpener(path, identity(path));
  }

  @Override
  public FileChannel open() throws IOException {
    FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
    boolean same = false;
    try {
      same = Objects.equals(identity, identity(path));
      if (!same) {
        throw new IOException("another file has replaced it while it was open");
      }
      return channel;
    } finally {
      if (!same) {
        channel.close();
      }
    }
  }

  /** Null where the platform does not say. */
  private static @Nullable Object identity(Path path) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
    if (!attributes.isRegularFile()) {
      throw new IOException("not a regular file");
    }
    return attributes.fileKey();
  }
}
