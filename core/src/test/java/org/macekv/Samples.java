package org.macekv;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Bytes for tests: made from text or a seed, and shown so that a reader of a failure can tell. */
final class Samples {
  /** How text is written as bytes. */
  static final Charset CHARSET = UTF_8;

  private static final int SHOWN_WHOLE_BYTES = 24;

  private Samples() {}

  /** The text in UTF-8. */
  static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  /** The bytes as text in UTF-8, null for null. */
  static @Nullable String text(byte @Nullable [] bytes) {
    return bytes == null ? null : new String(bytes, UTF_8);
  }

  /** The number as 8 bytes, so that the order of the bytes is the order of the numbers. */
  static byte[] number(long value) {
    byte[] bytes = new byte[Long.BYTES];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (value >>> (56 - 8 * i));
    }
    return bytes;
  }

  /** The number that {@link #number} made the bytes of. */
  static long toNumber(byte[] bytes) {
    long value = 0;
    for (byte b : bytes) {
      value = value << 8 | (b & 0xff);
    }
    return value;
  }

  /** {@code length} bytes that depend on the seed alone; the last one is never zero. */
  static byte[] value(int length, long seed) {
    byte[] value = new byte[length];
    new Random(seed).nextBytes(value);
    if (length > 0) {
      value[length - 1] |= 1;
    }
    return value;
  }

  /** An empty map in the order of keys. */
  static NavigableMap<byte[], byte[]> sortedMap() {
    return new TreeMap<>(Arrays::compareUnsigned);
  }

  /** For each key a list with its value, described; both can be added to. */
  static NavigableMap<byte[], List<String>> describedValues(SortedMap<byte[], byte[]> entries) {
    TreeMap<byte[], List<String>> described = new TreeMap<>(Arrays::compareUnsigned);
    entries.forEach((key, value) -> described.put(key, new ArrayList<>(List.of(describe(value)))));
    return described;
  }

  /** The bytes in short: in hexadecimal, or length, beginning and checksum if they are many. */
  static String describe(byte @Nullable [] bytes) {
    if (bytes == null) {
      return "none";
    }
    if (bytes.length <= SHOWN_WHOLE_BYTES) {
      return "x" + HexFormat.of().formatHex(bytes);
    }
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return "x"
        + HexFormat.of().formatHex(bytes, 0, 8)
        + "..("
        + bytes.length
        + " B, crc "
        + Long.toHexString(crc.getValue())
        + ")";
  }

  /** The keys that a cursor walks over from where it is, as text. */
  static List<String> keys(Cursor cursor) {
    List<String> keys = new ArrayList<>();
    while (cursor.next()) {
      keys.add(new String(cursor.key(), UTF_8));
    }
    return keys;
  }

  /** The entries that a cursor walks over from where it is, as {@code key=value} texts. */
  static List<String> entries(Cursor cursor) {
    List<String> entries = new ArrayList<>();
    while (cursor.next()) {
      entries.add(new String(cursor.key(), UTF_8) + "=" + new String(cursor.value(), UTF_8));
    }
    return entries;
  }
}
