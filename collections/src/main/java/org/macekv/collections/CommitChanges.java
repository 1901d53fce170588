package org.macekv.collections;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.macekv.Bucket;
import org.macekv.Transaction;

/**
 * What a transaction has written of collections that somebody listens to: at first the keys, with
 * what the transaction's snapshot has of them, and when it is about to commit what it has made of
 * them. Used by one thread at a time.
 */
final class CommitChanges {
  private final Map<Integer, BucketKeys> byBucket = new TreeMap<>();

  private record BucketKeys(Bucket bucket, Map<byte[], OldValue> keys) {}

  /** What a key had, and what it will have. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Changed(byte[] key, byte @Nullable [] before, byte @Nullable [] after) {}

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record OldValue(byte @Nullable [] bytes) {}

  /** Called before a key is written. */
  void willWrite(Transaction transaction, Bucket bucket, byte[] key) {
    BucketKeys of =
        byBucket.computeIfAbsent(
            bucket.id(), id -> new BucketKeys(bucket, new TreeMap<>(Arrays::compareUnsigned)));
    if (!of.keys.containsKey(key)) {
      of.keys.put(key, new OldValue(transaction.getBefore(bucket, key)));
    }
  }

  /**
   * What is different now, by bucket. What was put back, or rolled back with a part of the
   * transaction, is not.
   */
  Map<Integer, List<Changed>> now(Transaction transaction) {
    Map<Integer, List<Changed>> all = new TreeMap<>();
    byBucket.forEach(
        (id, of) -> {
          List<Changed> changed = new ArrayList<>();
          of.keys.forEach(
              (key, old) -> {
                byte[] after = transaction.get(of.bucket, key);
                if (!Arrays.equals(old.bytes, after)) {
                  changed.add(new Changed(key, old.bytes, after));
                }
              });
          if (!changed.isEmpty()) {
            all.put(id, changed);
          }
        });
    return all;
  }
}
