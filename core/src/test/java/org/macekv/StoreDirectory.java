package org.macekv;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** A directory for one store, which goes away with all that is in it when this is closed. */
final class StoreDirectory implements AutoCloseable {
  private final Path parent;

  private StoreDirectory(Path parent) {
    this.parent = parent;
  }

  static StoreDirectory create() {
    try {
      return new StoreDirectory(Files.createTempDirectory("mace-test-"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The directory to open the store in; it does not exist before the store creates it. */
  Path path() {
    return parent.resolve("store");
  }

  @Override
  public void close() {
    try {
      Files.walkFileTree(
          parent,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.delete(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException failure)
                throws IOException {
              Files.delete(directory);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
