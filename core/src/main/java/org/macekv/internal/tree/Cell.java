package org.macekv.internal.tree;

import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Stands for one key range of a tree as long as that range is not split or merged. The cell is its
 * own lock: a descent that ends here has one object less to load.
 */
final class Cell extends ReentrantLock {
  private static final long serialVersionUID = 1L;

  /** The least key that may be here; shared, never changed. */
  final transient byte[] low;

  /** The least key above; null in the last cell. */
  final transient byte @Nullable [] high;

  // Written under the lock; volatile for readers, who take none.
  private transient volatile LeafState state;

  // Both guarded by the lock (this).
  private boolean retired;
  private boolean tidyQueued;

  Cell(byte[] low, byte @Nullable [] high, LeafState state) {
    this.low = low;
    this.high = high;
    this.state = state;
  }

  LeafState state() {
    return state;
  }

  /** Requires: locked, not retired. */
  void setState(LeafState newState) {
    assert isHeldByCurrentThread() && !retired;
    state = newState;
  }

  /** Requires: locked. */
  boolean isRetired() {
    return retired;
  }

  /** Requires: locked, and the tree's root reaches the cells that replace this one. */
  void retire() {
    assert isHeldByCurrentThread();
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
