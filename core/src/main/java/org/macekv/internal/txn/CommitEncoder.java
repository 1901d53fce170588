package org.macekv.internal.txn;

import java.util.ArrayList;
import java.util.List;
import org.macekv.internal.format.CommitLayout;
import org.macekv.internal.format.RecordLayout;
import org.macekv.internal.format.Varint;
import org.macekv.internal.tree.Write;

/** Turns writes into records, complete but for their place in the log. */
final class CommitEncoder {
  /** Writes beyond this many bytes go into WRITES records ahead of the commit record. */
  static final int PART_BYTES = 512 << 10;

  private CommitEncoder() {}

  /** One write and its bucket. */
  private record Item(StoredBucket bucket, Write write) {}

  /** Writes that go into one record. */
  static final class Part {
    private final List<Item> items = new ArrayList<>();
    private int length;

    /** The record of a part that is not the last. */
    byte[] writesRecord(long previousPart) {
      long link = previousPart + 1;
      byte[] record = new byte[RecordLayout.HEADER_LENGTH + Varint.length(link) + length];
      encode(record, Varint.put(record, RecordLayout.HEADER_LENGTH, link));
      RecordLayout.prepare(record, RecordLayout.WRITES);
      return record;
    }

    /** The record of the last part. */
    byte[] commitRecord(long previousPart, int parts) {
      long link = previousPart + 1;
      byte[] record =
          new byte
              [RecordLayout.HEADER_LENGTH + Varint.length(link) + Varint.length(parts) + length];
      int at = Varint.put(record, RecordLayout.HEADER_LENGTH, link);
      encode(record, Varint.put(record, at, parts));
      RecordLayout.prepare(record, RecordLayout.COMMIT);
      return record;
    }

    private void encode(byte[] record, int offset) {
      int at = offset;
      for (Item item : items) {
        Write write = item.write;
        at =
            CommitLayout.putWrite(
                record, at, item.bucket.id(), write.key(), write.value(), write.existed());
      }
      assert at == record.length;
    }
  }

  /** All writes in parts of bounded size, at least one. */
  static List<Part> parts(WriteSet writes) {
    List<Part> parts = new ArrayList<>();
    Part part = new Part();
    for (WriteSet.BucketWrites each : writes.inOrder()) {
      for (Write write : each.writes().values()) {
        int length = CommitLayout.writeLength(each.bucket().id(), write.key(), write.value());
        if (part.length + length > PART_BYTES && !part.items.isEmpty()) {
          parts.add(part);
          part = new Part();
        }
        part.items.add(new Item(each.bucket(), write));
        part.length += length;
      }
    }
    parts.add(part);
    return parts;
  }
}
