package org.macekv.internal.format;

/**
 * Unsigned integers of variable length: seven bits a byte, least significant first, the high bit
 * set on all but the last (LEB128).
 */
public final class Varint {
  /** The most bytes that a long takes. */
  public static final int MAX_LONG_BYTES = 10;

  private Varint() {}

  /** How many bytes {@code value}, taken as unsigned, takes. */
  public static int length(long value) {
    // Most are short: a predicted branch costs less than the wait for a division.
    if ((value & ~0x7fL) == 0) {
      return 1;
    }
    if ((value & ~0x3fffL) == 0) {
      return 2;
    }
    return (63 - Long.numberOfLeadingZeros(value)) / 7 + 1;
  }

  /** Stores {@code value} at {@code offset} and returns the offset behind it. */
  public static int put(byte[] target, int offset, long value) {
    int at = offset;
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      target[at++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    target[at++] = (byte) rest;
    return at;
  }

  /**
   * The value at {@code offset} of bytes that the caller trusts. The offset behind it is {@code
   * offset + length(value)}: only the shortest form is ever written.
   */
  public static int getInt(byte[] source, int offset) {
    int b = source[offset];
    if (b >= 0) {
      return b;
    }
    int value = b & 0x7f;
    int shift = 7;
    int at = offset + 1;
    while (true) {
      b = source[at++];
      value |= (b & 0x7f) << shift;
      if (b >= 0) {
        return value;
      }
      shift += 7;
    }
  }
}
