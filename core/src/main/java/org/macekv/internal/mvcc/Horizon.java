package org.macekv.internal.mvcc;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
   * The part of a chain that someone may still see: pending versions, those above the floor, and
   * for each state that may be read the newest at or below it. Rolled back versions go.
   */
  public @Nullable Version prune(@Nullable Version head) {
    Version first = Version.skipAborted(head);
    if (first == null || first.older() == null) {
      return first;
    }
    List<Version> kept = new ArrayList<>();
    long newer = Commit.PENDING; // where the next newer version, kept or not, was committed
    for (Version version = first; version != null; version = version.older()) {
      long position = version.commit().position();
      if (position == Commit.ABORTED) {
        continue;
      }
      if (position > floor || reads(position, newer)) {
        kept.add(version);
      }
      if (position <= oldest()) {
        break; // nobody sees what is older
      }
      newer = position;
    }
    return Version.chain(kept);
  }
}
