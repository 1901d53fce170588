package org.macekv.internal.io;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.macekv.error.StoreIOException;

/**
 * A directory of the file system.
 *
 * <p>On Windows, which can't open a directory, {@link #syncDirectory} does nothing: there the file
 * system's own journal has to keep the entries.
 *
 * <p>While a store is open, nothing else in its process may open and close its file {@code LOCK}
 * (as a copy of the whole directory would): on POSIX systems that drops the lock.
 */
public final class FileStorage implements Storage {
  private static final boolean DIRECTORIES_CAN_BE_SYNCED = File.separatorChar == '/';

  private final Path directory;
  private final Clock clock;
  private final boolean shared;
  private final OpenFiles openFiles;
  private final ReentrantLock ownership = new ReentrantLock();

  @GuardedBy("ownership")
  private @Nullable DirectoryLock lock;

  /**
   * The storage in {@code directory}, not locked yet.
   *
   * @param directory of the default file system
   * @param createIfMissing whether to create the directory, with its parents, durably
   * @throws StoreIOException if there is no such directory, or it can't be created
   */
  public FileStorage(Path directory, boolean createIfMissing) {
    this(directory, createIfMissing, Clock.systemUTC());
  }

  /** As the public one, with the clock that tells when the lock was taken. */
  FileStorage(Path directory, boolean createIfMissing, Clock clock) {
    this(directory, createIfMissing, clock, false);
  }

  /** A storage that shares its lock with all others like it. It is not to be written to. */
  static FileStorage shared(Path directory) {
    return new FileStorage(directory, false, Clock.systemUTC(), true);
  }

  private FileStorage(Path directory, boolean createIfMissing, Clock clock, boolean shared) {
    if (!directory.getFileSystem().equals(FileSystems.getDefault())) {
      throw new IllegalArgumentException("not in the default file system: " + directory.toUri());
    }
    this.clock = clock;
    this.shared = shared;
    this.directory = canonical(directory.toAbsolutePath(), createIfMissing);
    this.openFiles = new OpenFiles(this.directory.toString());
  }

  @Override
  public String name() {
    return directory.toString();
  }

  @Override
  public String describe(String file) {
    return path(file).toString();
  }

  @Override
  public void lock() {
    ownership.lock();
    try {
      DirectoryLock taken =
          shared
              ? DirectoryLock.acquireShared(directory, clock)
              : DirectoryLock.acquire(directory, clock);
      openFiles.reopen();
      lock = taken;
    } catch (IOException e) {
      throw IoFailure.of("lock", name(), e);
    } finally {
      ownership.unlock();
    }
  }

  @Override
  public void createDirectory(String name) {
    Path path = openPath("create directory", FileName.require(name));
    try {
      createOneDirectory(path);
    } catch (IOException e) {
      throw IoFailure.of("create directory", path.toString(), e);
    }
  }

  @Override
  public boolean exists(String name) {
    Path path = openPath("look for", FileName.require(name));
    try {
      Files.readAttributes(path, BasicFileAttributes.class);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) { // Files.exists would call it absent, and a new store might begin
      throw IoFailure.of("look for", path.toString(), e);
    }
  }

  @Override
  public List<String> list(String name) {
    Path path = openPath("list", FileName.requireDirectory(name));
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
      for (Path entry : entries) {
        if (isRegularFile(entry)) {
          names.add(String.valueOf(entry.getFileName()));
        }
      }
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (DirectoryIteratorException e) {
      throw IoFailure.of("list", path.toString(), new IOException(e.getCause()));
    } catch (IOException e) {
      throw IoFailure.of("list", path.toString(), e);
    }
    names.sort(null);
    return List.copyOf(names);
  }

  /** Not {@code Files.isRegularFile}, which calls a file absent when it can't be asked. */
  private static boolean isRegularFile(Path path) throws IOException {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class).isRegularFile();
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  @Override
  public WritableFile create(String file) {
    Path path = openPath("create", FileName.require(file));
    try {
      Files.createFile(path); // refuses a file that is there, as RandomAccessFile does not
      return writable(path);
    } catch (IOException e) {
      throw IoFailure.of("create", path.toString(), e);
    }
  }

  /** Opens the file that was just created, or deletes it. */
  private WritableFile writable(Path path) throws IOException {
    RandomAccessFile file;
    try {
      file = new RandomAccessFile(path.toFile(), "rw");
    } catch (IOException e) {
      Files.deleteIfExists(path);
      throw e;
    }
    return openFiles.add(new DiskWritableFile(file, path.toString(), openFiles), path.toString());
  }

  @Override
  public WritableFile openForWriting(String file) {
    Path path = openPath("open for writing", FileName.require(file));
    try {
      if (!Files.isRegularFile(path)) { // RandomAccessFile would create it
        throw new NoSuchFileException(path.toString());
      }
      RandomAccessFile opened = new RandomAccessFile(path.toFile(), "rw");
      return openFiles.add(
          new DiskWritableFile(opened, path.toString(), openFiles), path.toString());
    } catch (IOException e) {
      throw IoFailure.of("open for writing", path.toString(), e);
    }
  }

