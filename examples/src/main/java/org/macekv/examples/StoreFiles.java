package org.macekv.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The files of a store, from outside. */
public final class StoreFiles {
  private StoreFiles() {}

  /** The length of all files below a directory, in bytes. */
  public static long totalBytes(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    } catch (IOException e) {
      throw new UncheckedIOException("can't list " + directory, e);
    }
  }
}
