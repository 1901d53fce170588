package org.macekv.internal.tree;

import java.util.Arrays;
import org.macekv.internal.format.BigEndian;

/**
 * The keys between the children of an inner node: each is the least key of the child on its right.
 * Immutable, and packed, since there is one for each leaf on disk: one behind the other in one
 * array, without the prefix that all of them share. That is compared once; behind it the search
 * runs over eight byte heads and compares whole keys only where these are equal.
 */
final class Separators {
  // Object, four arrays' headers, and what aligning them costs.
  private static final int OBJECT_BYTES = 24 + 4 * 20;

  private final byte[] prefix;
  private final long[] heads; // with the sign bit flipped, so that their order is the bytes' order
  private final byte[] suffixes;
  private final int[] ends; // of each key in suffixes

  private Separators(byte[] prefix, long[] heads, byte[] suffixes, int[] ends) {
    this.prefix = prefix;
    this.heads = heads;
    this.suffixes = suffixes;
    this.ends = ends;
  }

  /** These keys, ascending. */
  static Separators of(byte[]... sorted) {
    Builder builder = new Builder(sorted.length);
    for (byte[] each : sorted) {
      builder.add(each);
    }
    return builder.build();
  }

  int count() {
    return ends.length;
  }

  /** About how much heap they take. */
  long heapBytes() {
    return OBJECT_BYTES + prefix.length + suffixes.length + 12L * ends.length;
  }

  private int start(int index) {
    return index == 0 ? 0 : ends[index - 1];
  }

  int length(int index) {
    return prefix.length + ends[index] - start(index);
  }

  /** A key, as a fresh array. */
  byte[] get(int index) {
    byte[] key = new byte[length(index)];
    copy(index, key, 0);
    return key;
  }

  /** Copies a key and returns the offset behind it. */
  int copy(int index, byte[] target, int at) {
    int start = start(index);
    int rest = ends[index] - start;
    System.arraycopy(prefix, 0, target, at, prefix.length);
    System.arraycopy(suffixes, start, target, at + prefix.length, rest);
    return at + prefix.length + rest;
  }

  /** Compares one of them with a key. */
  int compare(int index, byte[] key) {
    int order = comparePrefix(key);
    return order != 0 ? -order : compareSuffix(index, key);
  }

  /** Requires: the key has the prefix. */
  private int compareSuffix(int index, byte[] key) {
    return Arrays.compareUnsigned(
        suffixes, start(index), ends[index], key, prefix.length, key.length);
  }

  /** How many are at or below {@code key}. */
  int countUpTo(byte[] key) {
    return search(key, true);
  }

  /** How many are below {@code key}. */
  int countBelow(byte[] key) {
    return search(key, false);
  }

  private int search(byte[] key, boolean equalIsRight) {
    int skip = prefix.length;
    if (skip > 0) {
      int order = comparePrefix(key);
      if (order != 0) {
        return order < 0 ? 0 : heads.length;
      }
    }
    long head = BigEndian.headLong(key, skip) ^ Long.MIN_VALUE;
    long[] all = heads;
    int low = 0;
    int high = all.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      long other = all[middle];
      boolean right;
      if (other != head) {
        right = other < head;
      } else {
        int order = compareSuffix(middle, key);
        right = order < 0 || (equalIsRight && order == 0);
      }
      if (right) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /** Whether a key is below, among (0), or above the keys that begin with the prefix. */
  private int comparePrefix(byte[] key) {
    int skip = prefix.length;
    int mismatch = Arrays.mismatch(key, 0, Math.min(skip, key.length), prefix, 0, skip);
    if (mismatch < 0) {
      return 0;
    }
    if (mismatch == key.length) {
      return -1;
    }
    return Byte.compareUnsigned(key[mismatch], prefix[mismatch]);
  }

  /** Puts keys together, in ascending order. */
  static final class Builder {
    private static final int TYPICAL_KEY_BYTES = 16;

    private byte[] bytes;
    private final int[] ends;
    private int count;

    Builder(int most) {
      this.bytes = new byte[most * TYPICAL_KEY_BYTES];
      this.ends = new int[most];
    }

    void add(byte[] key) {
      int at = reserve(key.length);
      System.arraycopy(key, 0, bytes, at, key.length);
    }

    /** Adds one of other separators. */
    void add(Separators from, int index) {
      int at = reserve(from.length(index));
      from.copy(index, bytes, at);
    }

    private int reserve(int length) {
      int at = count == 0 ? 0 : ends[count - 1];
      if (at + length > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, at + length));
      }
      ends[count++] = at + length;
      return at;
    }

    Separators build() {
      int prefix = commonPrefix();
      long[] heads = new long[count];
      int[] newEnds = new int[count];
      byte[] suffixes = new byte[count == 0 ? 0 : ends[count - 1] - count * prefix];
      int at = 0;
      for (int i = 0; i < count; i++) {
        int start = (i == 0 ? 0 : ends[i - 1]) + prefix;
        int rest = ends[i] - start;
        System.arraycopy(bytes, start, suffixes, at, rest);
        at += rest;
        newEnds[i] = at;
        heads[i] = BigEndian.headLong(bytes, start, ends[i]) ^ Long.MIN_VALUE;
      }
      return new Separators(Arrays.copyOf(bytes, prefix), heads, suffixes, newEnds);
    }

    private int commonPrefix() {
      if (count == 0) {
        return 0;
      }
      int last = count == 1 ? 0 : ends[count - 2];
      int mismatch = Arrays.mismatch(bytes, 0, ends[0], bytes, last, ends[count - 1]);
      return mismatch < 0 ? ends[0] : mismatch;
    }
  }
}
