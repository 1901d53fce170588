package org.macekv.serialization;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Comparator;

/**
 * Codecs for numbers of any length. Both write what is positive so that the larger number has the
 * larger bytes and no encoding is the beginning of another; what is negative is the complement of
 * that, and lies below.
 */
final class NumberKeys {
  private static final byte[] ZERO_INTEGER = {(byte) 0x80};

  /** The longest magnitude whose length stands in the first byte: {@code 0x80 + length}. */
  private static final int SHORT_MAGNITUDE = 0x6F;

  /** Longer ones have {@code 0xEF + n} there, and then the length in n bytes. */
  private static final int LONG_MAGNITUDE = 0xEF;

  private static final byte NEGATIVE = 0;
  private static final byte ZERO = 1;
  private static final byte POSITIVE = 2;
  private static final int END = 0;

  /** How many bytes the magnitude has, then the magnitude. */
  static final KeyCodec<BigInteger> BIG_INTEGER =
      new BuiltInKeyCodec<>(
          "big-integer",
          BigInteger.class,
          Comparator.<BigInteger>naturalOrder(),
          BuiltInKeyCodec.ANY_LENGTH,
          true,
          NumberKeys::encode,
          NumberKeys::decodeInteger);

  /** The sign, the exponent as an integer above, the digits in pairs. */
  static final KeyCodec<BigDecimal> BIG_DECIMAL =
      new BuiltInKeyCodec<>(
          "big-decimal",
          BigDecimal.class,
          Comparator.<BigDecimal>naturalOrder(),
          BuiltInKeyCodec.ANY_LENGTH,
          true,
          NumberKeys::encode,
          NumberKeys::decodeDecimal);

  private NumberKeys() {}

  private static byte[] encode(BigInteger key) {
    if (key.signum() == 0) {
      return ZERO_INTEGER.clone();
    }
    byte[] bytes = withLength(magnitude(key.abs()));
    return key.signum() < 0 ? complement(bytes, 0) : bytes;
  }

  private static byte[] magnitude(BigInteger positive) {
    byte[] bytes = positive.toByteArray();
    return bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
  }

  private static byte[] withLength(byte[] magnitude) {
    if (magnitude.length <= SHORT_MAGNITUDE) {
      return ByteBuffer.allocate(1 + magnitude.length)
          .put((byte) (0x80 + magnitude.length))
          .put(magnitude)
          .array();
    }
    byte[] length = magnitude(BigInteger.valueOf(magnitude.length));
    return ByteBuffer.allocate(1 + length.length + magnitude.length)
        .put((byte) (LONG_MAGNITUDE + length.length))
        .put(length)
        .put(magnitude)
        .array();
  }

  private static BigInteger decodeInteger(byte[] bytes) {
    if (Arrays.equals(bytes, ZERO_INTEGER)) {
      return BigInteger.ZERO;
    }
    if (bytes.length == 0) {
      throw malformedInteger();
    }
    boolean negative = bytes[0] >= 0;
    byte[] positive = negative ? complement(bytes.clone(), 0) : bytes;
    int first = positive[0] & 0xFF;
    int magnitudeAt = 1 + Math.max(0, first - LONG_MAGNITUDE);
    if (magnitudeAt >= positive.length) {
      throw malformedInteger();
    }
    BigInteger magnitude =
        new BigInteger(1, Arrays.copyOfRange(positive, magnitudeAt, positive.length));
    BigInteger key = negative ? magnitude.negate() : magnitude;
    if (!Arrays.equals(encode(key), bytes)) {
      throw malformedInteger();
    }
    return key;
  }

  private static SerializationException malformedInteger() {
    return new SerializationException("malformed big-integer");
  }

  /** The value 0.d₁d₂d₃… · 10^exponent, with d₁ and the last digit not 0. */
  private static byte[] encode(BigDecimal key) {
    if (key.signum() == 0) {
      return new byte[] {ZERO};
    }
    String all = key.unscaledValue().abs().toString();
    int count = all.length();
    while (all.charAt(count - 1) == '0') {
      count--;
    }
    long exponent = all.length() - (long) key.scale();
    if (count - exponent != (int) (count - exponent)) {
      throw new SerializationException(
          "a decimal can't be a key whose scale without trailing zeros is "
              + (count - exponent)
              + ", which is no int");
    }
    byte[] power = encode(BigInteger.valueOf(exponent));
    ByteBuffer out = ByteBuffer.allocate(1 + power.length + (count + 1) / 2 + 1);
    out.put(POSITIVE).put(power);
    for (int i = 0; i < count; i += 2) {
      int tens = all.charAt(i) - '0';
      int ones = i + 1 < count ? all.charAt(i + 1) - '0' : 0;
      out.put((byte) (10 * tens + ones + 1));
    }
    byte[] bytes = out.put((byte) END).array();
    if (key.signum() < 0) {
      bytes[0] = NEGATIVE;
      complement(bytes, 1);
    }
    return bytes;
  }

  private static BigDecimal decodeDecimal(byte[] bytes) {
    if (bytes.length == 1 && bytes[0] == ZERO) {
      return BigDecimal.ZERO;
    }
    if (bytes.length < 4 || (bytes[0] != POSITIVE && bytes[0] != NEGATIVE)) {
      throw malformedDecimal();
    }
    boolean negative = bytes[0] == NEGATIVE;
    byte[] positive = negative ? complement(bytes.clone(), 1) : bytes;
    // An exponent has a long's range, and so one byte for its length.
    int powerLength = 1 + Math.abs((positive[1] & 0xFF) - 0x80);
    powerLength -= positive[1] >= 0 ? 1 : 0; // the complement of a first byte is one less
    int digitsAt = 1 + powerLength;
    if (digitsAt + 2 > positive.length || powerLength > 1 + Long.BYTES) {
      throw malformedDecimal();
    }
    BigInteger exponent = decodeInteger(Arrays.copyOfRange(positive, 1, digitsAt));
    StringBuilder digits = new StringBuilder();
    for (int i = digitsAt; i < positive.length - 1; i++) {
      int pair = positive[i] - 1;
      if (pair < 0 || pair > 99) {
        throw malformedDecimal();
      }
      digits.append((char) ('0' + pair / 10)).append((char) ('0' + pair % 10));
    }
    if (digits.charAt(digits.length() - 1) == '0') {
      digits.setLength(digits.length() - 1);
    }
    BigInteger unscaled = new BigInteger(digits.toString());
    BigDecimal key =
        BuiltInKeyCodec.refusing(
            "big-decimal",
            () ->
                new BigDecimal(
                    negative ? unscaled.negate() : unscaled,
                    Math.toIntExact(
                        Math.subtractExact(digits.length(), exponent.longValueExact()))));
    if (!Arrays.equals(encode(key), bytes)) {
      throw malformedDecimal();
    }
    return key;
  }

  private static SerializationException malformedDecimal() {
    return new SerializationException("malformed big-decimal");
  }

  private static byte[] complement(byte[] bytes, int from) {
    for (int i = from; i < bytes.length; i++) {
      bytes[i] = (byte) ~bytes[i];
    }
    return bytes;
  }
}
