package org.macekv.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A fresh directory that is deleted with all that is in it.
 *
 * @param path where it is
 */
record StoreDirectory(Path path) implements AutoCloseable {

  /** Makes a directory of its own below {@code parent}, which is created if need be. */
  static StoreDirectory below(Path parent) {
    try {
      Files.createDirectories(parent);
      return new StoreDirectory(Files.createTempDirectory(parent, "bench-"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try (Stream<Path> files = Files.walk(path)) {
      List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : deepestFirst) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
