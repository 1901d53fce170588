package org.macekv.internal.tree;

import java.util.concurrent.atomic.LongAdder;

/** About how many bytes of leaves differ from their images. Thread-safe. */
public final class DirtyBytes {
  private final LongAdder bytes = new LongAdder();
  private final LongAdder made = new LongAdder();
  private volatile long limit = Long.MAX_VALUE;
  private volatile Runnable onLimit = () -> {};

  /** Sets what is called, often, while there is more than {@code bytes}. It must not throw. */
  public void setLimit(long newLimit, Runnable callback) {
    onLimit = callback;
    limit = newLimit;
  }

  /** The bytes. */
  public long get() {
    return bytes.sum();
  }

  /** Whether there are more than the limit. */
  public boolean isOverLimit() {
    return bytes.sum() > limit;
  }

  /** How many were ever added. */
  public long made() {
    return made.sum();
  }

  void add(long change) {
    bytes.add(change);
    if (change > 0) {
      made.add(change);
      if (bytes.sum() > limit) {
        onLimit.run();
      }
    }
  }
}
