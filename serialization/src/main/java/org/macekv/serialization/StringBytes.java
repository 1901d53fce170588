package org.macekv.serialization;

import java.util.Arrays;

/**
 * A string as bytes whose unsigned order is that of {@link String#compareTo}, and from which every
 * string comes back, lone surrogates included.
 *
 * <p>Each UTF-16 code unit is written by itself in the shortest of UTF-8's forms of one, two and
 * three bytes. So text without supplementary characters is plain UTF-8, and a supplementary
 * character takes six bytes, as two surrogates. UTF-8 proper would order it above U+E000 to U+FFFF,
 * where {@code compareTo} has it below.
 */
final class StringBytes {
  private static final int ONE_BYTE_LIMIT = 0x80;
  private static final int TWO_BYTE_LIMIT = 0x800;

  private StringBytes() {}

  /** Whether each character is a byte of its own in UTF-8. */
  static boolean isAscii(String string) {
    for (int i = 0; i < string.length(); i++) {
      if (string.charAt(i) >= ONE_BYTE_LIMIT) {
        return false;
      }
    }
    return true;
  }

  static byte[] encode(String string) {
    byte[] bytes = new byte[encodedLength(string)];
    int at = 0;
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      if (c < ONE_BYTE_LIMIT) {
        bytes[at++] = (byte) c;
      } else if (c < TWO_BYTE_LIMIT) {
        bytes[at++] = (byte) (0xC0 | (c >> 6));
        bytes[at++] = (byte) (0x80 | (c & 0x3F));
      } else {
        bytes[at++] = (byte) (0xE0 | (c >> 12));
        bytes[at++] = (byte) (0x80 | ((c >> 6) & 0x3F));
        bytes[at++] = (byte) (0x80 | (c & 0x3F));
      }
    }
    return bytes;
  }

  /** Refuses what {@link #encode} does not make: other forms would be other orders. */
  static String decode(byte[] bytes) {
    char[] chars = new char[bytes.length];
    int count = 0;
    int at = 0;
    while (at < bytes.length) {
      int first = bytes[at];
      int length = first >= 0 ? 1 : (first & 0xE0) == 0xC0 ? 2 : (first & 0xF0) == 0xE0 ? 3 : 0;
      if (length == 0 || length > bytes.length - at) {
        throw malformed(bytes, at);
      }
      chars[count++] = length == 1 ? (char) first : unit(bytes, at, length);
      at += length;
    }
    return new String(chars, 0, count);
  }

  private static char unit(byte[] bytes, int at, int length) {
    int unit =
        length == 2 ? bytes[at] & 0x1F : ((bytes[at] & 0x0F) << 6) | continuation(bytes, at + 1);
    unit = (unit << 6) | continuation(bytes, at + length - 1);
    if (unit < (length == 2 ? ONE_BYTE_LIMIT : TWO_BYTE_LIMIT)) {
      throw malformed(bytes, at);
    }
    return (char) unit;
  }

  private static int continuation(byte[] bytes, int at) {
    if ((bytes[at] & 0xC0) != 0x80) {
      throw malformed(bytes, at);
    }
    return bytes[at] & 0x3F;
  }

  private static int encodedLength(String string) {
    int length = string.length();
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      length += c < ONE_BYTE_LIMIT ? 0 : c < TWO_BYTE_LIMIT ? 1 : 2;
      if (length < 0) {
        throw new SerializationException(
            "a string of " + string.length() + " characters is too long for one array");
      }
    }
    return length;
  }

  private static SerializationException malformed(byte[] bytes, int at) {
    int end = Math.min(bytes.length, at + 3);
    return new SerializationException(
        "malformed string: unexpected bytes "
            + Arrays.toString(Arrays.copyOfRange(bytes, at, end))
            + " at offset "
            + at
            + " of "
            + bytes.length);
  }
}
