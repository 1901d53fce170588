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
  private static final Path MEMORY = Path.of("/dev/shm");

  private final Path parent;

  private StoreDirectory(Path parent) {
    this.parent = parent;
  }

  /** On the disk, where a sync costs what it costs. */
  static StoreDirectory create() {
    return createIn(Path.of(System.getProperty("java.io.tmpdir")));
  }

  /** In a file system in memory where there is one: for tests that open thousands of stores. */
  static StoreDirectory createQuick() {
    return Files.isWritable(MEMORY) ? createIn(MEMORY) : create();
  }

  private static StoreDirectory createIn(Path where) {
    try {
      return new StoreDirectory(Files.createTempDirectory(where, "mace-test-"));
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
