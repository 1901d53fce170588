package org.macekv.serialization;

import java.util.Arrays;

/**
 * Bytes of any length so that others can stand behind them, in the same order: a zero byte becomes
 * {@code 00 FF}, and {@code 00 00} ends them. None is the beginning of another.
 */
final class TerminatedBytes {
  private static final byte ZERO = 0;
  private static final byte ESCAPED = (byte) 0xFF;
  private static final int END_LENGTH = 2;

  private TerminatedBytes() {}

  static byte[] encode(byte[] bytes) {
    return escaped(bytes, END_LENGTH);
  }

  /** What the encodings of exactly those bytes begin with that begin with these. */
  static byte[] encodeBeginning(byte[] bytes) {
    return escaped(bytes, 0);
  }

  private static byte[] escaped(byte[] bytes, int zerosBehind) {
    byte[] result = new byte[bytes.length + zeros(bytes) + zerosBehind];
    int length = 0;
    for (byte b : bytes) {
      result[length++] = b;
      if (b == ZERO) {
        result[length++] = ESCAPED;
      }
    }
    return result;
  }

  /** Where the encoding that begins at {@code from} ends. */
  static int end(byte[] bytes, int from) {
    int i = from;
    while (i + 1 < bytes.length) {
      if (bytes[i] != ZERO) {
        i++;
      } else if (bytes[i + 1] == ESCAPED) {
        i += 2;
      } else if (bytes[i + 1] == ZERO) {
        return i + END_LENGTH;
      } else {
        break;
      }
    }
    throw malformed();
  }

  /** Refuses what {@link #encode} does not make. */
  static byte[] decode(byte[] bytes, int from, int to) {
    if (to - from < END_LENGTH || end(bytes, from) != to) {
      throw malformed();
    }
    byte[] result = new byte[to - from - END_LENGTH];
    int length = 0;
    for (int i = from; i < to - END_LENGTH; i++) {
      result[length++] = bytes[i];
      if (bytes[i] == ZERO) {
        i++; // the escape
      }
    }
    return Arrays.copyOf(result, length);
  }

  private static int zeros(byte[] bytes) {
    int count = 0;
    for (byte b : bytes) {
      if (b == ZERO) {
        count++;
      }
    }
    return count;
  }

  private static SerializationException malformed() {
    return new SerializationException("malformed key: a part of it has no end");
  }
}
