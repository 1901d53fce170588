package org.macekv.internal.io;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.macekv.error.StoreIOException;

/**
 * A directory of its own that goes away with all that is in it when this is closed. Since nothing
 * is to outlive the process, nothing is synced.
 */
public final class TemporaryStorage extends ForwardingStorage {
  private final Path directory;

  /**
   * A new directory.
   *
   * @param parent where it is created
   * @throws StoreIOException if it can't be
   */
  public TemporaryStorage(Path parent) {
    this(newDirectory(parent), true);
  }

  private TemporaryStorage(Path directory, boolean fresh) {
    super(new FileStorage(directory, fresh));
    this.directory = directory;
  }

  private static Path newDirectory(Path parent) {
    try {
      return Files.createTempDirectory(parent, "mace-temporary-");
    } catch (IOException e) {
      throw IoFailure.of("create a temporary store in", parent.toString(), e);
    }
  }

  @Override
  public WritableFile create(String file) {
    return new UnsyncedFile(inner().create(file));
  }

  @Override
  public WritableFile openForWriting(String file) {
    return new UnsyncedFile(inner().openForWriting(file));
  }

  @Override
  public void syncDirectory(String name) {}

  @Override
  public void close() {
    try {
      inner().close();
    } finally {
      deleteAll();
    }
  }

  private void deleteAll() {
    try {
      Files.walkFileTree(
          directory,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.delete(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path each, IOException failure)
                throws IOException {
              if (failure != null) {
                throw failure;
              }
              Files.delete(each);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (NoSuchFileException e) {
      return; // closed before
    } catch (IOException e) {
      throw IoFailure.of("delete the temporary store", directory.toString(), e);
    }
  }

  /** A file that nobody needs on the device. */
  private record UnsyncedFile(WritableFile file) implements WritableFile {
    @Override
    public void write(long offset, byte[] source, int from, int length) {
      file.write(offset, source, from, length);
    }

    @Override
    public void sync() {}

    @Override
    public void setLength(long length) {
      file.setLength(length);
    }

    @Override
    public void close() {
      file.close();
    }
  }
}
