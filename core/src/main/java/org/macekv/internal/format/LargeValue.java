package org.macekv.internal.format;

/**
 * Where a value over the inline limit is in the log: runs of value records that lie one behind the
 * other, all with full chunks but the last of the last run. Immutable.
 *
 * @param length the value's length in bytes
 * @param recordLength the length of a record with a full chunk, in bytes
 * @param starts the position of each run's first record
 * @param counts the number of records in each run
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, never handed to users
public record LargeValue(int length, int recordLength, long[] starts, int[] counts) {
  /** Bytes of the value in a full chunk. */
  public static final int CHUNK_LENGTH = 60 << 10;

  /** Bytes of the log that a run of records takes. */
  public long runBytes(int run) {
    long bytes = (long) counts[run] * recordLength;
    if (run == counts.length - 1) {
      int rest = length % CHUNK_LENGTH;
      bytes -= rest == 0 ? 0 : CHUNK_LENGTH - rest;
    }
    return bytes;
  }

  /** Where the chunk lies in each record. */
  public int chunkOffset() {
    return recordLength - CHUNK_LENGTH;
  }

  /** The length of the chunk that begins at an offset in the value. */
  public int chunkLength(int offset) {
    return Math.min(CHUNK_LENGTH, length - offset);
  }

  /** The position of the record with the chunk at an index. */
  public long recordPosition(int index) {
    int left = index;
    for (int run = 0; run < counts.length; run++) {
      if (left < counts[run]) {
        return starts[run] + (long) left * recordLength;
      }
      left -= counts[run];
    }
    throw new IndexOutOfBoundsException(index);
  }

  /** Bytes that the pointer takes in a commit record. */
  public int encodedLength() {
    int total = Varint.length(length) + Varint.length(recordLength) + Varint.length(starts.length);
    for (int i = 0; i < starts.length; i++) {
      total += Varint.length(starts[i]) + Varint.length(counts[i]);
    }
    return total;
  }

  /** Stores the pointer and returns the offset behind it. */
  public int encode(byte[] target, int offset) {
    int at = Varint.put(target, offset, length);
    at = Varint.put(target, at, recordLength);
    at = Varint.put(target, at, starts.length);
    for (int i = 0; i < starts.length; i++) {
      at = Varint.put(target, at, starts[i]);
      at = Varint.put(target, at, counts[i]);
    }
    return at;
  }
}
