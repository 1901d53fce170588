package org.macekv.internal.format;

import java.util.UUID;

/**
 * The header of a page file; page images follow, one behind the other. All integers are big-endian.
 *
 * <pre>
 *  offset  length  field
 *       0       8  magic "MACE.PGS"
 *       8       4  format version
 *      12       4  number of the file, also its name
 *      16      16  store id
 *      32       4  CRC32C of bytes 0 to 31
 * </pre>
 */
public final class PageFileLayout {
  /** The magic: "MACE.PGS". */
  public static final long MAGIC = 0x4d4143452e504753L;

  /** The format version that this release writes, and the only one so far. */
  public static final int FORMAT_VERSION = 1;

  /** Offset of the magic. */
  public static final int MAGIC_OFFSET = 0;

  /** Offset of the format version. */
  public static final int VERSION = 8;

  /** Offset of the file's number. */
  public static final int NUMBER = 12;

  /** Offset of the store id. */
  public static final int STORE_ID = 16;

  /** Offset of the CRC. */
  public static final int CRC = 32;

  /** Length of the header. */
  public static final int HEADER_LENGTH = 36;

  private PageFileLayout() {}

  /** A header. */
  public static byte[] encode(UUID storeId, int number) {
    byte[] header = new byte[HEADER_LENGTH];
    BigEndian.putLong(header, MAGIC_OFFSET, MAGIC);
    BigEndian.putInt(header, VERSION, FORMAT_VERSION);
    BigEndian.putInt(header, NUMBER, number);
    BigEndian.putLong(header, STORE_ID, storeId.getMostSignificantBits());
    BigEndian.putLong(header, STORE_ID + 8, storeId.getLeastSignificantBits());
    BigEndian.putInt(header, CRC, Crc.of(header, 0, CRC));
    return header;
  }

  /** The name of the file with a number. */
  public static String fileName(int number) {
    return String.format("%010d.pages", number);
  }
}
