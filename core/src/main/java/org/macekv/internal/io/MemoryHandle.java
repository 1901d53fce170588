package org.macekv.internal.io;

import java.util.concurrent.locks.ReentrantReadWriteLock;

/** A file in memory that somebody has open, for reading or for writing. */
final class MemoryHandle implements WritableFile, ReadableFile, OpenFiles.OpenFile {
  private final MemoryFile file;
  private final String description;
  private final OpenFiles openFiles;

  /** Whoever closes waits for the operations under way: none of them ends after the close. */
  private final ReentrantReadWriteLock closing = new ReentrantReadWriteLock();

  private boolean closed;

  MemoryHandle(MemoryFile file, String description, OpenFiles openFiles) {
    this.file = file;
    this.description = description;
    this.openFiles = openFiles;
  }

  @Override
  public long length() {
    enter("ask the length of");
    try {
      return file.length();
    } finally {
      leave();
    }
  }

  @Override
  public int read(long offset, byte[] target, int from, int length) {
    Range.require(offset, target, from, length);
    enter("read from");
    try {
      return file.read(offset, target, from, length);
    } finally {
      leave();
    }
  }

  @Override
  public void write(long offset, byte[] source, int from, int length) {
    Range.require(offset, source, from, length);
    enter("write to");
    try {
      file.write(offset, source, from, length);
      openFiles.wrote(length);
    } finally {
      leave();
    }
  }

  @Override
  public void setLength(long length) {
    Range.requireLength(length);
    enter("set the length of");
    try {
      file.setLength(length);
    } finally {
      leave();
    }
  }

  @Override
  public void sync() {
    enter("sync");
    leave(); // memory has nothing behind it
  }

  @Override
  public void close() {
    closing.writeLock().lock();
    try {
      closed = true;
    } finally {
      closing.writeLock().unlock();
    }
    openFiles.remove(this);
  }

  private void enter(String operation) {
    closing.readLock().lock();
    if (closed) {
      closing.readLock().unlock();
      throw IoFailure.closed(operation, description);
    }
  }

  private void leave() {
    closing.readLock().unlock();
  }
}
