package org.macekv.internal.io;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.macekv.error.StoreIOException;

/**
 * A directory of which not a byte is changed. What recovery cuts off or deletes is remembered, and
 * looks cut off or deleted to this object alone; nothing can be created. Any number of these may
 * have a store open, in any number of processes, but nobody who writes to it.
 */
public final class ReadOnlyStorage extends ForwardingStorage {
  private final Map<String, Long> lengths = new ConcurrentHashMap<>(); // of what was cut off
  private final Set<String> deleted = ConcurrentHashMap.newKeySet();

  /**
   * The storage in {@code directory}, not locked yet.
   *
   * @throws StoreIOException if there is no such directory
   */
  public ReadOnlyStorage(Path directory) {
    super(FileStorage.shared(directory));
  }

  private StoreIOException refused(String operation, String file) {
    return IoFailure.of(
        operation, describe(file), new IOException("the store is open for reading only"));
  }

  private void requireThere(String operation, String file) {
    if (!exists(file)) {
      throw IoFailure.of(operation, describe(file), new NoSuchFileException(describe(file)));
    }
  }

  @Override
  public boolean exists(String name) {
    return !deleted.contains(name) && inner().exists(name);
  }

  @Override
  public List<String> list(String directory) {
    String prefix = directory.isEmpty() ? "" : directory + "/";
    return inner().list(directory).stream()
        .filter(name -> !deleted.contains(prefix + name))
        .toList();
  }

  @Override
  public ReadableFile open(String file) {
    requireThere("open", file);
    ReadableFile opened = inner().open(file);
    Long cut = lengths.get(file);
    return cut == null ? opened : new CutFile(opened, cut);
  }

  @Override
  public void truncate(String file, long length) {
    Range.requireLength(length);
    long before;
    try (ReadableFile opened = open(file)) {
      before = opened.length();
    }
    if (length > before) {
      throw IoFailure.of(
          "truncate to " + length + " bytes",
          describe(file),
          new EOFException("it has " + before + " bytes only"));
    }
    lengths.put(file, length);
  }

  @Override
  public void rewrite(String file, long from, long to) {
    Range.requireLength(from);
    Range.requireLength(to - from);
    truncate(file, to);
  }

  @Override
  public void delete(String file) {
    requireThere("delete", file);
    deleted.add(file);
  }

  @Override
  public void createDirectory(String directory) {
    throw refused("create directory", directory);
  }

  @Override
  public WritableFile create(String file) {
    throw refused("create", file);
  }

  @Override
  public WritableFile openForWriting(String file) {
    throw refused("open for writing", file);
  }

  @Override
  public void rename(String from, String to) {
    throw refused("rename to " + to, from);
  }

  /** Nothing has changed. */
  @Override
  public void syncDirectory(String directory) {}

  /** A file of which only the beginning is to be seen. */
  private record CutFile(ReadableFile file, long length) implements ReadableFile {
    @Override
    public int read(long offset, byte[] target, int from, int count) {
      long left = Math.max(0, length - offset);
      return file.read(offset, target, from, (int) Math.min(count, left));
    }

    @Override
    public void close() {
      file.close();
    }
  }
}
