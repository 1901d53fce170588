package org.macekv.internal.io;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The files that a storage has open. Closing the storage closes them <em>before</em> it lets go of
 * the lock, so that a thread that comes late can't write into a store that has a new owner.
 * Thread-safe.
 */
final class OpenFiles {
  /** What is open. */
  interface OpenFile {
    void close();
  }

  private final String storage;
  private final ReentrantLock lock = new ReentrantLock();
  private final Set<OpenFile> files = ConcurrentHashMap.newKeySet();

  /** Written under the lock so that no file is added behind {@link #closeAll}; read without. */
  private volatile boolean closed;

  private final LongAdder written = new LongAdder();

  OpenFiles(String storage) {
    this.storage = storage;
  }

  /** Tells that bytes were written to a file. */
  void wrote(int bytes) {
    written.add(bytes);
  }

  /** How many bytes were written. */
  long writtenBytes() {
    return written.sum();
  }

  /** Throws if the storage is closed. */
  void requireOpen(String operation, String file) {
    if (closed) {
      throw IoFailure.of(operation, file, new IOException(storage + " was closed"));
    }
  }

  /** Keeps the file until it is removed, or closes and refuses it if the storage is closed. */
  <F extends OpenFile> F add(F file, String name) {
    lock.lock();
    try {
      if (!closed) {
        files.add(file);
        return file;
      }
    } finally {
      lock.unlock();
    }
    file.close();
    throw IoFailure.closed("open", name);
  }

  void remove(OpenFile file) {
    files.remove(file);
  }

  /** Takes files again. */
  void reopen() {
    setClosed(false);
  }

  /** Closes every file, also if one of them refuses, and takes no more. */
  void closeAll() {
    setClosed(true);
    RuntimeException failure = null;
    for (OpenFile file : List.copyOf(files)) {
      try {
        file.close();
      } catch (RuntimeException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private void setClosed(boolean value) {
    lock.lock();
    try {
      closed = value;
    } finally {
      lock.unlock();
    }
  }
}
