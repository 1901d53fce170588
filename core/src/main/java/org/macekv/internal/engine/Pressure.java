package org.macekv.internal.engine;

import java.util.function.LongSupplier;

/**
 * One kind of debt of the writers to the checkpoints: how much there is, how fast checkpoints work
 * it off, and how long whoever makes more of it is to wait. Guarded by its owner's lock.
 *
 * <p>Between the soft and the hard limit new debt may come at {@code throughput / 2d}, d being the
 * share of the way: without a limit at the soft one, at the throughput in the middle, at half of it
 * at the hard one. The writers pay afterwards for what they made, through one clock for all: each
 * sets it forward by what is new, and waits until that time. What makes no new debt (a change of a
 * leaf that was changed already) pays nothing.
 */
final class Pressure {
  private final String what;
  private final long soft;
  private final long hard;
  private final LongSupplier amount;
  private final LongSupplier made;
  private double perNano; // smoothed; 0 until it was measured
  private long charged; // of made
  private long clock; // nano time at which all that was charged is paid

  /**
   * A kind of debt.
   *
   * @param what it is called in messages
   * @param soft from where on writers are slowed down
   * @param hard where they wait
   * @param amount how much there is
   * @param made how much was ever made
   */
  Pressure(String what, long soft, long hard, LongSupplier amount, LongSupplier made) {
    this.what = what;
    this.soft = soft;
    this.hard = hard;
    this.amount = amount;
    this.made = made;
  }

  /** Whether writers are to be slowed down. Needs no lock. */
  boolean isFelt() {
    return amount.getAsLong() > soft;
  }

  /** Whether writers have to wait. Needs no lock. */
  boolean isTooMuch() {
    return amount.getAsLong() >= hard;
  }

  /** What was made before now is not charged to anybody. */
  void begin(long now) {
    charged = made.getAsLong();
    clock = now;
  }

  /** Charges what is new, and says until when its maker waits. */
  long charge(long now) {
    long total = made.getAsLong();
    long fresh = total - charged;
    charged = total;
    double share = (double) (amount.getAsLong() - soft) / (hard - soft);
    if (share <= 0 || perNano == 0 || fresh <= 0) {
      return now;
    }
    clock = Math.max(clock, now) + (long) (fresh * 2 * Math.min(share, 1) / perNano);
    return clock;
  }

  /**
   * A checkpoint worked off {@code bytes} in {@code nanos}. Small ones say more about the time of a
   * sync than about throughput, and are not counted.
   */
  void measured(long bytes, long nanos) {
    if (bytes < soft / 8) {
      return;
    }
    double measured = (double) bytes / Math.max(1, nanos);
    if (perNano == 0) {
      perNano = measured;
    } else {
      // Quicker to slow down than to release.
      perNano += (measured - perNano) / (measured < perNano ? 2 : 8);
    }
  }

  /** Bytes that checkpoints work off in a second, 0 if that was not measured yet. */
  long perSecond() {
    return (long) (perNano * 1e9);
  }

  @Override
  public String toString() {
    return String.format("%,d bytes of %s, the limit is %,d", amount.getAsLong(), what, hard);
  }
}
