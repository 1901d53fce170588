package org.macekv.internal.tree;

import org.jspecify.annotations.Nullable;
import org.macekv.internal.mvcc.Version;

/**
 * The newer versions of one key of a leaf. Shared by the leaf states that have the same base, and
 * only by these: what a fold moved into a base must stay in the entries that readers of the old
 * base still hold.
 */
final class DeltaEntry {
  private final byte[] key;
  // Written under the cell's lock; volatile, since readers take the chain from here without a lock
  // and, for reads at the published position, must have it before they read that position.
  private volatile @Nullable Version head;

  DeltaEntry(byte[] key, Version head) {
    this.key = key;
    this.head = head;
  }

  byte[] key() {
    return key;
  }

  /** The newest version; null only if all were rolled back. */
  @Nullable Version head() {
    return head;
  }

  /** Requires: the cell is locked. */
  void setHead(@Nullable Version newHead) {
    head = newHead;
  }
}
