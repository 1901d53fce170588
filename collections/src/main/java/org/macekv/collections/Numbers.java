package org.macekv.collections;

import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.macekv.Bucket;

/**
 * What a sequence has given out, in the one entry of its bucket: 8 bytes, big-endian. One object
 * for each sequence of a store, whatever it is opened as. Thread-safe.
 */
final class Numbers implements SharedState {
  private static final byte[] LAST = {};

  private final String name;
  private final Bucket bucket;
  private final ReentrantLock lock = new ReentrantLock();
  private long last; // guarded by lock: the last one that was given out of a block
  private long reserved; // guarded by lock: the last one of the block

  Numbers(String name, Bucket bucket) {
    this.name = name;
    this.bucket = bucket;
  }

  /** Takes the next one as a part of what the access is. */
  long next(Access access) {
    access.requireWritable();
    return access.atomically(
        within -> {
          long next = after(within.get(bucket, LAST), 1);
          within.put(bucket, LAST, bytes(next));
          return next;
        });
  }

  /** Takes the next one of a block, which is reserved if need be. */
  long nextOfBlock(Access autoCommit, int block) {
    autoCommit.contains(bucket, LAST); // which it is not if it was dropped, or the store closed
    lock.lock();
    try {
      if (last == reserved) {
        long end =
            autoCommit.atomically(
                within -> {
                  long newEnd = after(within.get(bucket, LAST), block);
                  within.put(bucket, LAST, bytes(newEnd));
                  return newEnd;
                });
        last = end - block;
        reserved = end;
      }
      return ++last;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void gone() {} // looked at by each call

  private long after(byte @Nullable [] stored, int count) {
    long before = stored == null ? 0 : ByteBuffer.wrap(stored).getLong();
    if (before > Long.MAX_VALUE - count) {
      throw new IllegalStateException("the sequence '" + name + "' has no more numbers");
    }
    return before + count;
  }

  private static byte[] bytes(long number) {
    return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
  }
}
