package org.macekv.internal.tree;

import org.jspecify.annotations.Nullable;

/**
 * Goes from cell to cell of a tree. As long as the root is the one that it came down from, a
 * neighbour under the same parent is found without a descent. Confined to one thread.
 *
 * <p>Going on from one leaf to the next would wait for memory three times: for the cell, its leaf,
 * and that one's page, each known only by the one before. So a walk touches them for a few cells at
 * once, whose loads do not wait for each other (group prefetching, Chen, Ailamaki, Gibbons and
 * Mowry 2004, with loads in place of prefetches).
 */
final class CellWalk {
  /** Cells in a group, a power of two. */
  private static final int GROUP = 4;

  /** A page's first bytes that are touched, at this distance: its heads, offsets, first entry. */
  private static final int TOUCHED_BYTES = 384;

  private static final int TOUCH_DISTANCE = 128;

  private final Tree tree;
  private final ReadAhead.Window ahead;
  private final byte @Nullable [] end;
  private @Nullable NodeLock root;
  private @Nullable InnerRef parentRef;
  private @Nullable Inner parent;
  private int index;

  // Written so that the loads that only warm the caches are not dead code.
  @SuppressWarnings("unused")
  private int touched;

  /**
   * A walk in one direction.
   *
   * @param end where it ends at the latest: a key above all that is wanted going up, at or below
   *     all going down; null for the tree's edge
   */
  CellWalk(Tree tree, boolean up, byte @Nullable [] end) {
    this.tree = tree;
    this.end = end;
    this.ahead = tree.store().readAhead().new Window(tree, up);
  }

  /** The cell of {@code key}, by a descent. */
  Cell to(byte[] key) {
    while (true) {
      NodeLock node = begin();
      while (node instanceof InnerRef ref) {
        Inner inner = ref.get();
        node = into(ref, inner, inner.indexOf(key));
      }
      if (node instanceof Cell cell) {
        return cell;
      }
    }
  }

  /** The last cell whose range begins below {@code key}; the very last for null. By a descent. */
  Cell below(byte @Nullable [] key) {
    while (true) {
      NodeLock node = begin();
      while (node instanceof InnerRef ref) {
        Inner inner = ref.get();
        node = into(ref, inner, key == null ? inner.count() - 1 : inner.indexBelow(key));
      }
      if (node instanceof Cell cell) {
        return cell;
      }
    }
  }

  private NodeLock begin() {
    NodeLock top = tree.root();
    root = top;
    parent = null;
    ahead.leave();
    return top;
  }

  private @Nullable NodeLock into(InnerRef ref, Inner inner, int child) {
    parentRef = ref;
    parent = inner;
    index = child;
    return ref.child(inner, child);
  }

  /** The cell behind the last one, {@code key} being where it begins. It may have been dropped. */
  Cell right(byte[] key) {
    Inner inner = parent;
    if (inner != null && index + 1 < inner.count() && root == tree.root()) {
      index++;
      if (index % GROUP == 0) {
        touch(inner, index, Math.min(index + GROUP, inner.count()));
      }
      Cell cell = beside(inner);
      if (cell != null) {
        return cell;
      }
    }
    return to(key);
  }

  /**
   * The cell before the last one, {@code key} being where that begins. It may have been dropped.
   */
  Cell left(byte[] key) {
    Inner inner = parent;
    if (inner != null && index > 0 && root == tree.root()) {
      index--;
      if (index % GROUP == GROUP - 1) {
        touch(inner, index + 1 - GROUP, index + 1);
      }
      Cell cell = beside(inner);
      if (cell != null) {
        return cell;
      }
    }
    return below(key);
  }

  private @Nullable Cell beside(Inner inner) {
    InnerRef ref = parentRef;
    if (ref == null) {
      return null;
    }
    ahead.cameTo(ref, inner, index, end);
    return ref.child(inner, index) instanceof Cell cell ? cell : null;
  }

  private void touch(Inner inner, int from, int to) {
    int sum = 0;
    for (int i = from; i < to; i++) {
      Leaf leaf = inner.child(i) instanceof Cell cell ? cell.leaf() : null;
      if (leaf != null) {
        byte[] page = leaf.page;
        int end = Math.min(page.length, TOUCHED_BYTES);
        for (int at = 0; at < end; at += TOUCH_DISTANCE) {
          sum += page[at];
        }
      }
    }
    touched = sum;
  }
}
