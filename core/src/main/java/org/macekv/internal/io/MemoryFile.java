package org.macekv.internal.io;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * The bytes of a file in memory, in chunks of 64 KiB; a chunk that was never written is zeros and
 * is not there. Thread-safe.
 *
 * <p>Invariant: in the chunks, bytes at and behind the length are zeros, so that a file that grows
 * shows zeros.
 */
final class MemoryFile {
  static final int CHUNK_BYTES = 64 * 1024;

  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

  @GuardedBy("lock")
  private final Map<Long, byte[]> chunks = new HashMap<>();

  @GuardedBy("lock")
  private long length;

  long length() {
    lock.readLock().lock();
    try {
      return length;
    } finally {
      lock.readLock().unlock();
    }
  }

  int read(long offset, byte[] target, int from, int count) {
    lock.readLock().lock();
    try {
      int available = (int) Math.max(0, Math.min(count, length - offset));
      for (int done = 0; done < available; ) {
        int inChunk = (int) ((offset + done) % CHUNK_BYTES);
        int piece = Math.min(CHUNK_BYTES - inChunk, available - done);
        byte[] chunk = chunks.get((offset + done) / CHUNK_BYTES);
        if (chunk == null) {
          Arrays.fill(target, from + done, from + done + piece, (byte) 0);
        } else {
          System.arraycopy(chunk, inChunk, target, from + done, piece);
        }
        done += piece;
      }
      return available;
    } finally {
      lock.readLock().unlock();
    }
  }

  void write(long offset, byte[] source, int from, int count) {
    lock.writeLock().lock();
    try {
      for (int done = 0; done < count; ) {
        int inChunk = (int) ((offset + done) % CHUNK_BYTES);
        int piece = Math.min(CHUNK_BYTES - inChunk, count - done);
        byte[] chunk =
            chunks.computeIfAbsent((offset + done) / CHUNK_BYTES, index -> new byte[CHUNK_BYTES]);
        System.arraycopy(source, from + done, chunk, inChunk, piece);
        done += piece;
      }
      if (count > 0) {
        length = Math.max(length, offset + count);
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  void setLength(long newLength) {
    lock.writeLock().lock();
    try {
      if (newLength < length) {
        long last = newLength / CHUNK_BYTES;
        chunks.keySet().removeIf(index -> index > last);
        byte[] chunk = chunks.get(last);
        if (chunk != null) {
          Arrays.fill(chunk, (int) (newLength % CHUNK_BYTES), CHUNK_BYTES, (byte) 0);
        }
      }
      length = newLength;
    } finally {
      lock.writeLock().unlock();
    }
  }

  MemoryFile copy() {
    MemoryFile copy = new MemoryFile();
    lock.readLock().lock();
    copy.lock.writeLock().lock();
    try {
      chunks.forEach((index, chunk) -> copy.chunks.put(index, chunk.clone()));
      copy.length = length;
      return copy;
    } finally {
      copy.lock.writeLock().unlock();
      lock.readLock().unlock();
    }
  }
}
