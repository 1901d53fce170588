package org.macekv.internal.tree;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The way from a root to a cell, and how the nodes on it change when the cell is split or merged.
 * Used under the structure lock.
 */
final class Path {
  private Inner[] nodes = new Inner[4];
  private int[] indexes = new int[4];
  private int depth;
  private final Cell cell;
  private final Tree tree;
  private final List<Inner> replaced = new ArrayList<>();

  private Path(Tree tree, byte[] key) {
    this.tree = tree;
    Object node = tree.resolve(tree.root());
    while (node instanceof Inner inner) {
      if (depth == nodes.length) {
        nodes = Arrays.copyOf(nodes, 2 * depth);
        indexes = Arrays.copyOf(indexes, 2 * depth);
      }
      nodes[depth] = inner;
      indexes[depth] = inner.indexOf(key);
      node = tree.resolve(inner.child(indexes[depth++]));
    }
    cell = (Cell) node;
  }

  static Path to(Tree tree, byte[] key) {
    return new Path(tree, key);
  }

  /** The nodes that are not in the new root any more. */
  List<Inner> replaced() {
    return replaced;
  }

  Cell cell() {
    return cell;
  }

  /** Whether the cell has a neighbour under the same parent. */
  boolean hasSibling() {
    return depth > 0 && nodes[depth - 1].count() > 1;
  }

  /** Whether that neighbour is the left one, for lack of a right one. */
  boolean siblingIsLeft() {
    return indexes[depth - 1] == nodes[depth - 1].count() - 1;
  }

  Cell sibling() {
    return (Cell) nodes[depth - 1].child(indexes[depth - 1] + (siblingIsLeft() ? -1 : 1));
  }

  /** The root after the cell was replaced by two. */
  Object split(Cell left, Cell right) {
    int index = depth == 0 ? 0 : indexes[depth - 1];
    return replace(index, 1, new Object[] {left, right}, new byte[][] {right.low});
  }

  /** The root after the cell and its sibling were replaced by one. */
  Object merge(Cell merged) {
    int index = indexes[depth - 1] - (siblingIsLeft() ? 1 : 0);
    return replace(index, 2, new Object[] {merged}, new byte[][] {});
  }

  private Object replace(int index, int removed, Object[] with, byte[][] between) {
    int from = index;
    int gone = removed;
    Object[] nodesNow = with;
    byte[][] separators = between;
    for (int level = depth - 1; level >= 0; level--) {
      Inner node = nodes[level].replace(from, gone, nodesNow, separators);
      replaced.add(nodes[level]);
      boolean atEdge = from + nodesNow.length == node.count();
      from = level == 0 ? 0 : indexes[level - 1];
      gone = 1;
      if (node.count() < Inner.MIN_CHILDREN && level > 0 && nodes[level - 1].count() > 1) {
        Inner parent = nodes[level - 1];
        boolean left = from > 0;
        from -= left ? 1 : 0;
        byte[] before = parent.separator(from);
        Inner other = (Inner) tree.resolve(parent.child(left ? from : from + 1));
        replaced.add(other);
        node = left ? other.concat(before, node) : node.concat(before, other);
        gone = 2;
        atEdge = false;
      }
      if (node.count() <= Inner.MAX_CHILDREN) {
        nodesNow = new Object[] {node};
        separators = new byte[][] {};
      } else {
        // At the right edge keys are probably appended in order: leave little behind.
        int cut = atEdge ? node.count() * 9 / 10 : node.count() / 2;
        nodesNow = new Object[] {node.slice(0, cut), node.slice(cut, node.count())};
        separators = new byte[][] {node.separator(cut - 1)};
      }
    }
    Object root = nodesNow.length == 1 ? nodesNow[0] : new Inner(separators, nodesNow);
    while (root instanceof Inner inner && inner.count() == 1) {
      root = inner.child(0);
    }
    return root;
  }
}
