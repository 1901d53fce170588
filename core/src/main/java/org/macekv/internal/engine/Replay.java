package org.macekv.internal.engine;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.macekv.error.CorruptionException;
import org.macekv.internal.format.BigEndian;
import org.macekv.internal.format.ByteReader;
import org.macekv.internal.format.ByteReader.MalformedException;
import org.macekv.internal.format.CommitLayout;
import org.macekv.internal.format.RecordLayout;
import org.macekv.internal.log.LogScanner;
import org.macekv.internal.mvcc.Marks;
import org.macekv.internal.tree.Tree;
import org.macekv.internal.tree.Write;
import org.macekv.internal.txn.Limits;
import org.macekv.internal.txn.StoredBucket;

/**
 * Applies the log's records to empty buckets, in order. Used by one thread, before anybody reads.
 */
final class Replay implements LogScanner.Handler {
  private final Catalog catalog;
  private final Marks marks;
  private final long from;
  private final Map<Long, byte[]> parts = new HashMap<>();
  private final Map<StoredBucket, Integer> changes = new HashMap<>();
  private long commits;

  /**
   * Applies what was committed above a position.
   *
   * @param from the position of the checkpoint, 0 if there is none
   */
  Replay(Catalog catalog, Marks marks, long from) {
    this.catalog = catalog;
    this.marks = marks;
    this.from = from;
  }

  long commits() {
    return commits;
  }

  @Override
  public void record(byte kind, long start, long end, byte[] record) throws MalformedException {
    switch (kind) {
      case RecordLayout.COMMIT -> commit(end, record);
      case RecordLayout.WRITES -> parts.put(start, record);
      case RecordLayout.VALUE -> {
        // The tree points to it; the scan has checked it.
      }
      case RecordLayout.MARK -> {
        // The scan has read what it claims.
      }
      default -> throw reader(record).malformed("unknown kind of record: " + kind);
    }
  }

  private static ByteReader reader(byte[] record) {
    return new ByteReader(record, RecordLayout.HEADER_LENGTH, record.length);
  }

  private void commit(long end, byte[] record) throws MalformedException {
    ByteReader last = reader(record);
    long previous = last.readLong("position of the last WRITES record") - 1;
    int count = last.readInt("number of WRITES records", Integer.MAX_VALUE);
    if (end <= from) {
      forget(previous, count);
      return;
    }
    Tree.Acceptor acceptor = new Replayed(end);
    for (ByteReader part : chain(previous, count, last)) {
      while (part.hasMore()) {
        write(part, acceptor);
      }
    }
    for (Map.Entry<StoredBucket, Integer> change : changes.entrySet()) {
      var counts = change.getKey().counts();
      if (counts != null) {
        counts.append(end, change.getValue());
      }
    }
    changes.clear();
    marks.setNewest(end);
    marks.setPublished(end);
    commits++;
  }

  /** Lets go of the parts of a transaction that the checkpoint has. */
  private void forget(long lastPart, int count) throws MalformedException {
    long position = lastPart;
    for (int i = 0; i < count; i++) {
      byte[] record = parts.remove(position);
      if (record == null) {
        return; // it lies before the scan
      }
      position = reader(record).readLong("position of the WRITES record before") - 1;
    }
  }

  /** What was committed at this position before the store was opened. */
  private record Replayed(long position) implements Tree.Acceptor {
    @Override
    public long accept(Write write) {
      return position;
    }

    @Override
    public void accepted(Write write, long acceptedAt, boolean installed) {
      // Nobody reads yet.
    }
  }

  /** The transaction's WRITES records, first to last. */
  private Deque<ByteReader> chain(long lastPart, int count, ByteReader commitRecord)
      throws MalformedException {
    Deque<ByteReader> chain = new ArrayDeque<>();
    chain.addFirst(commitRecord);
    long position = lastPart;
    for (int i = 0; i < count; i++) {
      byte[] record = parts.remove(position);
      if (record == null) {
        throw commitRecord.malformed("there is no WRITES record at position " + position);
      }
      ByteReader part = reader(record);
      position = part.readLong("position of the WRITES record before") - 1;
      chain.addFirst(part);
    }
    if (position != -1) {
      throw commitRecord.malformed("there are more WRITES records than " + count);
    }
    return chain;
  }

  private void write(ByteReader reader, Tree.Acceptor acceptor) throws MalformedException {
    int bucketId = reader.readInt("bucket id", Integer.MAX_VALUE);
    int operation = reader.readByte();
    int keyLength = reader.readInt("key length", Limits.MAX_KEY_BYTES);
    byte[] key = reader.readBytes(keyLength);
    Object value = value(reader, operation & CommitLayout.OPERATION_MASK);
    StoredBucket bucket = catalog.find(bucketId);
    if (bucket == null) {
      throw reader.malformed("there is no bucket with id " + bucketId);
    }
    Write write = value == null ? Write.delete(key) : Write.put(key, value);
    bucket.tree().commit(write, acceptor);
    if (write.existed() != ((operation & CommitLayout.EXISTED) != 0)) {
      throw reader.malformed("a write to bucket id " + bucketId + " does not fit the state before");
    }
    tidy(bucket);
    changes.merge(bucket, write.countChange(), Integer::sum);
    if (bucketId == Catalog.BUCKET_ID) {
      catalog.replay(key, value instanceof byte[] bytes ? bytes : null);
    }
  }

  /** Merging is no part of the replay: damage elsewhere is found by whoever needs what it hit. */
  private static void tidy(StoredBucket bucket) {
    try {
      bucket.tree().tidy(1);
    } catch (CorruptionException e) {
      System.getLogger(Replay.class.getName())
          .log(System.Logger.Level.WARNING, "a leaf beside a changed one is damaged", e);
    }
  }

  private static @Nullable Object value(ByteReader reader, int operation)
      throws MalformedException {
    return switch (operation) {
      case CommitLayout.PUT ->
          reader.readBytes(reader.readInt("value length", Limits.MAX_INLINE_BYTES));
      case CommitLayout.PUT_LARGE -> reader.readLargeValue();
      case CommitLayout.DELETE -> null;
      default -> throw reader.malformed("unknown operation: " + operation);
    };
  }

  /** The next free bucket id, out of the catalog's entry, or null if there is none. */
  static @Nullable Integer nextId(byte @Nullable [] value) {
    return value == null || value.length != 4 ? null : BigEndian.getInt(value, 0);
  }
}
