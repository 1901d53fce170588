package org.macekv.internal.pages;

import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.macekv.internal.format.PageFileLayout;
import org.macekv.internal.io.ReadableFile;
import org.macekv.internal.io.Storage;

/** One page file as readers see it. Thread-safe. */
final class PageFile {
  static final String DIRECTORY = "pages";

  final int number;
  private final Storage storage;
  private final ReentrantReadWriteLock reading = new ReentrantReadWriteLock();
  private @Nullable ReadableFile in; // guarded by reading
  private boolean deleted; // guarded by reading

  PageFile(Storage storage, int number) {
    this.storage = storage;
    this.number = number;
  }

  static String path(int number) {
    return DIRECTORY + "/" + PageFileLayout.fileName(number);
  }

  /**
   * Reads as {@link ReadableFile#read} does.
   *
   * @param files told when this opened the file
   */
  int read(PageFiles files, int offset, byte[] target) {
    while (true) {
      reading.readLock().lock();
      try {
        if (deleted) {
          throw new PageGoneException(path(number));
        }
        if (in != null) {
          return in.read(offset, target, 0, target.length);
        }
      } finally {
        reading.readLock().unlock();
      }
      if (openReader()) {
        files.readerOpened(this);
      }
    }
  }

  private boolean openReader() {
    reading.writeLock().lock();
    try {
      if (in != null || deleted) {
        return false;
      }
      in = storage.open(path(number));
      return true;
    } finally {
      reading.writeLock().unlock();
    }
  }

  /** Closes what reads have opened; the next read opens it again. */
  void closeReader() {
    reading.writeLock().lock();
    try {
      if (in != null) {
        in.close();
        in = null;
      }
    } finally {
      reading.writeLock().unlock();
    }
  }

  /** Deletes the file. Whoever reads from it later is told. */
  void delete() {
    reading.writeLock().lock();
    try {
      deleted = true;
    } finally {
      reading.writeLock().unlock();
    }
    closeReader();
    storage.delete(path(number));
  }
}
