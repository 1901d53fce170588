package org.macekv.internal.io;

/** The checks of arguments that every read and write makes. */
final class Range {
  private Range() {}

  static void require(long offset, byte[] bytes, int from, int length) {
    if (offset < 0) {
      throw new IllegalArgumentException("negative file offset: " + offset);
    }
    if (from < 0 || length < 0 || length > bytes.length - from) {
      throw new IndexOutOfBoundsException(
          length + " bytes from " + from + " of an array of " + bytes.length);
    }
  }

  static void requireLength(long length) {
    if (length < 0) {
      throw new IllegalArgumentException("negative file length: " + length);
    }
  }
}
