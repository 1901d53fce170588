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
 * <p>The nodes right above the cells, which take a hundredth of their leaves or less, have a hand
 * of their own, and go with their cells. Whoever needs a leaf that is on disk needs its node first,
 * so leaves go rather than these, until these take more than a part of the budget.
 *
 * <p>What differs from its images can't go, nor can the node above it: when a hand meets them they
 * leave its clock until a checkpoint has written them. So a step of a hand either lets something
 * go, or takes a flag back that a read has set. Whoever makes leaves dirty is to wait when dirty
 * leaves, and what nodes take over {@link #innerExcess another part}, come near the budget.
 * Thread-safe.
 */
public final class Residency {
  /** Steps that whoever has read a node makes at most. */
  private static final int STEPS = 256;

  /** Eighths of the budget that the nodes above the cells may take. */
  private static final int INNER_EIGHTHS = 3;

  /** Eighths of the budget that they may take before dirty leaves have to leave them room. */
  private static final int INNER_FREE_EIGHTHS = 2;

  /** So many that are gone may be on the clocks in any case before they are taken out. */
  private static final int GONE = 256;

  /** Above the budget by this part of it, more than one thread sweeps. */
  private static final int SLACK_PART = 64;

  /** What has become of a node that a hand came to. */
  enum Outcome {
    /** It is not in memory any more, or nobody wants it. */
    WENT,
    /** It can't go now, and may when the hand comes again. */
    STAYS,
    /** It can't go before a checkpoint has written it, which will put it on the clock again. */
    WAITS
  }

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

  /** A budget in bytes of heap. */
  public Residency(long budgetBytes) {
    this.budgetBytes = budgetBytes;
  }

  /** About how many bytes of heap the resident nodes take. */
  public long residentBytes() {
    return resident.sum() + innerResident.sum();
  }

  /** About how many bytes of these the nodes above the cells take. */
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

  /** How much of the budget the nodes above the cells take of what dirty leaves may take. */
  long innerExcess() {
    return Math.max(0, innerResident.sum() - budgetBytes / 8 * INNER_FREE_EIGHTHS);
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

  /** Tells that the memory of nodes above the cells has changed. */
  void innerChanged(long bytes) {
    innerResident.add(bytes);
  }

  /** Tells that the memory of cells has changed. */
  void changed(long bytes) {
    resident.add(bytes);
  }

  /**
   * Lets nodes go until the budget holds, or for some steps. To be called by whoever made the
   * memory grow, holding no cell.
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
    if (innerResident.sum() <= share && residentBytes() <= budgetBytes) {
      return;
    }
    boolean alone = sweeping.compareAndSet(false, true);
    if (!alone && residentBytes() <= budgetBytes + budgetBytes / SLACK_PART) {
      return; // whoever is at it may have lost its processor: else we help
    }
    try {
      for (long left = steps; left > 0 && innerResident.sum() > share && stepInner(); left--) {}
      for (long left = steps; left > 0 && residentBytes() > budgetBytes && step(); left--) {}
    } finally {
      if (alone) {
        sweeping.set(false);
      }
    }
  }

  /** Moves the hand over a cell; false if there is none. */
  private boolean step() {
    Cell cell = clock.poll();
    if (cell == null) {
      return false;
    }
    Outcome outcome = cell.takeReferenced() ? Outcome.STAYS : evict(cell);
    if (outcome == Outcome.STAYS && !cell.isGoneRacy()) {
      clock.add(cell);
    } else {
      cells.decrement();
    }
    return true;
  }

  /** Moves the other hand over a node above the cells; false if there is none. */
  private boolean stepInner() {
    InnerRef ref = innerClock.poll();
    if (ref == null) {
      return false;
    }
    Outcome outcome = ref.takeReferenced() ? Outcome.STAYS : ref.tree().evict(ref);
    if (outcome == Outcome.WENT) {
      innerEvictions.increment();
    }
    if (outcome == Outcome.STAYS && !ref.isGone()) {
      innerClock.add(ref);
    } else {
      inners.decrement();
    }
    return true;
  }

  /** Lets go of what is left of abandoned trees. */
  void forgetGone() {
    forgetGoneCells();
    forgetGoneInners();
  }

  private void forgetGoneCells() {
    for (long left = cells.sum(); left > 0; left--) {
      Cell cell = clock.poll();
      if (cell != null && !cell.isGoneRacy()) {
        clock.add(cell);
      } else if (cell != null) {
        cells.decrement();
      }
    }
  }

  private void forgetGoneInners() {
    for (long left = inners.sum(); left > 0; left--) {
      InnerRef ref = innerClock.poll();
      if (ref != null && !ref.isGone()) {
        innerClock.add(ref);
      } else if (ref != null) {
        inners.decrement();
      }
    }
  }

  private Outcome evict(Cell cell) {
    if (!cell.tryLock()) {
      return Outcome.STAYS;
    }
    try {
      if (cell.isDirty()) {
        cell.waitForCheckpoint();
        return Outcome.WAITS;
      }
      if (!cell.isEvictable()) {
        return Outcome.STAYS;
      }
      cell.tree().evict(cell);
      evictions.increment();
      return Outcome.WENT;
    } finally {
      cell.unlock();
    }
  }
}
