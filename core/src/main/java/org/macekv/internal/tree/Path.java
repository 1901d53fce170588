package org.macekv.internal.tree;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The way from a root to a cell, and how the nodes on it change when the cell is split or merged.
 * Used under the structure lock.
 *
 * <p>The nodes that are replaced stay locked from before they are copied until {@link #release}: a
 * cell that came into one of them meanwhile, or left it, would not be so in the copy.
 */
final class Path {
  private final List<Step> steps = new ArrayList<>();
  private final Cell cell;
  private final Tree tree;
  private final List<InnerRef> replaced = new ArrayList<>();
  private final List<InnerRef> fresh = new ArrayList<>();

  /** A node on the way, and the index of the child that comes next. */
  private record Step(InnerRef ref, Inner node, int index) {}

  private Path(Tree tree, byte[] key) {
    this.tree = tree;
    NodeLock node = tree.root();
    while (node instanceof InnerRef ref) {
      Inner inner = ref.get();
      int index = inner.indexOf(key);
      steps.add(new Step(ref, inner, index));
      node = child(ref, inner, index);
    }
    cell = (Cell) node;
  }

  private static NodeLock child(InnerRef ref, Inner inner, int index) {
    NodeLock child = ref.child(inner, index);
    if (child == null) {
      throw new IllegalStateException("a node has left the tree though its structure is locked");
    }
    return child;
  }

  static Path to(Tree tree, byte[] key) {
    return new Path(tree, key);
  }

  /** The nodes that are not in the new root any more. */
  List<InnerRef> replaced() {
    return replaced;
  }

  /** The nodes that are new in it. */
  List<InnerRef> fresh() {
    return fresh;
  }

  Cell cell() {
    return cell;
  }

  private Step last() {
    return steps.get(steps.size() - 1);
  }

  /** Whether the cell has a neighbour under the same parent. */
  boolean hasSibling() {
    return !steps.isEmpty() && last().node.count() > 1;
  }

  /** Whether that neighbour is the left one, for lack of a right one. */
  boolean siblingIsLeft() {
    return last().index == last().node.count() - 1;
  }

  Cell sibling() {
    Step last = last();
    return (Cell) child(last.ref, last.node, last.index + (siblingIsLeft() ? -1 : 1));
  }

  /** The root after the cell was replaced by two. */
  NodeLock split(Cell left, Cell right) {
    int index = steps.isEmpty() ? 0 : last().index;
    return replace(index, 1, new NodeLock[] {left, right}, new byte[][] {right.low});
  }

  /** The root after the cell and its sibling were replaced by one. */
  NodeLock merge(Cell merged) {
    int index = last().index - (siblingIsLeft() ? 1 : 0);
    return replace(index, 2, new NodeLock[] {merged}, new byte[][] {});
  }

  /** Unlocks the nodes that were replaced, or were to be. */
  void release() {
    replaced.forEach(InnerRef::unlock);
    replaced.clear();
  }

  private void lock(InnerRef ref) {
    ref.lock();
    replaced.add(ref);
  }

  private NodeLock replace(int index, int removed, NodeLock[] with, byte[][] between) {
    int from = index;
    int gone = removed;
    NodeLock[] nodesNow = with;
    byte[][] separators = between;
    for (int level = steps.size() - 1; level >= 0; level--) {
      Step step = steps.get(level);
      Step above = level == 0 ? null : steps.get(level - 1);
      lock(step.ref);
      Inner node = step.node.replace(from, gone, nodesNow, separators);
      byte[] low = step.ref.low();
      byte[] high = step.ref.high();
      boolean atEdge = from + nodesNow.length == node.count();
      from = above == null ? 0 : above.index;
      gone = 1;
      if (node.count() < Inner.MIN_CHILDREN && above != null && above.node.count() > 1) {
        boolean left = from > 0;
        from -= left ? 1 : 0;
        byte[] before = above.node.separators().get(from);
        InnerRef other = above.node.ref(left ? from : from + 1);
        Inner beside = other.get(); // which may have to be read
        lock(other);
        node = left ? beside.concat(before, node) : node.concat(before, beside);
        low = left ? other.low() : low;
        high = left ? high : other.high();
        gone = 2;
        atEdge = false;
      }
      if (node.count() <= Inner.MAX_CHILDREN) {
        nodesNow = new NodeLock[] {ref(node, low, high)};
        separators = new byte[][] {};
      } else {
        // At the right edge keys are probably appended in order: leave little behind.
        int cut = atEdge ? node.count() * 9 / 10 : node.count() / 2;
        byte[] separator = node.separators().get(cut - 1);
        nodesNow =
            new NodeLock[] {
              ref(node.slice(0, cut), low, separator),
              ref(node.slice(cut, node.count()), separator, high)
            };
        separators = new byte[][] {separator};
      }
    }
    if (nodesNow.length > 1) {
      return ref(Inner.of(Separators.of(separators), nodesNow), Tree.NO_BYTES, null);
    }
    NodeLock root = nodesNow[0];
    while (root instanceof InnerRef ref && ref.get().count() == 1) {
      Inner only = ref.get();
      if (!fresh.remove(ref)) {
        lock(ref);
      }
      root = ref.childLocked(only, 0);
    }
    return root;
  }

  private InnerRef ref(Inner node, byte[] low, byte @Nullable [] high) {
    InnerRef ref = new InnerRef(tree, node, low, high);
    fresh.add(ref);
    return ref;
  }
}
