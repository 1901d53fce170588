package org.macekv.internal.mvcc;

/**
 * How many entries a bucket had at each position that someone may still read. Appended to in the
 * section, in the order of positions; read by anyone.
 *
 * <p>Invariant: an entry below {@code size} never changes; thinning makes a new holder.
 */
public final class CountHistory {
  private static final int INITIAL = 16;

  private static final class Entries {
    final long[] positions;
    final long[] counts;
    // Written after the entry that it covers (volatile): a reader that sees the size sees the
    // entry.
    volatile int size;

    Entries(int capacity) {
      positions = new long[capacity];
      counts = new long[capacity];
    }
  }

  private final SnapshotRegistry registry;
  private volatile Entries entries;

  /** A bucket that had {@code count} entries at position 0. */
  public CountHistory(SnapshotRegistry registry, long count) {
    this.registry = registry;
    Entries first = new Entries(INITIAL);
    first.counts[0] = count;
    first.size = 1;
    entries = first;
  }

  /** Adds {@code change} at {@code position}. Requires: the section is held. */
  public void append(long position, long change) {
    if (change == 0) {
      return;
    }
    Entries current = entries;
    int size = current.size;
    if (size == current.positions.length) {
      current = thin(current);
      size = current.size;
    }
    current.positions[size] = position;
    current.counts[size] = current.counts[size - 1] + change;
    current.size = size + 1;
  }

  private Entries thin(Entries full) {
    Horizon horizon = registry.horizon();
    int size = full.size;
    boolean[] kept = new boolean[size];
    int count = 0;
    for (int i = 0; i < size; i++) {
      long next = i + 1 < size ? full.positions[i + 1] : Commit.PENDING;
      kept[i] =
          i + 1 == size
              || full.positions[i] > horizon.floor()
              || horizon.reads(full.positions[i], next);
      count += kept[i] ? 1 : 0;
    }
    Entries thinned = new Entries(Math.max(INITIAL, 2 * count));
    int to = 0;
    for (int i = 0; i < size; i++) {
      if (kept[i]) {
        thinned.positions[to] = full.positions[i];
        thinned.counts[to] = full.counts[i];
        to++;
      }
    }
    thinned.size = to;
    entries = thinned;
    return thinned;
  }

  /**
   * A state of the history, to be asked with a position that is read after it was taken (like a
   * leaf's state), or with a registered snapshot.
   */
  public Reading read() {
    Entries current = entries;
    return new Reading(current.positions, current.counts, current.size);
  }

  /** The history as it was at one moment. */
  public static final class Reading {
    private final long[] positions;
    private final long[] counts;
    private final int size;

    private Reading(long[] positions, long[] counts, int size) {
      this.positions = positions;
      this.counts = counts;
      this.size = size;
    }

    /** The number of entries at {@code position}. */
    public long countAt(long position) {
      int i = size - 1;
      while (i > 0 && positions[i] > position) {
        i--;
      }
      return counts[i];
    }
  }
}
