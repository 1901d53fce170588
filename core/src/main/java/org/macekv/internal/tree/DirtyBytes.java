package org.macekv.internal.tree;

import java.util.concurrent.atomic.LongAdder;

/**
 * About how many bytes of leaves differ from their images, so that they can't be let go of before a
 * checkpoint has written them. Thread-safe.
 */
public final class DirtyBytes {
  private final LongAdder bytes = new LongAdder();
  private final LongAdder made = new LongAdder();
  private final Residency residency;
  private volatile long limit = Long.MAX_VALUE;
  private volatile Runnable onLimit = () -> {};

  DirtyBytes(Residency residency) {
    this.residency = residency;
  }

  /**
   * Sets what is called, often, while more than {@code newLimit} bytes are {@link #inTheWay}. It
   * must not throw.
   */
  public void setLimit(long newLimit, Runnable callback) {
    onLimit = callback;
    limit = newLimit;
  }

  /** The bytes. */
  public long get() {
    return bytes.sum();
  }

  /**
   * These, and by how much the nodes above leaves reach into what is meant for dirty leaves: those
   * above dirty leaves can't be let go of either.
   */
  public long inTheWay() {
    return bytes.sum() + residency.innerExcess();
  }

  /** Whether more than the limit are in the way, and a checkpoint could help. */
  public boolean isOverLimit() {
    return inTheWay() > limit && bytes.sum() > 0;
  }

  /** How many were ever added. */
  public long made() {
    return made.sum();
  }

  void add(long change) {
    bytes.add(change);
    if (change > 0) {
      made.add(change);
      check();
    }
  }

  /** To be called when more may be in the way. */
  void check() {
    if (isOverLimit()) {
      onLimit.run();
    }
  }
}
