package org.macekv.internal.txn;

import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Ranges of keys, merged where they meet. Confined to one thread. */
final class KeyRanges {
  /** The end of a range that has none: no key is below it, so it ends no other range. */
  private static final byte[] NO_END = {};

  private final TreeMap<byte[], byte[]> ranges = new TreeMap<>(Arrays::compareUnsigned);

  boolean isEmpty() {
    return ranges.isEmpty();
  }

  int size() {
    return ranges.size();
  }

  /** Adds a key. */
  void add(byte[] key) {
    if (!covers(key)) {
      add(key, after(key));
    }
  }

  /** The least key above another. */
  static byte[] after(byte[] key) {
    return Arrays.copyOf(key, key.length + 1);
  }

  /**
   * Adds the keys from {@code low} (inclusive) to {@code high}.
   *
   * @param high null if there is no end
   */
  void add(byte[] low, byte @Nullable [] high) {
    byte[] from = low;
    byte[] to = high == null ? NO_END : high;
    if (to != NO_END && Arrays.compareUnsigned(low, to) >= 0) {
      return;
    }
    Map.Entry<byte[], byte[]> before = ranges.floorEntry(low);
    if (before != null && compareEnds(before.getValue(), low) >= 0) {
      from = before.getKey();
      to = laterEnd(before.getValue(), to);
    }
    Map.Entry<byte[], byte[]> next = ranges.ceilingEntry(from);
    while (next != null && (to == NO_END || Arrays.compareUnsigned(next.getKey(), to) <= 0)) {
      to = laterEnd(next.getValue(), to);
      ranges.remove(next.getKey());
      next = ranges.higherEntry(next.getKey());
    }
    ranges.put(from, to);
  }

  private static byte[] laterEnd(byte[] one, byte[] other) {
    return compareEnds(one, other) >= 0 ? one : other;
  }

  private static int compareEnds(byte[] one, byte[] other) {
    if (one == NO_END || other == NO_END) {
      return one == other ? 0 : one == NO_END ? 1 : -1;
    }
    return Arrays.compareUnsigned(one, other);
  }

  boolean covers(byte[] key) {
    Map.Entry<byte[], byte[]> range = ranges.floorEntry(key);
    return range != null && isBelow(key, range.getValue());
  }

  private static boolean isBelow(byte[] key, byte[] end) {
    return end == NO_END || Arrays.compareUnsigned(key, end) < 0;
  }

  /** One of some keys that is in a range, or null. Looks at the fewer of both. */
  byte @Nullable [] firstOf(NavigableMap<byte[], ?> keys) {
    if (keys.size() <= ranges.size()) {
      for (byte[] key : keys.keySet()) {
        if (covers(key)) {
          return key;
        }
      }
      return null;
    }
    for (Map.Entry<byte[], byte[]> range : ranges.entrySet()) {
      byte[] key = keys.ceilingKey(range.getKey());
      if (key != null && isBelow(key, range.getValue())) {
        return key;
      }
    }
    return null;
  }

  /** Looks for something in a range. */
  interface Search {
    byte @Nullable [] find(byte[] low, byte @Nullable [] high);
  }

  /** What a search finds first in these ranges, ascending, or null. */
  byte @Nullable [] find(Search search) {
    for (Map.Entry<byte[], byte[]> range : ranges.entrySet()) {
      byte[] end = range.getValue();
      byte[] found = search.find(range.getKey(), end == NO_END ? null : end);
      if (found != null) {
        return found;
      }
    }
    return null;
  }
}
