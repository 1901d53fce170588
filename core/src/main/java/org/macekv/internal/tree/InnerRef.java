package org.macekv.internal.tree;

import org.jspecify.annotations.Nullable;
import org.macekv.internal.format.PageAddress;

/**
 * Stands for an inner node that may not have been read yet. Its node is read once, so that each of
 * the cells below exists once.
 */
final class InnerRef {
  private final PageAddress address;
  private final int level;
  private final byte[] low;
  private final byte @Nullable [] high;
  // Written under this object's monitor; volatile for those who don't take it.
  private volatile @Nullable Inner inner;

  InnerRef(PageAddress address, int level, byte[] low, byte @Nullable [] high) {
    this.address = address;
    this.level = level;
    this.low = low;
    this.high = high;
  }

  /** Where the node was when nobody had read it yet. */
  PageAddress address() {
    return address;
  }

  /** The node's level. */
  int level() {
    return level;
  }

  /** The node, if it was read. */
  @Nullable Inner loaded() {
    return inner;
  }

  /** The node. */
  Inner get(TreeStore store) {
    Inner node = inner;
    return node != null ? node : load(store);
  }

  private synchronized Inner load(TreeStore store) {
    Inner node = inner;
    if (node == null) {
      node = InnerImage.decode(store.pages().read(address), address, low, high, store);
      inner = node;
    }
    return node;
  }
}
