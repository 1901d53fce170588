package org.macekv.internal.format;

import java.util.Arrays;

/**
 * Reads fields out of bytes that passed their checksum but are checked all the same: whatever does
 * not fit gives {@link MalformedException}, which the caller turns into a {@code
 * CorruptionException} with file and offset.
 */
public final class ByteReader {
  private final byte[] source;
  private final int end;
  private int at;

  /** Reads from {@code offset} up to {@code end}. */
  public ByteReader(byte[] source, int offset, int end) {
    this.source = source;
    this.at = offset;
    this.end = end;
  }

  /** The bytes do not have the form that they should have. */
  public static final class MalformedException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedException(String message) {
      super(message);
    }
  }

  /** A complaint about what was read. */
  public MalformedException malformed(String message) {
    return new MalformedException(message);
  }

  /** Whether there is more. */
  public boolean hasMore() {
    return at < end;
  }

  /** The offset of the next field. */
  public int offset() {
    return at;
  }

  /** One byte. */
  public byte readByte() throws MalformedException {
    need(1);
    return source[at++];
  }

  /** An unsigned integer of variable length, at most {@code limit}. */
  public int readInt(String field, int limit) throws MalformedException {
    long value = readLong(field);
    if (value < 0 || value > limit) {
      throw new MalformedException(field + " is " + value + ", expected 0 to " + limit);
    }
    return (int) value;
  }

  /** An unsigned integer of variable length. */
  public long readLong(String field) throws MalformedException {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      byte b = readByte();
      value |= (b & 0x7fL) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw new MalformedException(field + " is longer than 10 bytes");
  }

  /** {@code length} bytes. */
  public byte[] readBytes(int length) throws MalformedException {
    need(length);
    byte[] bytes = Arrays.copyOfRange(source, at, at + length);
    at += length;
    return bytes;
  }

  /** A large value's pointer. */
  public LargeValue readLargeValue() throws MalformedException {
    int length = readInt("length of a large value", 1 << 30);
    int recordLength = readInt("record length of a large value", RecordLayout.MAX_BODY_LENGTH);
    int runs = readInt("number of runs of a large value", end - at);
    long[] starts = new long[runs];
    int[] counts = new int[runs];
    for (int i = 0; i < runs; i++) {
      starts[i] = readLong("position of a run");
      counts[i] = readInt("length of a run", Integer.MAX_VALUE);
    }
    return new LargeValue(length, recordLength, starts, counts);
  }

  private void need(int length) throws MalformedException {
    if (end - at < length) {
      throw new MalformedException(
          "a field of " + length + " bytes at " + at + " does not fit in " + end);
    }
  }
}
