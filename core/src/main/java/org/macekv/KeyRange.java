package org.macekv;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A range of keys in unsigned byte order, from a low key (inclusive) to a high key (exclusive). All
 * kinds of bounds come down to this, because the least key above {@code k} is {@code k} followed by
 * a zero byte. Immutable.
 */
public final class KeyRange {
  private static final byte[] NO_BYTES = {};
  private static final KeyRange ALL = new KeyRange(NO_BYTES, null);

  private final byte[] low;
  private final byte @Nullable [] high;

  private KeyRange(byte[] low, byte @Nullable [] high) {
    this.low = low;
    this.high = high;
  }

  /** Every key. */
  public static KeyRange all() {
    return ALL;
  }

  /**
   * From {@code low}, inclusive, to {@code high}, exclusive; empty if {@code low} is not below
   * {@code high}.
   */
  public static KeyRange of(byte[] low, byte[] high) {
    return new KeyRange(low.clone(), high.clone());
  }

  /** Keys at or above {@code low}. */
  public static KeyRange atLeast(byte[] low) {
    return new KeyRange(low.clone(), null);
  }

  /** Keys above {@code low}. */
  public static KeyRange greaterThan(byte[] low) {
    return new KeyRange(after(low), null);
  }

  /** Keys below {@code high}. */
  public static KeyRange lessThan(byte[] high) {
    return new KeyRange(NO_BYTES, high.clone());
  }

  /** Keys at or below {@code high}. */
  public static KeyRange atMost(byte[] high) {
    return new KeyRange(NO_BYTES, after(high));
  }

  /** Keys that begin with {@code prefix}; the empty prefix gives every key. */
  public static KeyRange prefix(byte[] prefix) {
    int end = prefix.length;
    while (end > 0 && prefix[end - 1] == (byte) 0xff) {
      end--;
    }
    if (end == 0) {
      return new KeyRange(prefix.clone(), null);
    }
    byte[] high = Arrays.copyOf(prefix, end);
    high[end - 1]++;
    return new KeyRange(prefix.clone(), high);
  }

  /** The keys that are in this range and in {@code other}. */
  public KeyRange intersect(KeyRange other) {
    byte[] newLow = Arrays.compareUnsigned(low, other.low) >= 0 ? low : other.low;
    byte[] newHigh = high;
    if (newHigh == null
        || (other.high != null && Arrays.compareUnsigned(other.high, newHigh) < 0)) {
      newHigh = other.high;
    }
    return new KeyRange(newLow, newHigh);
  }

  /** Whether {@code key} is in the range. */
  public boolean contains(byte[] key) {
    return Arrays.compareUnsigned(low, key) <= 0
        && (high == null || Arrays.compareUnsigned(key, high) < 0);
  }

  /** Whether no key can be in the range. */
  public boolean isEmpty() {
    return high != null && Arrays.compareUnsigned(low, high) >= 0;
  }

  /** A copy of the lowest key that may be in the range. */
  public byte[] low() {
    return low.clone();
  }

  /** A copy of the least key above the range, or null if it has no upper end. */
  public byte @Nullable [] high() {
    return high == null ? null : high.clone();
  }

  byte[] lowShared() {
    return low;
  }

  byte @Nullable [] highShared() {
    return high;
  }

  private static byte[] after(byte[] key) {
    return Arrays.copyOf(key, key.length + 1);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof KeyRange range
        && Arrays.equals(low, range.low)
        && Arrays.equals(high, range.high);
  }

  @Override
  public int hashCode() {
    return Objects.hash(Arrays.hashCode(low), Arrays.hashCode(high));
  }

  @Override
  public String toString() {
    return "[" + Arrays.toString(low) + ", " + (high == null ? "end" : Arrays.toString(high)) + ")";
  }
}
