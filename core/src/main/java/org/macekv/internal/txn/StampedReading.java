package org.macekv.internal.txn;

import org.jspecify.annotations.Nullable;

/** What is made of a value that is read, or was made of it before. See the public interface. */
public interface StampedReading<T> {
  /** The stamp of what must not be kept. */
  long NONE = 0;

  /** What was made of the value with this stamp before, or null. */
  @Nullable T made(long stamp, int length);

  /** Makes it of a fresh array. */
  T make(byte[] value, long stamp);
}
