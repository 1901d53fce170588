package org.macekv.collections;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Finds a key about half-way between two others, reading them as binary fractions. */
final class KeyMidpoint {
  private KeyMidpoint() {}

  /**
   * A key above {@code low} and at or below {@code high}, or null if {@code low} is not below
   * {@code high}. The eight bytes behind the common prefix decide.
   */
  static byte @Nullable [] between(byte[] low, byte[] high) {
    if (Arrays.compareUnsigned(low, high) >= 0) {
      return null;
    }
    int common = Arrays.mismatch(low, high);
    long lowHead = headAt(low, common);
    long gap = headAt(high, common) - lowHead;
    if (Long.compareUnsigned(gap, 2) < 0) {
      return high;
    }
    // The gap is at least 2, so this is above low's head and below high's.
    long head = lowHead + (gap >>> 1);
    byte[] middle = Arrays.copyOf(high, common + Long.BYTES);
    for (int i = 0; i < Long.BYTES; i++) {
      middle[common + i] = (byte) (head >>> (56 - 8 * i));
    }
    return middle;
  }

  /** The eight bytes from {@code offset} on, zeros where there are none. */
  private static long headAt(byte[] key, int offset) {
    long head = 0;
    for (int i = offset; i < offset + Long.BYTES; i++) {
      head = (head << 8) | (i < key.length ? key[i] & 0xff : 0);
    }
    return head;
  }
}
