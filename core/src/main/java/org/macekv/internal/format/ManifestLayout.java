package org.macekv.internal.format;

import java.util.UUID;

/**
 * A manifest file: a header, then records, each a complete statement of a checkpoint. All integers
 * are big-endian.
 *
 * <p>The header:
 *
 * <pre>
 *  offset  length  field
 *       0       8  magic "MACE.MAN"
 *       8       4  format version
 *      12       4  zero
 *      16      16  store id
 *      32       8  number of the file, also its name
 *      40       4  CRC32C of bytes 0 to 39
 * </pre>
 *
 * <p>A record:
 *
 * <pre>
 *       0       4  CRC32C of bytes 4 to the record's end, xor the store's salt
 *       4       4  length of the record in bytes
 *       8       8  position of the checkpoint
 *      16       8  position from which the log is replayed
 *      24       1  1 if the log may be read from there, else 0 and the segment is read from its
 *                  beginning
 *      25       3  zero
 *      28       4  header CRC of the log record before that position
 *      32       4  number of the last page file
 *      36          varint number of page files, for each: varint number, varint length
 *                  varint number of buckets, for each:
 *                    varint id, varint count of entries, 1 B: 1 if there is a root
 *                    if so: 1 B level, varints file, offset and length of the root's image
 *                    varint number of page files with live images: for each varint number, varint
 *                    live bytes
 *                    varint number of log segments with live values: for each varint first
 *                    position, varint live bytes
 * </pre>
 */
public final class ManifestLayout {
  /** The name of a file that has not got its first record yet. */
  public static final String UNFINISHED = "MANIFEST.tmp";

  /** The magic: "MACE.MAN". */
  public static final long MAGIC = 0x4d4143452e4d414eL;

  /** The format version that this release writes, and the only one so far. */
  public static final int FORMAT_VERSION = 1;

  /** Offset of the magic. */
  public static final int MAGIC_OFFSET = 0;

  /** Offset of the format version. */
  public static final int VERSION = 8;

  /** Offset of the store id. */
  public static final int STORE_ID = 16;

  /** Offset of the file's number. */
  public static final int NUMBER = 32;

  /** Offset of the header's CRC. */
  public static final int HEADER_CRC = 40;

  /** Length of the header. */
  public static final int HEADER_LENGTH = 44;

  /** Offset of a record's CRC. */
  public static final int CRC = 0;

  /** Offset of a record's length. */
  public static final int LENGTH = 4;

  /** Offset of the position. */
  public static final int POSITION = 8;

  /** Offset of the position from which the log is replayed. */
  public static final int REPLAY_FROM = 16;

  /** Offset of the mark of an exact start. */
  public static final int EXACT = 24;

  /** Offset of the header CRC of the log record before. */
  public static final int LOG_CRC = 28;

  /** Offset of the number of the last page file. */
  public static final int LAST_PAGE_FILE = 32;

  /** Offset of what follows. */
  public static final int LISTS = 36;

  private ManifestLayout() {}

  /** A header. */
  public static byte[] encodeHeader(UUID storeId, long number) {
    byte[] header = new byte[HEADER_LENGTH];
    BigEndian.putLong(header, MAGIC_OFFSET, MAGIC);
    BigEndian.putInt(header, VERSION, FORMAT_VERSION);
    BigEndian.putLong(header, STORE_ID, storeId.getMostSignificantBits());
    BigEndian.putLong(header, STORE_ID + 8, storeId.getLeastSignificantBits());
    BigEndian.putLong(header, NUMBER, number);
    BigEndian.putInt(header, HEADER_CRC, Crc.of(header, 0, HEADER_CRC));
    return header;
  }

  /** The name of the file with a number. */
  public static String fileName(long number) {
    return String.format("MANIFEST-%016x", number);
  }
}
