package org.macekv.collections;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.macekv.KeyRange;

/**
 * The bounds of a sub map, in the order of the encoded keys (never in that of a descending view).
 * The engine's {@link KeyRange} would do for reading; the keys and their kinds are kept as given so
 * that the bounds of a view of a view are checked exactly as {@code java.util} does. Immutable.
 */
final class KeyBounds {
  static final KeyBounds NONE = new KeyBounds(null, null);

  private final @Nullable Bound low;
  private final @Nullable Bound high;
  private final KeyRange range;

  private KeyBounds(@Nullable Bound low, @Nullable Bound high) {
    this.low = low;
    this.high = high;
    this.range = above(low).intersect(below(high));
  }

  /** An end of a range. The key is encoded; nobody changes it. */
  static final class Bound {
    private final byte[] key;
    private final boolean inclusive;

    Bound(byte[] key, boolean inclusive) {
      this.key = key;
      this.inclusive = inclusive;
    }
  }

  /** The keys within the bounds. */
  KeyRange range() {
    return range;
  }

  /** Whether there is no bound at all. */
  boolean isWhole() {
    return low == null && high == null;
  }

  /**
   * Narrower bounds. Null stands for the bound that these have.
   *
   * @throws IllegalArgumentException if a bound lies outside of these, or the low one above the
   *     high one
   */
  KeyBounds narrow(@Nullable Bound newLow, @Nullable Bound newHigh) {
    if (newLow != null && low != null && isBelow(newLow, low)) {
      throw new IllegalArgumentException("key out of range: the low bound is below this view's");
    }
    if (newHigh != null && high != null && isAbove(newHigh, high)) {
      throw new IllegalArgumentException("key out of range: the high bound is above this view's");
    }
    Bound effectiveLow = newLow != null ? newLow : low;
    Bound effectiveHigh = newHigh != null ? newHigh : high;
    if (effectiveLow != null
        && effectiveHigh != null
        && Arrays.compareUnsigned(effectiveLow.key, effectiveHigh.key) > 0) {
      throw new IllegalArgumentException("inconsistent range: the low bound is above the high one");
    }
    return new KeyBounds(effectiveLow, effectiveHigh);
  }

  /** Of the keys within these bounds those that begin with a prefix; perhaps none. */
  KeyBounds within(byte[] prefix) {
    Bound first = new Bound(prefix, true);
    byte[] behind = KeyRange.prefix(prefix).high();
    Bound end = behind == null ? null : new Bound(behind, false);
    Bound newLow = low == null || isBelow(low, first) ? first : low;
    Bound newHigh =
        high == null || (end != null && isAbove(/* bound= */ high, /* high= */ end)) ? end : high;
    boolean none = newHigh != null && Arrays.compareUnsigned(newLow.key, newHigh.key) > 0;
    return none ? new KeyBounds(first, new Bound(prefix, false)) : new KeyBounds(newLow, newHigh);
  }

  private static boolean isBelow(Bound bound, Bound low) {
    int order = Arrays.compareUnsigned(bound.key, low.key);
    return order < 0 || (order == 0 && bound.inclusive && !low.inclusive);
  }

  private static boolean isAbove(Bound bound, Bound high) {
    int order = Arrays.compareUnsigned(bound.key, high.key);
    return order > 0 || (order == 0 && bound.inclusive && !high.inclusive);
  }

  static KeyRange above(@Nullable Bound bound) {
    if (bound == null) {
      return KeyRange.all();
    }
    return bound.inclusive ? KeyRange.atLeast(bound.key) : KeyRange.greaterThan(bound.key);
  }

  static KeyRange below(@Nullable Bound bound) {
    if (bound == null) {
      return KeyRange.all();
    }
    return bound.inclusive ? KeyRange.atMost(bound.key) : KeyRange.lessThan(bound.key);
  }
}
