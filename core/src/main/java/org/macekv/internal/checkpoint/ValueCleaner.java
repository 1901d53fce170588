package org.macekv.internal.checkpoint;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.macekv.error.CorruptionException;
import org.macekv.error.StoreIOException;
import org.macekv.internal.format.LargeValue;
import org.macekv.internal.log.CommitLog;
import org.macekv.internal.log.LargeValues;
import org.macekv.internal.log.ValueGoneException;
import org.macekv.internal.log.ValueWalk;
import org.macekv.internal.pages.LiveBytes;
import org.macekv.internal.tree.Tree;

/**
 * Moves large values out of log segments that are mostly garbage: appends and syncs a copy, then
 * puts its pointer in the place of the old one and marks the leaf as changed. The next checkpoint
 * writes the new pointers, and when it is durable nothing needs the segment any more. Replay knows
 * nothing of it: until that checkpoint the old pointers count, and the segment is there. Used by
 * the checkpoint's thread.
 */
final class ValueCleaner {
  /** How many times as many bytes may be looked at as may be moved. */
  private static final int VISITED = 8;

  private static final int BATCH_KEYS = 4096;
  private static final int BATCH_KEY_BYTES = 1 << 20;

  private final CommitLog log;
  private final LargeValues values;
  private final GarbageLimit garbageLimit;
  private final MoveLimit limit;
  private final MoveLimit leafLimit;
  private final LongAdder movedBytes = new LongAdder();
  private boolean inTheMiddle;
  private final Set<Long> unreadable = new HashSet<>(); // segments that are left as they are

  /**
   * A cleaner.
   *
   * @param garbageLimit of the segments with values
   * @param limit of the values that are moved at a time
   * @param leafLimit of the leaves that are changed by that
   */
  ValueCleaner(CommitLog log, GarbageLimit garbageLimit, MoveLimit limit, MoveLimit leafLimit) {
    this.log = log;
    this.values = new LargeValues(log);
    this.garbageLimit = garbageLimit;
    this.limit = limit;
    this.leafLimit = leafLimit;
  }

  /**
   * How many bytes of segments that are only kept for their values are not needed.
   *
   * @param needed from here on the log is needed in any case
   */
  long garbage(LiveBytes live, long needed) {
    return total(needed) - live(live, needed);
  }

  /** Whether the last round ended in the middle of a segment, since enough was touched. */
  boolean isInTheMiddle() {
    return inTheMiddle;
  }

  /** How many bytes of them are in segments that can't be cleaned. */
  private long hopeless(LiveBytes live, long needed) {
    long garbage = 0;
    if (!unreadable.isEmpty()) {
      for (CommitLog.Extent each : log.endedBelow(needed)) {
        if (unreadable.contains(each.first())) {
          garbage += each.length() - live.values().getOrDefault(each.first(), 0L);
        }
      }
    }
    return garbage;
  }

  /** How many bytes these segments have. */
  long total(long needed) {
    long total = 0;
    for (CommitLog.Extent each : log.endedBelow(needed)) {
      total += each.length();
    }
    return total;
  }

  /** How many bytes of them are needed. */
  long live(LiveBytes live, long needed) {
    long sum = 0;
    for (CommitLog.Extent each : log.endedBelow(needed)) {
      sum += live.values().getOrDefault(each.first(), 0L);
    }
    return sum;
  }

  /** How many bytes of values were moved so far. */
  long movedBytes() {
    return movedBytes.sum();
  }

  /** Whether there is more garbage than there should be. */
  boolean isWanted(LiveBytes live, long needed) {
    return garbageLimit.isFelt(garbage(live, needed) - hopeless(live, needed), total(needed));
  }

  /** How far it is on the way to as much as there may be, 0 to 1. */
  double share(LiveBytes live, long needed) {
    return garbageLimit.share(garbage(live, needed) - hopeless(live, needed), total(needed));
  }

  /** How many bytes of values may be replaced until there is as much garbage as there may be. */
  long room(LiveBytes live, long needed) {
    return garbageLimit.room(garbage(live, needed) - hopeless(live, needed), total(needed));
  }

  private record Candidate(CommitLog.Extent extent, long live) {
    double share() {
      return (double) live / extent.length();
    }
  }

