package org.macekv.internal.format;

/**
 * The header of a log record; its body follows. All integers are big-endian.
 *
 * <pre>
 *  offset  length  field
 *       0       4  header CRC: CRC32C of bytes 4 to 35, xor the store's salt
 *       4       4  body length
 *       8       8  position of the record's first byte
 *      16       8  highest position known to be synced when it was written
 *      24       4  header CRC of the record before it, 0 for the first
 *      28       4  body CRC: CRC32C of the body
 *      32       1  kind
 *      33       3  zero
 * </pre>
 */
public final class RecordLayout {
  /** Offset of the header CRC. */
  public static final int HEADER_CRC = 0;

  /** Offset of the body length. */
  public static final int BODY_LENGTH = 4;

  /** Offset of the position. */
  public static final int POSITION = 8;

  /** Offset of the synced position. */
  public static final int SYNCED_POSITION = 16;

  /** Offset of the previous record's header CRC. */
  public static final int PREVIOUS_HEADER_CRC = 24;

  /** Offset of the body CRC. */
  public static final int BODY_CRC = 28;

  /** Offset of the kind. */
  public static final int KIND = 32;

  /** Length of the header. */
  public static final int HEADER_LENGTH = 36;

  /** The longest body; longer ones are damage. */
  public static final int MAX_BODY_LENGTH = 4 << 20;

  /** Kind: the writes of one transaction, or the last part of them. */
  public static final byte COMMIT = 1;

  /** Kind: a part of a large value. */
  public static final byte VALUE = 2;

  /** Kind: writes of a transaction whose commit record follows. */
  public static final byte WRITES = 3;

  /** Kind: says how far the log was synced, and nothing else; it has no body. */
  public static final byte MARK = 4;

  private RecordLayout() {}

  /**
   * Completes a header whose kind, body length and body CRC are there.
   *
   * @return the header CRC
   */
  public static int seal(
      byte[] record, long position, long syncedPosition, int previousHeaderCrc, int salt) {
    BigEndian.putLong(record, POSITION, position);
    BigEndian.putLong(record, SYNCED_POSITION, syncedPosition);
    BigEndian.putInt(record, PREVIOUS_HEADER_CRC, previousHeaderCrc);
    int crc = headerCrc(record, 0, salt);
    BigEndian.putInt(record, HEADER_CRC, crc);
    return crc;
  }

  /** Stores kind, body length and body CRC of a record whose body is complete. */
  public static void prepare(byte[] record, byte kind) {
    int bodyLength = record.length - HEADER_LENGTH;
    record[KIND] = kind;
    BigEndian.putInt(record, BODY_LENGTH, bodyLength);
    BigEndian.putInt(record, BODY_CRC, Crc.of(record, HEADER_LENGTH, bodyLength));
  }

  /** The CRC that the header at {@code offset} should have. */
  public static int headerCrc(byte[] bytes, int offset, int salt) {
    return Crc.of(bytes, offset + BODY_LENGTH, HEADER_LENGTH - BODY_LENGTH) ^ salt;
  }
}