  @Override
  public ReadableFile open(String file) {
    Path path = openPath("open", FileName.require(file));
    try {
      DiskReadableFile.Opener opener = SameFileOpener.of(path);
      DiskReadableFile opened = new DiskReadableFile(opener, path.toString(), openFiles);
      return openFiles.add(opened, path.toString());
    } catch (IOException e) {
      throw IoFailure.of("open", path.toString(), e);
    }
  }

  @Override
  public void truncate(String file, long length) {
    Range.requireLength(length);
    Path path = openPath("truncate", FileName.require(file));
    try {
      long before = Files.size(path); // also keeps RandomAccessFile from creating it
      if (length > before) {
        throw new IOException("it has " + before + " bytes only");
      }
      try (RandomAccessFile opened = new RandomAccessFile(path.toFile(), "rw")) {
        opened.setLength(length);
        opened.getFD().sync();
      }
    } catch (IOException e) {
      throw IoFailure.of("truncate to " + length + " bytes", path.toString(), e);
    }
  }

  @Override
  public void rewrite(String file, long from, long to) {
    Range.requireLength(from);
    Range.requireLength(to - from);
    Path path = openPath("rewrite", FileName.require(file));
    try {
      if (Files.size(path) < to) { // also keeps RandomAccessFile from creating it
        throw new IOException("it has " + Files.size(path) + " bytes only");
      }
      try (RandomAccessFile opened = new RandomAccessFile(path.toFile(), "rw")) {
        byte[] piece = new byte[(int) Math.min(DiskWritableFile.PIECE_BYTES, to - from)];
        for (long at = from; at < to; ) {
          int length = (int) Math.min(piece.length, to - at);
          opened.seek(at);
          opened.readFully(piece, 0, length);
          opened.seek(at);
          opened.write(piece, 0, length);
          at += length;
        }
        opened.setLength(to);
        opened.getFD().sync();
      }
    } catch (IOException e) {
      throw IoFailure.of("rewrite up to " + to, path.toString(), e);
    }
  }

  @Override
  public void rename(String from, String to) {
    Path source = openPath("rename", FileName.require(from));
    Path target = path(FileName.require(to));
    try {
      Files.move(source, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw IoFailure.of("rename to " + target, source.toString(), e);
    }
  }

  @Override
  public void delete(String file) {
    Path path = openPath("delete", FileName.require(file));
    try {
      Files.delete(path);
    } catch (IOException e) {
      throw IoFailure.of("delete", path.toString(), e);
    }
  }

  @Override
  public void syncDirectory(String name) {
    Path path = openPath("sync directory", FileName.requireDirectory(name));
    try {
      syncEntries(path);
    } catch (IOException e) {
      throw IoFailure.of("sync directory", path.toString(), e);
    }
  }

  @Override
  public boolean isOnDevice() {
    return true;
  }

  @Override
  public long usableBytes() {
    File file = directory.toFile();
    long bytes = file.getUsableSpace();
    // 0 also says that it is not known, of which then nothing is.
    return bytes > 0 || file.getTotalSpace() > 0 ? bytes : Long.MAX_VALUE;
  }

  @Override
  public long writtenBytes() {
    return openFiles.writtenBytes();
  }

  @Override
  public void close() {
    ownership.lock();
    try {
      try {
        openFiles.closeAll();
      } finally {
        release();
      }
    } finally {
      ownership.unlock();
    }
  }

  @GuardedBy("ownership")
  private void release() {
    DirectoryLock taken = lock;
    lock = null;
    if (taken == null) {
      return;
    }
    try {
      taken.release();
    } catch (IOException e) {
      throw IoFailure.of("release the lock of", name(), e);
    }
  }

  private Path path(String name) {
    return name.isEmpty() ? directory : directory.resolve(name);
  }

  private Path openPath(String operation, String name) {
    Path path = path(name);
    openFiles.requireOpen(operation, path.toString());
    return path;
  }

  private static Path canonical(Path directory, boolean createIfMissing) {
    try {
      if (createIfMissing) {
        createWithParents(directory);
      }
      Path real = directory.toRealPath();
      if (!Files.isDirectory(real)) {
        throw new NotDirectoryException(real.toString());
      }
      return real;
    } catch (NoSuchFileException e) {
      throw new StoreIOException("there is no store at " + directory + ": no such directory", e);
    } catch (NotDirectoryException e) {
      throw new StoreIOException(
          "there is no store at " + directory + ": " + e.getMessage() + " is not a directory", e);
    } catch (IOException e) {
      throw IoFailure.of("open the store at", directory.toString(), e);
    }
  }

  /** Creates what is missing from the top down, each durably before the next. */
  private static void createWithParents(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    Path parent = directory.getParent();
    if (parent != null) {
      createWithParents(parent);
    }
    createOneDirectory(directory);
  }

  /** Syncs the parent also if the directory is there: whoever created it may have failed to. */
  private static void createOneDirectory(Path path) throws IOException {
    try {
      Files.createDirectory(path);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(path)) {
        throw new NotDirectoryException(path.toString());
      }
    }
    Path parent = path.getParent();
    if (parent != null) {
      syncEntries(parent);
    }
  }

  /** On a thread of its own, so that no interrupt hides an error: see {@link PrivateThread}. */
  private static void syncEntries(Path directory) throws IOException {
    if (!DIRECTORIES_CAN_BE_SYNCED) {
      return;
    }
    PrivateThread.call(
        "mace-directory-sync",
        () -> {
          try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
          }
          return true;
        });
  }
}
