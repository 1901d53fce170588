package org.macekv.internal.tree;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Has leaves read before a cursor comes to them, by other threads. A cursor that met some leaves on
 * disk one behind the other asks for the next ones, a few at first and then more at a time, as long
 * as it finds such leaves ahead. Shared by a store's trees; thread-safe.
 */
public final class ReadAhead {
  /** Leaves that were on disk one behind the other before any is read ahead. */
  private static final int MISSES = 2;

  private static final int FIRST_WINDOW = 4;
  private static final int LAST_WINDOW = 32;

  /** What is read ahead for one cursor takes at most this part of the budget. */
  private static final int BUDGET_PART = 16;

  /** About what a leaf takes, which the window is measured by. */
  private static final int LEAF_BYTES = 16 << 10;

  private final Executor executor;
  private final int maxWindow;
  private final LongAdder leaves = new LongAdder();

  /**
   * Reads ahead.
   *
   * @param executor runs what reads; may refuse in silence
   * @param budgetBytes what all leaves in memory may take
   */
  public ReadAhead(Executor executor, long budgetBytes) {
    this.executor = executor;
    this.maxWindow = (int) Math.min(LAST_WINDOW, budgetBytes / BUDGET_PART / LEAF_BYTES);
  }

  /** How many leaves were read ahead. */
  public long leaves() {
    return leaves.sum();
  }

  /**
   * What one cursor has ahead of it. Confined to one thread, but for what its helpers look up:
   * where the cursor is by now. When it came there before them, their leaves may be gone again, and
   * are not to be read for nobody.
   */
  final class Window {
    private final Tree tree;
    private final boolean up;
    private int misses;
    private int size; // 0: nothing is read ahead
    private volatile @Nullable Inner parent;
    private volatile int at; // the cursor's index in that
    private int asked; // the index of the cell that was asked for last, in the cursor's direction

    Window(Tree tree, boolean up) {
      this.tree = tree;
      this.up = up;
    }

    /**
     * The cursor has come to a cell.
     *
     * @param ref what stands for the node above it
     * @param inner that node
     * @param index the cell's index in that
     * @param end where the cursor's range ends: a key above all that it wants going up, at or below
     *     all going down; null if it has none
     */
    void cameTo(InnerRef ref, Inner inner, int index, byte @Nullable [] end) {
      boolean isMiss = isOnDisk(inner, index);
      if (size == 0) {
        misses = isMiss ? misses + 1 : 0;
        if (misses < MISSES) {
          return;
        }
      }
      at = index;
      if (parent != inner) {
        parent = inner;
        asked = index;
      }
      int ahead = up ? asked - index : index - asked;
      if (ahead > size / 2) {
        return; // the other half is on its way
      }
      size = Math.min(maxWindow, size == 0 ? FIRST_WINDOW : 2 * size);
      List<Integer> leavesAhead = next(inner, index, end);
      if (!leavesAhead.isEmpty()) {
        executor.execute(() -> leavesAhead.forEach(each -> read(ref, inner, each)));
      } else if (!isMiss && ahead <= 0) {
        size = 0; // all is in memory here
        misses = 0;
      }
    }

    /** The cursor has left the node that it was under. */
    void leave() {
      if (size > 0) {
        parent = null;
      }
    }

    private boolean isAhead(Inner inner, int index) {
      return parent == inner && (up ? index > at : index < at);
    }

    private static boolean isOnDisk(Inner inner, int index) {
      return !(inner.child(index) instanceof Cell cell) || cell.leaf() == null;
    }

    /** The indices of leaves to be read. */
    private List<Integer> next(Inner inner, int index, byte @Nullable [] end) {
      List<Integer> found = new ArrayList<>();
      int step = up ? 1 : -1;
      int last = Math.max(0, Math.min(inner.count() - 1, index + step * size));
      int from = up ? Math.max(asked, index) : Math.min(asked, index);
      for (int i = from + step; up ? i <= last : i >= last; i += step) {
        if (isBehind(inner, i, end)) {
          break;
        }
        if (isOnDisk(inner, i)) {
          found.add(i);
        }
        asked = i;
      }
      return found;
    }

    /** Whether a leaf that is not the first in the cursor's direction has nothing in its range. */
    private boolean isBehind(Inner inner, int index, byte @Nullable [] end) {
      if (end == null) {
        return false;
      }
      Separators separators = inner.separators();
      return up ? separators.compare(index - 1, end) >= 0 : separators.compare(index, end) <= 0;
    }

    /** Whatever is wrong with a leaf is found again, and told, by the cursor. */
    private void read(InnerRef ref, Inner inner, int index) {
      try {
        if (isAhead(inner, index)
            && isOnDisk(inner, index)
            && ref.child(inner, index) instanceof Cell cell
            && tree.load(cell) != null) {
          leaves.increment();
        }
      } catch (RuntimeException e) {
        System.getLogger(ReadAhead.class.getName())
            .log(System.Logger.Level.DEBUG, "a leaf could not be read ahead", e);
      }
    }
  }
}
