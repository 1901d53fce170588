package org.macekv.internal.mvcc;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The three marks that move over the log. Each lies on a cache line of its own, since readers read
 * {@code published} while writers move {@code newest}.
 */
public final class Marks {
  private static final int STRIDE = 16;
  private static final int NEWEST = STRIDE;
  private static final int PUBLISHED = 2 * STRIDE;
  private static final int FLOOR = 3 * STRIDE;

  private final AtomicLongArray marks = new AtomicLongArray(5 * STRIDE);

  /** All three at {@code position}. */
  public Marks(long position) {
    marks.set(NEWEST, position);
    marks.set(PUBLISHED, position);
    marks.set(FLOOR, position);
  }

  /** The last commit that was appended and installed. */
  public long newest() {
    return marks.get(NEWEST);
  }

  /** Advances newest. Requires: the section is held. */
  public void setNewest(long position) {
    marks.setRelease(NEWEST, position);
  }

  /** The highest position at or below which every commit has what its durability promises. */
  public long published() {
    return marks.get(PUBLISHED);
  }

  /** Advances published. Requires: the section is held. */
  public void setPublished(long position) {
    marks.setRelease(PUBLISHED, position);
  }

  /** What the pruner last settled on. */
  public long floor() {
    return marks.get(FLOOR);
  }

  /** Raises the floor to published, and returns it: the pruner's first step. */
  public long raiseFloor() {
    long published = marks.get(PUBLISHED);
    while (true) {
      long floor = marks.get(FLOOR);
      if (floor >= published) {
        return floor;
      }
      // Sequentially consistent: the scan of the slots must not move before it.
      if (marks.compareAndSet(FLOOR, floor, published)) {
        return published;
      }
    }
  }
}