  /**
   * Moves what is live in some segments.
   *
   * @param space how many bytes there are for what is moved, as in {@link PageCleaner#mark}
   * @return about how many bytes of values were moved, and of leaves were changed
   */
  long move(LiveBytes live, long needed, Collection<Checkpointer.Part> parts, long space) {
    inTheMiddle = false;
    if (!isWanted(live, needed)) {
      return 0;
    }
    List<Candidate> candidates = new ArrayList<>();
    for (CommitLog.Extent each : log.endedBelow(needed)) {
      long bytes = live.values().getOrDefault(each.first(), 0L);
      if (bytes < each.length() && !unreadable.contains(each.first())) {
        candidates.add(new Candidate(each, bytes));
      }
    }
    candidates.sort(Comparator.comparingDouble(Candidate::share));
    long excess =
        garbageLimit.excess(garbage(live, needed) - hopeless(live, needed), total(needed));
    Move move = new Move(parts);
    long visited = 0;
    long moved = 0;
    for (Candidate each : candidates) {
      moved += each.live;
      boolean many = visited > 0 && visited + each.extent.length() > VISITED * limit.bytes();
      if (excess <= 0 || moved > space || move.isEnough() || many) {
        break;
      }
      visited += each.extent.length();
      long before = move.touched();
      move.outOf(each.extent);
      if (move.touched() > before) {
        excess -= each.extent.length() - each.live;
      }
    }
    inTheMiddle = move.isEnough() && !move.failed;
    return move.touched();
  }

  /** One round of moving. */
  private final class Move {
    private final Map<Integer, Tree> trees = new HashMap<>();
    private final List<Key> keys = new ArrayList<>();
    private int keyBytes;
    private long valueBytes;
    private long leafBytes;
    private boolean failed;

    @SuppressWarnings("ArrayRecordComponent") // never compared for equality
    private record Key(int bucketId, Tree tree, byte[] key) implements Comparable<Key> {
      @Override
      public int compareTo(Key other) {
        int order = Integer.compare(bucketId, other.bucketId);
        return order != 0 ? order : Arrays.compareUnsigned(key, other.key);
      }
    }

    Move(Collection<Checkpointer.Part> parts) {
      for (Checkpointer.Part part : parts) {
        trees.put(part.id(), part.tree());
      }
    }

    boolean isEnough() {
      return failed || limit.isReached(valueBytes) || leafLimit.isReached(leafBytes);
    }

    long touched() {
      return valueBytes + leafBytes;
    }

    void outOf(CommitLog.Extent extent) {
      try {
        ValueWalk.over(log, extent, (bucketId, key) -> take(extent, bucketId, key));
        if (!isEnough()) {
          batch(extent);
        }
      } catch (CorruptionException e) {
        unreadable.add(extent.first());
        complain("a log segment is damaged; what is live in it stays there", e);
      } catch (StoreIOException e) {
        failed = true; // perhaps there is no space: another time
        complain("could not move values out of a log segment", e);
      }
    }

    private static void complain(String message, Throwable cause) {
      System.getLogger(ValueCleaner.class.getName())
          .log(System.Logger.Level.WARNING, message, cause);
    }

    private boolean take(CommitLog.Extent extent, int bucketId, byte[] key) {
      Tree tree = trees.get(bucketId);
      if (tree == null) {
        return true; // it was dropped
      }
      keys.add(new Key(bucketId, tree, key));
      keyBytes += key.length;
      if (keys.size() >= BATCH_KEYS || keyBytes >= BATCH_KEY_BYTES) {
        batch(extent);
      }
      return !isEnough();
    }

    private boolean move(LargeValue value, Map<Long, LargeValue> moved) {
      if (moved.containsKey(value.starts()[0])) {
        return true;
      }
      try {
        moved.put(value.starts()[0], values.copy(value));
      } catch (ValueGoneException e) {
        return false; // a part of it was deleted: it was replaced, and the leaf is not folded yet
      }
      movedBytes.add(value.length());
      valueBytes += value.length();
      return true;
    }

    /** What only a view that was closed needed is in images that are older than its end. */
    private void forgetStale(CommitLog.Extent extent) {
      for (int from = 0; from < keys.size() && !isEnough(); ) {
        Tree tree = keys.get(from).tree;
        List<byte[]> ofTree = new ArrayList<>();
        while (from < keys.size() && keys.get(from).tree == tree) {
          ofTree.add(keys.get(from++).key);
        }
        leafBytes += tree.forgetStaleValues(ofTree, extent.first(), extent.end());
      }
    }

    private void batch(CommitLog.Extent extent) {
      keys.sort(null); // neighbours are in one leaf
      Map<Long, LargeValue> moved = new HashMap<>();
      List<Key> changed = new ArrayList<>();
      for (Key each : keys) {
        if (isEnough()) {
          break;
        }
        boolean any = false;
        for (LargeValue value : each.tree.largeValues(each.key, extent.first(), extent.end())) {
          any |= move(value, moved);
        }
        if (any) {
          changed.add(each);
        }
      }
      forgetStale(extent);
      keys.clear();
      keyBytes = 0;
      if (!changed.isEmpty()) {
        log.await(log.tail(), true);
        for (Key each : changed) {
          leafBytes += each.tree.replaceValues(each.key, moved);
        }
      }
    }
  }
}
