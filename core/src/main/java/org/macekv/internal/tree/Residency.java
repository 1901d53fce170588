package org.macekv.internal.tree;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/**
 * Keeps the leaves in memory within a budget. Clean leaves go by the CLOCK rule (Corbató 1968): a
 * hand walks over the resident cells and lets those go that were not read by key since it came by
 * before. Scans don't count as reads, so what only a scan read goes first; and a read sets a flag
 * in its cell and looks nothing up. Thread-safe.
 */
public final class Residency {
  private static final int STEPS = 256;

  private final long budgetBytes;
  private final LongAdder resident = new LongAdder();
  private final LongAdder evictions = new LongAdder();
  private final ConcurrentLinkedQueue<Cell> clock = new ConcurrentLinkedQueue<>();
  private final LongAdder cells = new LongAdder();
  private final AtomicBoolean sweeping = new AtomicBoolean();

  /** A budget in bytes of heap. */
  public Residency(long budgetBytes) {
    this.budgetBytes = budgetBytes;
  }

  /** About how many bytes of heap the resident leaves take. */
  public long residentBytes() {
    return resident.sum();
  }

  /** How many leaves were let go. */
  public long evictions() {
    return evictions.sum();
  }

  /** The budget in bytes. */
  public long budgetBytes() {
    return budgetBytes;
  }

  /** Tells that a cell has a leaf now, and had none. Requires: cell locked. */
  void entered(Cell cell) {
    clock.add(cell);
    cells.increment();
  }

  /** Tells that the memory of leaves has changed. */
  void changed(long bytes) {
    resident.add(bytes);
  }

  /**
   * Lets leaves go until the budget holds, or for some steps: where most leaves are dirty, whoever
   * reads one does not look at all of them. To be called by whoever made the memory grow, holding
   * no cell.
   */
  public void enforce() {
    sweep(STEPS);
  }

  /** Like {@link #enforce}, and does not give up soon: for when much has become clean. */
  public void enforceFully() {
    sweep(2 * cells.sum() + 2); // twice around: the first round may only clear flags
  }

  private void sweep(long steps) {
    if (resident.sum() <= budgetBytes || !sweeping.compareAndSet(false, true)) {
      return;
    }
    try {
      long left = steps;
      while (left-- > 0 && resident.sum() > budgetBytes) {
        Cell cell = clock.poll();
        if (cell == null) {
          return;
        }
        if (cell.takeReferenced() || !evict(cell)) {
          if (cell.leaf() != null && !cell.isGoneRacy()) {
            clock.add(cell);
          } else {
            cells.decrement();
          }
        } else {
          cells.decrement();
        }
      }
    } finally {
      sweeping.set(false);
    }
  }

  /** Lets go of cells of abandoned trees. */
  void forgetGone() {
    clock.removeIf(
        cell -> {
          boolean gone = cell.isGoneRacy();
          if (gone) {
            cells.decrement();
          }
          return gone;
        });
  }

  private boolean evict(Cell cell) {
    if (!cell.tryLock()) {
      return false;
    }
    try {
      if (!cell.isEvictable()) {
        return false;
      }
      cell.evict(this);
      evictions.increment();
      return true;
    } finally {
      cell.unlock();
    }
  }
}
