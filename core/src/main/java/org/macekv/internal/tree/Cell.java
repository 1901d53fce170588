package org.macekv.internal.tree;

import java.util.concurrent.locks.AbstractQueuedSynchronizer;
import org.jspecify.annotations.Nullable;

/**
 * Stands for one key range of a tree as long as that range is not split or merged. The cell is its
 * own lock (exclusive, not reentrant, not fair): a write has one object less to load, and with it
 * one cache miss.
 */
final class Cell extends AbstractQueuedSynchronizer {
  private static final int FREE = 0;
  private static final int HELD = 1;

  private static final long serialVersionUID = 1L;

  /** The least key that may be here; shared, never changed. */
  final transient byte[] low;

  /** The least key above; null in the last cell. */
  final transient byte @Nullable [] high;

  // Written under the lock; volatile for readers, who take none.
  private transient volatile Leaf leaf;

  // Both guarded by the lock (this).
  private boolean retired;
  private boolean tidyQueued;

  Cell(byte[] low, byte @Nullable [] high, Leaf leaf) {
    this.low = low;
    this.high = high;
    this.leaf = leaf;
  }

  void lock() {
    acquire(HELD);
  }

  boolean tryLock() {
    return tryAcquire(HELD);
  }

  void unlock() {
    release(FREE);
  }

  @Override
  protected boolean tryAcquire(int acquires) {
    return compareAndSetState(FREE, HELD);
  }

  @Override
  protected boolean tryRelease(int releases) {
    setState(FREE);
    return true;
  }

  @Override
  protected boolean isHeldExclusively() {
    return getState() == HELD;
  }

  Leaf leaf() {
    return leaf;
  }

  /** Requires: locked, not retired. */
  void setLeaf(Leaf newLeaf) {
    assert isHeldExclusively() && !retired;
    leaf = newLeaf;
  }

  /** Requires: locked. */
  boolean isRetired() {
    return retired;
  }

  /** Requires: locked, and the tree's root reaches the cells that replace this one. */
  void retire() {
    assert isHeldExclusively();
    retired = true;
  }

  /** Whether the cell was not yet marked as waiting for a merge; marks it. Requires: locked. */
  boolean markTidyQueued() {
    boolean first = !tidyQueued;
    tidyQueued = true;
    return first;
  }

  /** Requires: locked. */
  void clearTidyQueued() {
    tidyQueued = false;
  }
}
