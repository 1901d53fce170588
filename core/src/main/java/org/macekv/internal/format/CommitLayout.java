package org.macekv.internal.format;

import org.jspecify.annotations.Nullable;

/**
 * The bodies of the log's records. Integers are {@linkplain Varint of variable length} unless said
 * otherwise.
 *
 * <p>A commit record's body:
 *
 * <pre>
 *   position of the transaction's last WRITES record plus 1, 0 if it has none
 *   number of its WRITES records
 *   writes, to the end of the body
 * </pre>
 *
 * <p>A WRITES record's body:
 *
 * <pre>
 *   position of the transaction's WRITES record before this plus 1, 0 if this is its first
 *   writes, to the end of the body
 * </pre>
 *
 * <p>A write:
 *
 * <pre>
 *   bucket id
 *   1 B: bits 0 and 1 the operation, bit 2 set if the key had a value before
 *   key length, key
 *   PUT: value length, value
 *   PUT_LARGE: length, record length, number of runs, for each: position, number of records
 * </pre>
 *
 * <p>A VALUE record's body:
 *
 * <pre>
 *   bucket id
 *   key length, key
 *   8 B, big-endian: offset of the chunk in the value
 *   the chunk, to the end of the body
 * </pre>
 */
public final class CommitLayout {
  /** Operation: sets a value that follows. */
  public static final int PUT = 0;

  /** Operation: sets a value that lies in value records. */
  public static final int PUT_LARGE = 1;

  /** Operation: removes the key. */
  public static final int DELETE = 2;

  /** The bits of the operation. */
  public static final int OPERATION_MASK = 3;

  /** Set if the key had a value before. */
  public static final int EXISTED = 4;

  private CommitLayout() {}

  /** Bytes that a write takes. */
  public static int writeLength(int bucketId, byte[] key, @Nullable Object value) {
    int length = Varint.length(bucketId) + 1 + Varint.length(key.length) + key.length;
    if (value instanceof byte[] bytes) {
      return length + Varint.length(bytes.length) + bytes.length;
    }
    return value instanceof LargeValue large ? length + large.encodedLength() : length;
  }

  /** Stores a write and returns the offset behind it. No value is a deletion. */
  public static int putWrite(
      byte[] target,
      int offset,
      int bucketId,
      byte[] key,
      @Nullable Object value,
      boolean existed) {
    int operation =
        value instanceof byte[] ? PUT : value instanceof LargeValue ? PUT_LARGE : DELETE;
    int at = Varint.put(target, offset, bucketId);
    target[at++] = (byte) (operation | (existed ? EXISTED : 0));
    at = Varint.put(target, at, key.length);
    System.arraycopy(key, 0, target, at, key.length);
    at += key.length;
    if (value instanceof byte[] bytes) {
      at = Varint.put(target, at, bytes.length);
      System.arraycopy(bytes, 0, target, at, bytes.length);
      return at + bytes.length;
    }
    return value instanceof LargeValue large ? large.encode(target, at) : at;
  }

  /** Bytes of a VALUE record's body before the chunk. */
  public static int valuePrefixLength(int bucketId, byte[] key) {
    return Varint.length(bucketId) + Varint.length(key.length) + key.length + 8;
  }

  /** Stores what comes before the chunk in a VALUE record's body; returns the offset behind it. */
  public static int putValuePrefix(
      byte[] target, int offset, int bucketId, byte[] key, long chunkOffset) {
    int at = Varint.put(target, offset, bucketId);
    at = Varint.put(target, at, key.length);
    System.arraycopy(key, 0, target, at, key.length);
    at += key.length;
    BigEndian.putLong(target, at, chunkOffset);
    return at + 8;
  }
}
