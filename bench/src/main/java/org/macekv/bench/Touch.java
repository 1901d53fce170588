package org.macekv.bench;

import java.nio.ByteBuffer;

/**
 * What a reader does with the bytes that it gets. A store that only hands out references to arrays
 * somewhere in the heap would otherwise be timed without the cache misses that whoever uses the
 * bytes has to pay; a store that hands out fresh copies has paid them already.
 */
final class Touch {
  private Touch() {}

  /** A number from the length, the first and the last byte of a value. */
  static long value(byte[] value) {
    return bytes(value, value.length);
  }

  private static long bytes(byte[] bytes, int length) {
    return (long) length + bytes[0] + bytes[length - 1];
  }

  /** A number from the lengths, the first and the last bytes of a key and its value. */
  static long entry(byte[] key, byte[] value) {
    return entry(key, key.length, value, value.length);
  }

  /** The same of a key that is the first bytes of a longer array, and a value in a buffer. */
  static long entry(byte[] key, int keyLength, ByteBuffer value) {
    int length = value.limit();
    return bytes(key, keyLength) * 31 + length + value.get(0) + value.get(length - 1);
  }

  /** The same of a key and a value that are the first bytes of longer arrays. */
  static long entry(byte[] key, int keyLength, byte[] value, int valueLength) {
    return bytes(key, keyLength) * 31 + bytes(value, valueLength);
  }
}
