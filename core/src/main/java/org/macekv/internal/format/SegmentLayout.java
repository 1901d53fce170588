package org.macekv.internal.format;

import java.util.UUID;

/**
 * The header of a log segment file; records follow, then zeros that are reserved space. All
 * integers are big-endian.
 *
 * <pre>
 *  offset  length  field
 *       0       8  magic "MACE.LOG"
 *       8       4  format version
 *      12       4  zero
 *      16      16  store id
 *      32       8  position of the first record, also the file's name
 *      40       8  creation time, milliseconds since 1970
 *      48       4  header CRC of the last record before it, 0 for none
 *      52       8  highest position known to be synced when the segment was created
 *      60       4  CRC32C of bytes 0 to 59
 * </pre>
 */
public final class SegmentLayout {
  /** The magic: "MACE.LOG". */
  public static final long MAGIC = 0x4d4143452e4c4f47L;

  /** The format version that this release writes, and the only one so far. */
  public static final int FORMAT_VERSION = 1;

  /** Offset of the magic. */
  public static final int MAGIC_OFFSET = 0;

  /** Offset of the format version. */
  public static final int VERSION = 8;

  /** Offset of the store id. */
  public static final int STORE_ID = 16;

  /** Offset of the first position. */
  public static final int FIRST_POSITION = 32;

  /** Offset of the creation time. */
  public static final int CREATED = 40;

  /** Offset of the header CRC of the record before the segment. */
  public static final int PREVIOUS_HEADER_CRC = 48;

  /** Offset of the synced position. */
  public static final int SYNCED_POSITION = 52;

  /** Offset of the CRC. */
  public static final int CRC = 60;

  /** Length of the header. */
  public static final int HEADER_LENGTH = 64;

  private SegmentLayout() {}

  /** A header. */
  public static byte[] encode(
      UUID storeId,
      long firstPosition,
      long createdMillis,
      int previousHeaderCrc,
      long syncedPosition) {
    byte[] header = new byte[HEADER_LENGTH];
    BigEndian.putLong(header, MAGIC_OFFSET, MAGIC);
    BigEndian.putInt(header, VERSION, FORMAT_VERSION);
    BigEndian.putLong(header, STORE_ID, storeId.getMostSignificantBits());
    BigEndian.putLong(header, STORE_ID + 8, storeId.getLeastSignificantBits());
    BigEndian.putLong(header, FIRST_POSITION, firstPosition);
    BigEndian.putLong(header, CREATED, createdMillis);
    BigEndian.putInt(header, PREVIOUS_HEADER_CRC, previousHeaderCrc);
    BigEndian.putLong(header, SYNCED_POSITION, syncedPosition);
    BigEndian.putInt(header, CRC, Crc.of(header, 0, CRC));
    return header;
  }

  /** The store id in a header. */
  public static UUID storeId(byte[] header) {
    return new UUID(BigEndian.getLong(header, STORE_ID), BigEndian.getLong(header, STORE_ID + 8));
  }

  /**
   * What record header CRCs of a store are mixed with, so that another store's records don't fit.
   */
  public static int salt(UUID storeId) {
    byte[] bytes = new byte[16];
    BigEndian.putLong(bytes, 0, storeId.getMostSignificantBits());
    BigEndian.putLong(bytes, 8, storeId.getLeastSignificantBits());
    return Crc.of(bytes, 0, 16);
  }

  /** The name of the file whose first record is at {@code position}. */
  public static String fileName(long position) {
    return String.format("%016x.log", position);
  }
}
