package org.macekv.internal.format;

/**
 * Where a page image lies.
 *
 * @param file the number of the page file, 1 or more
 * @param offset the offset in the file, in bytes
 * @param length the image's length in bytes
 */
public record PageAddress(int file, int offset, int length) {
  /** Stores the address at {@code at}, 12 bytes. */
  public void put(byte[] target, int at) {
    BigEndian.putInt(target, at, file);
    BigEndian.putInt(target, at + 4, offset);
    BigEndian.putInt(target, at + 8, length);
  }

  /** The address at {@code at}. */
  public static PageAddress get(byte[] source, int at) {
    return new PageAddress(
        BigEndian.getInt(source, at),
        BigEndian.getInt(source, at + 4),
        BigEndian.getInt(source, at + 8));
  }
}
