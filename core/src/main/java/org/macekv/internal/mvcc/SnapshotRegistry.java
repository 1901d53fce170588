package org.macekv.internal.mvcc;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Who reads which position. A reader announces his snapshot in a slot and then looks at the floor;
 * if that is above his snapshot, the pruner may have missed him and he takes a newer one. A pruner
 * raises the floor and then looks at the slots. Both orders are sequentially consistent, so one of
 * the two sees the other (DESIGN section 4, "Snapshots against the pruner").
 *
 * <p>Until the reader has looked, his slot says so: a snapshot below the floor that is not
 * confirmed yet may be one that was missed, for which what it would see has gone. Keeping more than
 * that for a moment does no harm in memory, but a checkpoint must not write that it is there; so it
 * waits until such a reader has decided.
 */
public final class SnapshotRegistry {
  private static final long FREE = Long.MAX_VALUE;
  private static final long[] NONE = {};
  private static final int CHUNK_SLOTS = 64;
  private static final int STRIDE = 8; // one cache line a slot

  private final Marks marks;
  private final Object growing = new Object();
  private volatile AtomicLongArray[] chunks = {newChunk()};
  // All used slots are below it. Raised before a slot is claimed, so a pruner that sees the slot's
  // writer's floor check as late as possible still covers the slot. Never lowered.
  private final AtomicInteger highWater = new AtomicInteger();

  /** A registry with no snapshots. */
  public SnapshotRegistry(Marks marks) {
    this.marks = marks;
  }

  /** A registered snapshot; release it. */
  public final class Slot {
    private final int index;
    private final long position;

    private Slot(int index, long position) {
      this.index = index;
      this.position = position;
    }

    /** The position that the snapshot shows. */
    public long position() {
      return position;
    }

    /** Gives the slot back. Must be called once. */
    public void release() {
      set(index, FREE);
    }
  }

  /** Registers a snapshot of all that is published: a view's. */
  public Slot registerPublished() {
    return register(false);
  }

  /** Registers a snapshot of all that is committed: a writer's. */
  public Slot registerNewest() {
    return register(true);
  }

  private Slot register(boolean newest) {
    long position = newest ? marks.newest() : marks.published();
    int index = claim(position);
    while (marks.floor() > position) {
      position = newest ? marks.newest() : marks.published();
      set(index, unconfirmed(position));
    }
    return confirm(index, position);
  }

  private void set(int index, long value) {
    chunks[index / CHUNK_SLOTS].set(index % CHUNK_SLOTS * STRIDE, value);
  }

  /** What a slot holds before the reader has looked at the floor: a negative number. */
  private static long unconfirmed(long position) {
    return ~position;
  }

  /** The reader of a claimed slot has looked at the floor. */
  Slot confirm(int index, long position) {
    set(index, position);
    return new Slot(index, position);
  }

  /** Takes a slot, for a snapshot that is not confirmed yet. */
  int claim(long position) {
    while (true) {
      AtomicLongArray[] current = chunks;
      int slots = current.length * CHUNK_SLOTS;
      for (int i = 0; i < slots; i++) {
        AtomicLongArray chunk = current[i / CHUNK_SLOTS];
        int at = i % CHUNK_SLOTS * STRIDE;
        if (chunk.get(at) == FREE) {
          int needed = i + 1;
          if (highWater.get() < needed) {
            highWater.accumulateAndGet(needed, Math::max);
          }
          if (chunk.compareAndSet(at, FREE, unconfirmed(position))) {
            return i;
          }
        }
      }
      grow(current);
    }
  }

  private void grow(AtomicLongArray[] seen) {
    synchronized (growing) {
      if (chunks == seen) {
        AtomicLongArray[] more = Arrays.copyOf(seen, seen.length + 1);
        more[seen.length] = newChunk();
        chunks = more;
      }
    }
  }

  private static AtomicLongArray newChunk() {
    AtomicLongArray chunk = new AtomicLongArray(CHUNK_SLOTS * STRIDE);
    for (int i = 0; i < CHUNK_SLOTS; i++) {
      chunk.set(i * STRIDE, FREE);
    }
    return chunk;
  }

  /** Raises the floor and tells what may still be read. */
  public Horizon horizon() {
    long floor = marks.raiseFloor();
    long[] found = snapshots();
    return new Horizon(floor, found);
  }

  /** Like {@link #horizon()}, when each snapshot below the floor is confirmed. */
  public Horizon settledHorizon() {
    return settledHorizon(Thread::yield);
  }

  /** As the public one, with what to do while a reader has not decided. */
  Horizon settledHorizon(Runnable waiting) {
    long floor = marks.raiseFloor();
    while (true) {
      long[] found = slots();
      boolean settled = true;
      for (long each : found) {
        settled &= each >= 0 || unconfirmed(each) >= floor;
      }
      if (settled) {
        return new Horizon(floor, positions(found));
      }
      waiting.run();
    }
  }

  /** The registered snapshots, ascending, each once. */
  public long[] snapshots() {
    return positions(slots());
  }

  /** The positions of slots, ascending, each once. */
  private static long[] positions(long[] slots) {
    if (slots.length == 0) {
      return NONE;
    }
    return Arrays.stream(slots)
        .map(each -> each < 0 ? unconfirmed(each) : each)
        .sorted()
        .distinct()
        .toArray();
  }

  /** What the slots that are not free hold. */
  private long[] slots() {
    int used = highWater.get();
    AtomicLongArray[] current = chunks;
    long[] found = NONE;
    int count = 0;
    for (int i = 0; i < used; i++) {
      long value = current[i / CHUNK_SLOTS].get(i % CHUNK_SLOTS * STRIDE);
      if (value != FREE) {
        if (count == found.length) {
          found = Arrays.copyOf(found, Math.max(4, 2 * count));
        }
        found[count++] = value;
      }
    }
    return count == found.length ? found : Arrays.copyOf(found, count);
  }
}
