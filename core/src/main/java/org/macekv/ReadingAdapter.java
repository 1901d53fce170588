package org.macekv;

import org.jspecify.annotations.Nullable;
import org.macekv.internal.txn.StampedReading;

/** A reading as the engine knows it. */
record ReadingAdapter<T>(ValueReading<T> reading) implements StampedReading<T> {
  @Override
  public @Nullable T made(long stamp, int length) {
    return reading.made(stamp, length);
  }

  @Override
  public T make(byte[] value, long stamp) {
    return reading.make(value, stamp);
  }
}
