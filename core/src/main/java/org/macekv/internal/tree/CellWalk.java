package org.macekv.internal.tree;

import org.jspecify.annotations.Nullable;

/**
 * Goes from cell to cell of a tree. As long as the root is the one that it came down from, a
 * neighbour under the same parent is found without a descent. Confined to one thread.
 */
final class CellWalk {
  private final Tree tree;
  private @Nullable Object root;
  private @Nullable Inner parent;
  private int index;

  CellWalk(Tree tree) {
    this.tree = tree;
  }

  /** The cell of {@code key}. */
  Cell to(byte[] key) {
    Object node = begin();
    while (node instanceof Inner inner) {
      node = into(inner, inner.indexOf(key));
    }
    return (Cell) node;
  }

  /** The last cell whose range begins below {@code key}; the very last for null. */
  Cell below(byte @Nullable [] key) {
    Object node = begin();
    while (node instanceof Inner inner) {
      node = into(inner, key == null ? inner.count() - 1 : inner.indexBelow(key));
    }
    return (Cell) node;
  }

  private Object begin() {
    Object top = tree.root();
    root = top;
    parent = null;
    return tree.resolve(top);
  }

  private Object into(Inner inner, int child) {
    parent = inner;
    index = child;
    return tree.resolve(inner.child(child));
  }

  /** The cell behind the last one, {@code key} being where it begins. */
  Cell right(byte[] key) {
    Inner inner = parent;
    if (inner != null && index + 1 < inner.count() && root == tree.root()) {
      index++;
      return (Cell) inner.child(index);
    }
    return to(key);
  }

  /** The cell before the last one, {@code key} being where that begins. */
  Cell left(byte[] key) {
    Inner inner = parent;
    if (inner != null && index > 0 && root == tree.root()) {
      index--;
      return (Cell) inner.child(index);
    }
    return below(key);
  }
}
