package org.macekv.internal.log;

import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.macekv.internal.format.SegmentLayout;
import org.macekv.internal.io.ReadableFile;
import org.macekv.internal.io.Storage;
import org.macekv.internal.io.WritableFile;

/** One segment file of the log. */
final class Segment {
  static final String DIRECTORY = "log";

  final long firstPosition;
  private final Storage storage;
  // Written to by the leader of a write and, beyond the data, by who reserves; synced by the leader
  // of a sync, who also closes it: volatile, since these are different threads.
  private volatile @Nullable WritableFile out;
  private final ReentrantReadWriteLock reading = new ReentrantReadWriteLock();
  private @Nullable ReadableFile in; // guarded by reading
  private boolean deleted; // guarded by reading

  private volatile long contentLength = -1; // of what nobody writes to any more; -1: not known yet

  // Guarded by the section.
  private long end = SegmentLayout.HEADER_LENGTH; // behind the last record, as a file offset
  private long reserved; // up to where the file is filled with zeros or data

  Segment(Storage storage, long firstPosition, @Nullable WritableFile out, long end) {
    this.storage = storage;
    this.firstPosition = firstPosition;
    this.out = out;
    this.end = end;
  }

  String file() {
    return DIRECTORY + "/" + SegmentLayout.fileName(firstPosition);
  }

  long end() {
    return end;
  }

  void advance(int length) {
    end += length;
  }

  long reserved() {
    return reserved;
  }

  void setReserved(long offset) {
    reserved = offset;
  }

  long fileOffset(long position) {
    return position - firstPosition + SegmentLayout.HEADER_LENGTH;
  }

  /**
   * Bytes behind the header: of records, but for zeros that a crash may have left behind them. 0 if
   * it was deleted. Requires: it is not being written any more.
   */
  long contentLength() {
    reading.readLock().lock();
    try {
      if (deleted) {
        return 0;
      }
      long known = contentLength;
      if (known < 0) {
        try (ReadableFile file = storage.open(file())) {
          known = Math.max(0, file.length() - SegmentLayout.HEADER_LENGTH);
        }
        contentLength = known;
      }
      return known;
    } finally {
      reading.readLock().unlock();
    }
  }

  WritableFile out() {
    WritableFile file = out;
    if (file == null) {
      throw new IllegalStateException(file() + " is not being written");
    }
    return file;
  }

  boolean isBeingWritten() {
    return out != null;
  }

  /** Ends the writing of a segment whose data are all synced. */
  void closeForWriting() {
    WritableFile file = out;
    if (file != null) {
      out = null;
      file.close();
    }
  }

  /**
   * Reads as {@link ReadableFile#read} does.
   *
   * @param log told when this opened the file
   */
  int read(CommitLog log, long offset, byte[] target, int length) {
    while (true) {
      reading.readLock().lock();
      try {
        if (deleted) {
          throw new ValueGoneException(file());
        }
        if (in != null) {
          return in.read(offset, target, 0, length);
        }
      } finally {
        reading.readLock().unlock();
      }
      if (openReader()) {
        log.readerOpened(this);
      }
    }
  }

  private boolean openReader() {
    reading.writeLock().lock();
    try {
      if (in != null || deleted) {
        return false;
      }
      in = storage.open(file());
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
    close();
    storage.delete(file());
  }

  boolean isDeleted() {
    reading.readLock().lock();
    try {
      return deleted;
    } finally {
      reading.readLock().unlock();
    }
  }

  void close() {
    try {
      closeForWriting();
    } finally {
      closeReader();
    }
  }
}
