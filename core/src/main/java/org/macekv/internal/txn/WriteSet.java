package org.macekv.internal.txn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.macekv.internal.tree.Write;

/**
 * What a transaction wrote so far, the last write of each key. While it has savepoints it remembers
 * what each write took the place of. Confined to its transaction.
 */
final class WriteSet {
  private final TreeMap<Integer, BucketWrites> buckets = new TreeMap<>();
  private final List<Replaced> replaced = new ArrayList<>();
  private boolean remembering;
  private int size;
  private long bytes;

  /** What a write took the place of. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Replaced(BucketWrites writes, byte[] key, @Nullable Write before) {}

  /** The writes to one bucket, in key order. */
  static final class BucketWrites {
    private final StoredBucket bucket;
    private final TreeMap<byte[], Write> writes = new TreeMap<>(Arrays::compareUnsigned);

    private BucketWrites(StoredBucket bucket) {
      this.bucket = bucket;
    }

    StoredBucket bucket() {
      return bucket;
    }

    NavigableMap<byte[], Write> writes() {
      return writes;
    }
  }

  void add(StoredBucket bucket, Write write) {
    BucketWrites writes = of(bucket);
    Write before = writes.writes.put(write.key(), write);
    size += before == null ? 1 : 0;
    bytes += write.heapBytes();
    if (remembering) {
      replaced.add(new Replaced(writes, write.key(), before));
    } else if (before != null) {
      bytes -= before.heapBytes();
    }
  }

  /** About how much heap the writes take, with those that may come back. */
  long bytes() {
    return bytes;
  }

  /** A mark to which {@link #undo} goes back; from now on it is remembered what writes replace. */
  int mark() {
    remembering = true;
    return replaced.size();
  }

  /** Takes back what was written since a mark. */
  void undo(int mark) {
    for (int i = replaced.size() - 1; i >= mark; i--) {
      Replaced each = replaced.remove(i);
      Write before = each.before;
      Write undone = each.writes.writes.remove(each.key); // and with it the array of its key
      bytes -= undone == null ? 0 : undone.heapBytes();
      if (before != null) {
        each.writes.writes.put(before.key(), before);
      } else {
        size--;
      }
    }
  }

  /** Forgets what writes replaced: there are no marks any more. */
  void forgetMarks() {
    remembering = false;
    for (Replaced each : replaced) {
      bytes -= each.before == null ? 0 : each.before.heapBytes();
    }
    replaced.clear();
  }

  /** The writes to a bucket, which may be none yet. */
  BucketWrites of(StoredBucket bucket) {
    return buckets.computeIfAbsent(bucket.id(), id -> new BucketWrites(bucket));
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** How many keys are written. */
  int size() {
    return size;
  }

  /** Whether nothing but deletions is written. */
  boolean hasOnlyDeletions() {
    for (BucketWrites each : buckets.values()) {
      for (Write write : each.writes.values()) {
        if (!write.isDeletion()) {
          return false;
        }
      }
    }
    return true;
  }

  /** By bucket id. */
  Collection<BucketWrites> inOrder() {
    return buckets.values();
  }
}
