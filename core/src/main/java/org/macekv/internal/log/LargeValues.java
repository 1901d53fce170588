package org.macekv.internal.log;

import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import org.macekv.error.CorruptionException;
import org.macekv.error.LimitExceededException;
import org.macekv.error.StoreIOException;
import org.macekv.internal.format.BigEndian;
import org.macekv.internal.format.CommitLayout;
import org.macekv.internal.format.Crc;
import org.macekv.internal.format.LargeValue;
import org.macekv.internal.format.RecordLayout;

/**
 * Values over the inline limit: written once, as value records ahead of the commit that refers to
 * them, and read from there for good.
 */
public final class LargeValues {
  /** Bytes that are accepted before the writer helps to write them. */
  private static final int WRITE_EVERY = 4 << 20;

  private final CommitLog log;
  private final LongAdder appendedBytes = new LongAdder();

  /** The large values of a log. */
  public LargeValues(CommitLog log) {
    this.log = log;
  }

  /** How many bytes of values were appended. */
  public long appendedBytes() {
    return appendedBytes.sum();
  }

  /** Where a value comes from, piece by piece. */
  @FunctionalInterface
  public interface Source {
    /**
     * Reads the next bytes.
     *
     * @return how many; fewer than {@code length} only at the end of the value
     */
    int read(byte[] target, int from, int length);

    /** How many bytes there are left at most, as far as that is known. */
    default int left() {
      return Integer.MAX_VALUE;
    }

    /** A source that reads from an array. */
    static Source of(byte[] value) {
      return new ArraySource(value);
    }
  }

  /** Reads from an array. */
  private static final class ArraySource implements Source {
    private final byte[] value;
    private int next;

    ArraySource(byte[] value) {
      this.value = value;
    }

    @Override
    public int read(byte[] target, int from, int length) {
      int count = Math.min(length, left());
      System.arraycopy(value, next, target, from, count);
      next += count;
      return count;
    }

    @Override
    public int left() {
      return value.length - next;
    }
  }

  /**
   * Appends a value and returns when it is written (not synced: that comes with its commit), so
   * that it can be read from the file from now on. Never more than one record of it is in memory.
   *
   * @param source the value
   * @param maxLength the longest value that is allowed
   * @throws LimitExceededException if it is longer; what was appended means nothing then
   */
  public LargeValue append(int bucketId, byte[] key, Source source, int maxLength) {
    log.headroom().checkNotSpent();
    int prefixLength = CommitLayout.valuePrefixLength(bucketId, key);
    int chunkAt = RecordLayout.HEADER_LENGTH + prefixLength;
    Runs runs = new Runs(false);
    long length = 0;
    int chunk;
    do {
      int room = Math.min(LargeValue.CHUNK_LENGTH, source.left());
      byte[] record = new byte[chunkAt + room];
      chunk = source.read(record, chunkAt, room);
      if (length + chunk > maxLength) {
        throw new LimitExceededException(
            "the length in bytes of a value that is read from a stream", maxLength, length + chunk);
      }
      if (chunk > 0) {
        runs.append(record(record, bucketId, key, length, chunkAt + chunk));
        appendedBytes.add(chunk);
      }
      length += chunk;
    } while (chunk == LargeValue.CHUNK_LENGTH);
    return runs.finish((int) length, chunkAt + LargeValue.CHUNK_LENGTH);
  }

  /** Appends records and notes where they are. */
  private final class Runs {
    private final boolean givesSpace;
    private long[] starts = new long[4];
    private int[] counts = new int[4];
    private int runs;
    private long end = -1;
    private long unwritten;

    Runs(boolean givesSpace) {
      this.givesSpace = givesSpace;
    }

    void append(byte[] record) {
      long start = LargeValues.this.append(record, givesSpace);
      // A run lies in one segment, so that what it needs of the log is known by its beginning.
      if (start != end || log.beginsSegment(start)) {
        if (runs == starts.length) {
          starts = Arrays.copyOf(starts, 2 * runs);
          counts = Arrays.copyOf(counts, 2 * runs);
        }
        starts[runs++] = start;
      }
      counts[runs - 1]++;
      end = start + record.length;
      unwritten += record.length;
      if (unwritten >= WRITE_EVERY) {
        log.awaitAhead(end);
        unwritten = 0;
      }
    }

    LargeValue finish(int length, int recordLength) {
      log.awaitAhead(end);
      return new LargeValue(
          length, recordLength, Arrays.copyOf(starts, runs), Arrays.copyOf(counts, runs));
    }
  }

