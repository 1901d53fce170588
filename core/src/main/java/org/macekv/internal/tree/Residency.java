package org.macekv.internal.tree;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Keeps the nodes in memory within a budget. Clean leaves go by the CLOCK rule (Corbató 1968): a
 * hand walks over the resident cells and lets those go that were not read by key since it came by
 * before. Scans don't count as reads, so what only a scan read goes first; and a read sets a flag
 * in its cell and looks nothing up.
 *
 * <p>The nodes right above the cells, which take some percent of their leaves, have a hand of their
 * own, and go with their cells. Whoever needs a leaf that is on disk needs its node first, and
 * reading that is dearer, so they are kept rather than leaves: above a part of the budget, which
 * the leaves must leave to them, the hand moves one step for some leaves that are read, and lets go
 * of what was not wanted in a whole round; only at the budget itself it goes on until it holds.
 * Thread-safe.
 */
public final class Residency {
  private static final int STEPS = 256;

  /** Eighths of the budget that leaves leave to the nodes above the cells. */
  private static final int INNER_EIGHTHS = 3;

  /** For so many leaves that are read the hand over the nodes above them moves one step. */
  private static final int LEAVES_PER_STEP = 32;

  /** After so many leaves that can't go, whoever has read one does not look for more. */
  private static final int MOST_IN_VAIN = 32;

  /** So many that are gone may be on the clocks in any case before they are taken out. */
  private static final int GONE = 256;

  private final long budgetBytes;
  private final LongAdder resident = new LongAdder();
  private final LongAdder evictions = new LongAdder();
  private final LongAdder innerResident = new LongAdder();
  private final LongAdder innerEvictions = new LongAdder();
  private final ConcurrentLinkedQueue<Cell> clock = new ConcurrentLinkedQueue<>();
  private final LongAdder cells = new LongAdder();
  private final ConcurrentLinkedQueue<InnerRef> innerClock = new ConcurrentLinkedQueue<>();
  private final LongAdder inners = new LongAdder();
  // Whose leaf or node nobody wants any more, but which the clocks may still have.
  private final AtomicLong goneCells = new AtomicLong();
  private final AtomicLong goneInners = new AtomicLong();
  private final AtomicBoolean sweeping = new AtomicBoolean();
  private int leavesSinceStep; // belongs to who is sweeping

  /** A budget in bytes of heap. */
  public Residency(long budgetBytes) {
    this.budgetBytes = budgetBytes;
  }

  /** About how many bytes of heap the resident nodes take. */
  public long residentBytes() {
    return resident.sum() + innerResident.sum();
  }

  /** About how many bytes of these the nodes right above the cells take, with the cells. */
  public long innerResidentBytes() {
    return innerResident.sum();
  }

  /** How many of the nodes right above the cells were let go. */
  public long innerEvictions() {
    return innerEvictions.sum();
  }

  /** How many leaves were let go, but for those that went with the node above them. */
  public long evictions() {
    return evictions.sum();
  }

  /** The budget in bytes. */
  public long budgetBytes() {
    return budgetBytes;
  }

  /** Puts a cell on the clock, where it is not. Requires: cell locked. */
  void entered(Cell cell) {
    clock.add(cell);
    cells.increment();
  }

  /** Tells that a cell on the clock is gone: its frozen leaf shall not stay in memory for that. */
  void left() {
    long gone = goneCells.incrementAndGet();
    if (gone > GONE && gone > cells.sum() / 2 && goneCells.compareAndSet(gone, 0)) {
      forgetGoneCells();
    }
  }

  /** Tells that a node on the clock is gone. */
  void innerLeft() {
    long gone = goneInners.incrementAndGet();
    if (gone > GONE && gone > inners.sum() / 2 && goneInners.compareAndSet(gone, 0)) {
      forgetGoneInners();
    }
  }

  /** Puts a node right above the cells on its clock, where it is not. */
  void entered(InnerRef ref) {
    innerClock.add(ref);
    inners.increment();
  }

  /** Tells that the memory of nodes right above the cells has changed. */
  void innerChanged(long bytes) {
    innerResident.add(bytes);
  }

  /** Tells that the memory of leaves has changed. */
  void changed(long bytes) {
    resident.add(bytes);
  }

  /**
   * Lets nodes go until the budget holds, or for some steps: where most leaves are dirty, whoever
   * reads one does not look at all of them. To be called by whoever made the memory grow, holding
   * no cell.
   */
  public void enforce() {
    sweep(STEPS);
  }

  /** Like {@link #enforce}, and does not give up soon: for when much has become clean. */
  public void enforceFully() {
    sweep(
        2 * (cells.sum() + inners.sum()) + 2); // twice around: the first round may only clear flags
  }

  private void sweep(long steps) {
    long share = budgetBytes / 8 * INNER_EIGHTHS;
    long inner = innerResident.sum();
    long forLeaves = budgetBytes - Math.min(inner, share);
    if ((inner <= share && resident.sum() <= forLeaves) || !sweeping.compareAndSet(false, true)) {
      return;
    }
    try {
      if (inner > share && ++leavesSinceStep >= LEAVES_PER_STEP) {
        leavesSinceStep = 0;
        stepInner();
      }
      for (long left = steps; left > 0 && innerResident.sum() > budgetBytes; left--) {
        stepInner();
      }
      int inVain = 0; // one behind the other: the leaves here are dirty, or all wanted
      int most = steps > STEPS ? Integer.MAX_VALUE : MOST_IN_VAIN;
      for (long left = steps; left > 0 && inVain < most && resident.sum() > forLeaves; left--) {
        inVain = step() ? 0 : inVain + 1;
      }
    } finally {
      sweeping.set(false);
    }
  }

  /** Moves the hand over a leaf; whether it went. */
  private boolean step() {
    Cell cell = clock.poll();
    if (cell == null) {
      return false;
    }
    boolean went = !cell.takeReferenced() && evict(cell);
    if (!went && cell.leaf() != null && !cell.isGoneRacy()) {
      clock.add(cell);
    } else {
      cells.decrement();
    }
    return went;
  }

  /** Moves the other hand over a node above the cells. */
  private void stepInner() {
    InnerRef ref = innerClock.poll();
    if (ref == null) {
      return;
    }
    boolean went = !ref.takeReferenced() && ref.tree().evict(ref);
    if (went) {
      innerEvictions.increment();
    }
    if (!went && ref.loaded() != null && !ref.isGone()) {
      innerClock.add(ref);
    } else {
      inners.decrement();
    }
  }

  /** Lets go of what is left of abandoned trees. */
  void forgetGone() {
    forgetGoneCells();
    forgetGoneInners();
  }

  private void forgetGoneCells() {
    clock.removeIf(
        cell -> {
          boolean gone = cell.isGoneRacy();
          if (gone) {
            cells.decrement();
          }
          return gone;
        });
  }

  private void forgetGoneInners() {
    innerClock.removeIf(
        ref -> {
          boolean gone = ref.isGone();
          if (gone) {
            inners.decrement();
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
