package org.macekv.internal.mvcc;

import java.util.Arrays;

/**
 * What may still be read: everything above {@code floor}, the state at {@code floor}, and the state
 * at each registered snapshot. Immutable; made by {@link SnapshotRegistry#horizon()}.
 */
public final class Horizon {
  private final long floor;
  private final long[] snapshots;

  /**
   * @param floor the highest position that every later reader reads at or above
   * @param snapshots the registered snapshots, ascending
   */
  public Horizon(long floor, long[] snapshots) {
    this.floor = floor;
    this.snapshots = snapshots;
  }

  /** The floor. */
  public long floor() {
    return floor;
  }

  /**
   * The oldest position that anyone may still read: a version at or below it that has no successor
   * at or below it is what everybody sees who does not see a newer one.
   */
  public long oldest() {
    return snapshots.length == 0 ? floor : Math.min(floor, snapshots[0]);
  }

  /** Whether someone may read a state at or above {@code from} and below {@code to}. */
  public boolean reads(long from, long to) {
    if (floor >= from && floor < to) {
      return true;
    }
    int at = Arrays.binarySearch(snapshots, from);
    int first = at >= 0 ? at : -at - 1;
    return first < snapshots.length && snapshots[first] < to;
  }

  /**
   * Whether someone may still see a version that was committed at {@code position}, or is pending.
   *
   * @param newer where the next newer version that was not rolled back was committed, {@link
   *     Commit#PENDING} if there is none
   */
  public boolean needs(long position, long newer) {
    return position > floor || reads(position, newer);
  }
}
