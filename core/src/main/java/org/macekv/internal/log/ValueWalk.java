package org.macekv.internal.log;

import org.macekv.error.CorruptionException;
import org.macekv.internal.format.BigEndian;
import org.macekv.internal.format.ByteReader;
import org.macekv.internal.format.ByteReader.MalformedException;
import org.macekv.internal.format.RecordLayout;
import org.macekv.internal.format.SegmentLayout;
import org.macekv.internal.io.ReadableFile;

/** Goes over the value records of a segment that has ended, to find out whose values are in it. */
public final class ValueWalk {
  private static final int MAX_KEY_BYTES = 64 << 10;

  private ValueWalk() {}

  /** Told whose value a record is a part of. */
  @FunctionalInterface
  public interface Visitor {
    /** Takes a bucket's id and a key; false ends the walk. */
    boolean value(int bucketId, byte[] key);
  }

  /**
   * Visits the value records of a segment, first to last.
   *
   * @throws CorruptionException if a record's header does not fit
   */
  public static void over(CommitLog log, CommitLog.Extent extent, Visitor visitor) {
    String file = Segment.DIRECTORY + "/" + SegmentLayout.fileName(extent.first());
    try (ReadableFile in = log.storage().open(file)) {
      SegmentReader reader = new SegmentReader(in);
      byte[] header = new byte[RecordLayout.HEADER_LENGTH];
      long position = extent.first();
      while (position < extent.end()) {
        long offset = position - extent.first() + SegmentLayout.HEADER_LENGTH;
        if (reader.isZero(offset)) {
          return;
        }
        if (!reader.copy(offset, header)
            || BigEndian.getInt(header, RecordLayout.HEADER_CRC)
                != RecordLayout.headerCrc(header, 0, log.salt())
            || BigEndian.getLong(header, RecordLayout.POSITION) != position) {
          throw new CorruptionException(
              log.storage().describe(file), offset, "the header of a record does not fit");
        }
        int bodyLength = BigEndian.getInt(header, RecordLayout.BODY_LENGTH);
        if (header[RecordLayout.KIND] == RecordLayout.VALUE
            && !visit(reader, offset + header.length, bodyLength, visitor, log, file)) {
          return;
        }
        position += header.length + bodyLength;
      }
    }
  }

  private static boolean visit(
      SegmentReader reader,
      long offset,
      int bodyLength,
      Visitor visitor,
      CommitLog log,
      String file) {
    byte[] prefix = new byte[Math.min(bodyLength, 512)];
    while (true) {
      try {
        if (!reader.copy(offset, prefix)) {
          break;
        }
        ByteReader fields = new ByteReader(prefix, 0, prefix.length);
        int bucketId = fields.readInt("bucket id", Integer.MAX_VALUE);
        int keyLength = fields.readInt("key length", MAX_KEY_BYTES);
        int needed = fields.offset() + keyLength;
        if (needed > prefix.length && needed <= bodyLength) {
          prefix = new byte[needed]; // a long key: again
          continue;
        }
        return visitor.value(bucketId, fields.readBytes(keyLength));
      } catch (MalformedException e) {
        break;
      }
    }
    throw new CorruptionException(
        log.storage().describe(file), offset, "the beginning of a value record makes no sense");
  }
}
