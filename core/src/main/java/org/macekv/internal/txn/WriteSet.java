package org.macekv.internal.txn;

import java.util.Arrays;
import java.util.Collection;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.macekv.internal.tree.Write;

/** What a transaction wrote so far, the last write of each key. Confined to its transaction. */
final class WriteSet {
  private final TreeMap<Integer, BucketWrites> buckets = new TreeMap<>();

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
    of(bucket).writes.put(write.key(), write);
  }

  /** The writes to a bucket, which may be none yet. */
  BucketWrites of(StoredBucket bucket) {
    return buckets.computeIfAbsent(bucket.id(), id -> new BucketWrites(bucket));
  }

  boolean isEmpty() {
    for (BucketWrites each : buckets.values()) {
      if (!each.writes.isEmpty()) {
        return false;
      }
    }
    return true;
  }

  int size() {
    int size = 0;
    for (BucketWrites each : buckets.values()) {
      size += each.writes.size();
    }
    return size;
  }

  /** By bucket id. */
  Collection<BucketWrites> inOrder() {
    return buckets.values();
  }
}