  /** Completes a record that has its chunk; cut off at a length. */
  private static byte[] record(
      byte[] withChunk, int bucketId, byte[] key, long offset, int length) {
    byte[] record = length == withChunk.length ? withChunk : Arrays.copyOf(withChunk, length);
    CommitLayout.putValuePrefix(record, RecordLayout.HEADER_LENGTH, bucketId, key, offset);
    RecordLayout.prepare(record, RecordLayout.VALUE);
    return record;
  }

  /** One record, one turn in the section. */
  private long append(byte[] record, boolean givesSpace) {
    log.enter(record.length, givesSpace);
    try {
      return log.append(record) - record.length;
    } finally {
      log.section().unlock();
    }
  }

  /**
   * The value.
   *
   * @throws CorruptionException if what is in the file does not fit its checksums
   */
  public byte[] read(LargeValue value) {
    byte[] result = new byte[value.length()];
    read(value, result, 0);
    return result;
  }

  /** Reads a value into an array that has room for it. */
  public void read(LargeValue value, byte[] target, int targetOffset) {
    byte[] record = new byte[value.recordLength()];
    int offset = 0;
    for (int run = 0; run < value.starts().length; run++) {
      long position = value.starts()[run];
      for (int i = 0; i < value.counts()[run]; i++) {
        int chunk = value.chunkLength(offset);
        int length = value.chunkOffset() + chunk;
        readRecord(position, record, length);
        System.arraycopy(record, length - chunk, target, targetOffset + offset, chunk);
        offset += chunk;
        position += length;
      }
    }
  }

  /**
   * Reads the record with the chunk of a value that begins at an offset in the value.
   *
   * @param record has room for {@link LargeValue#recordLength} bytes; the chunk comes to lie in it
   *     at {@link LargeValue#chunkOffset}
   * @return the chunk's length
   */
  public int readChunk(LargeValue value, int offset, byte[] record) {
    int chunk = value.chunkLength(offset);
    readRecord(
        value.recordPosition(offset / LargeValue.CHUNK_LENGTH),
        record,
        value.chunkOffset() + chunk);
    return chunk;
  }

  /**
   * Appends the same value once more, and returns where it is now when it is written (not synced).
   * Never more than one record of it is in memory.
   *
   * @throws CorruptionException if what is in the file does not fit its checksums
   */
  public LargeValue copy(LargeValue value) {
    Runs runs = new Runs(true); // that is what cleaning does
    int left = value.length();
    for (int run = 0; run < value.starts().length; run++) {
      long position = value.starts()[run];
      for (int i = 0; i < value.counts()[run]; i++) {
        int chunk = Math.min(LargeValue.CHUNK_LENGTH, left);
        byte[] record = new byte[value.recordLength() - LargeValue.CHUNK_LENGTH + chunk];
        readRecord(position, record, record.length);
        position += record.length;
        left -= chunk;
        runs.append(record);
      }
    }
    return runs.finish(value.length(), value.recordLength());
  }

  private void readRecord(long position, byte[] record, int length) {
    Segment segment = log.segmentOf(position);
    long offset = segment.fileOffset(position);
    int read;
    try {
      read = segment.read(log, offset, record, length);
    } catch (StoreIOException e) {
      log.checkNotClosed(); // files that were closed under a read refuse it
      throw e;
    }
    String problem = null;
    if (read < length) {
      problem = "a value record of " + length + " bytes ends after " + read;
    } else if (BigEndian.getInt(record, RecordLayout.HEADER_CRC)
            != RecordLayout.headerCrc(record, 0, log.salt())
        || BigEndian.getLong(record, RecordLayout.POSITION) != position
        || BigEndian.getInt(record, RecordLayout.BODY_LENGTH) != length - RecordLayout.HEADER_LENGTH
        || record[RecordLayout.KIND] != RecordLayout.VALUE) {
      problem = "no header of a value record of " + length + " bytes at position " + position;
    } else if (BigEndian.getInt(record, RecordLayout.BODY_CRC)
        != Crc.of(record, RecordLayout.HEADER_LENGTH, length - RecordLayout.HEADER_LENGTH)) {
      problem = "the checksum of a value record's body does not fit";
    }
    if (problem != null) {
      throw new CorruptionException(log.storage().describe(segment.file()), offset, problem);
    }
  }
}
