package org.macekv.internal.tree;

import java.util.ArrayList;
import java.util.Arrays;
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

  /** What one cursor has ahead of it. Confined to one thread. */
  final class Window {
    private final Tree tree;
    private final boolean up;
    private int misses;
    private int size; // 0: nothing is read ahead
    private @Nullable Inner parent;
    private int asked; // the index of the cell that was asked for last, in the cursor's direction

    Window(Tree tree, boolean up) {
      this.tree = tree;
      this.up = up;
    }

    /**
     * The cursor has come to a cell.
     *
     * @param inner the node above it
     * @param index the cell's index in that
     * @param end where the cursor's range ends: a key above all that it wants going up, at or below
     *     all going down; null if it has none
     */
    void cameTo(Inner inner, int index, byte @Nullable [] end) {
      boolean isMiss = ((Cell) inner.child(index)).leaf() == null;
      if (size == 0) {
        misses = isMiss ? misses + 1 : 0;
        if (misses < MISSES) {
          return;
        }
      }
      if (parent != inner) {
        parent = inner;
        asked = index;
      }
      int ahead = up ? asked - index : index - asked;
      if (ahead > size / 2) {
        return; // the other half is on its way
      }
      size = Math.min(maxWindow, size == 0 ? FIRST_WINDOW : 2 * size);
      List<Cell> cells = next(inner, index, end);
      if (!cells.isEmpty()) {
        ask(cells);
      } else if (!isMiss && ahead <= 0) {
        size = 0; // all is in memory here
        misses = 0;
      }
    }

    private List<Cell> next(Inner inner, int index, byte @Nullable [] end) {
      List<Cell> cells = new ArrayList<>();
      int step = up ? 1 : -1;
      int last = Math.max(0, Math.min(inner.count() - 1, index + step * size));
      int from = up ? Math.max(asked, index) : Math.min(asked, index);
      for (int i = from + step; up ? i <= last : i >= last; i += step) {
        Cell cell = (Cell) inner.child(i);
        if (isBehind(cell, end)) {
          break;
        }
        if (cell.leaf() == null) {
          cells.add(cell);
        }
        asked = i;
      }
      return cells;
    }

    private boolean isBehind(Cell cell, byte @Nullable [] end) {
      if (end == null) {
        return false;
      }
      return up
          ? Arrays.compareUnsigned(cell.low, end) >= 0
          : cell.high != null && Arrays.compareUnsigned(cell.high, end) <= 0;
    }

    private void ask(List<Cell> cells) {
      executor.execute(() -> cells.forEach(this::read));
    }

    /** Whatever is wrong with a leaf is found again, and told, by the cursor. */
    private void read(Cell cell) {
      try {
        if (cell.leaf() == null && tree.load(cell) != null) {
          leaves.increment();
        }
      } catch (RuntimeException e) {
        System.getLogger(ReadAhead.class.getName())
            .log(System.Logger.Level.DEBUG, "a leaf could not be read ahead", e);
      }
    }
  }
}
