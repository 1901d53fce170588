package org.macekv.internal.txn;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.macekv.error.ConflictException;
import org.macekv.internal.mvcc.Commit;
import org.macekv.internal.pages.PageGoneException;

/**
 * What of its snapshot a transaction has read and must not have changed when it commits: ranges of
 * keys, whether they have values or not, and counts. Confined to its transaction.
 */
final class ReadSet {
  private final TreeMap<Integer, BucketReads> buckets = new TreeMap<>();

  /** What was read of one bucket. */
  private static final class BucketReads {
    /** So many cursors are asked at the end how far they came. */
    private static final int CURSORS = 64;

    private final StoredBucket bucket;
    private final KeyRanges ranges = new KeyRanges();
    private final List<TransactionCursor> cursors = new ArrayList<>();
    private @Nullable Long count;

    BucketReads(StoredBucket bucket) {
      this.bucket = bucket;
    }

    void add(TransactionCursor cursor) {
      if (cursors.size() >= CURSORS) {
        addWhatCursorsSaw();
      }
      cursors.add(cursor);
    }

    void addWhatCursorsSaw() {
      cursors.forEach(each -> each.addSeenTo(ranges));
      cursors.clear();
    }
  }

  private BucketReads of(StoredBucket bucket) {
    return buckets.computeIfAbsent(bucket.id(), id -> new BucketReads(bucket));
  }

  /** A key was read; it is kept. */
  void add(StoredBucket bucket, byte[] key) {
    KeyRanges ranges = of(bucket).ranges;
    if (!ranges.covers(key)) {
      ranges.add(key.clone());
    }
  }

  /** A cursor begins to read, or goes on after it was asked how far it came. */
  void add(StoredBucket bucket, TransactionCursor cursor) {
    of(bucket).add(cursor);
  }

  /** The number of entries of the snapshot was read. */
  void addCount(StoredBucket bucket, long count) {
    if (bucket.counts() == null) {
      of(bucket).ranges.add(new byte[0], null);
    } else {
      of(bucket).count = count;
    }
  }

  boolean isEmpty() {
    return buckets.isEmpty();
  }

  /** To be called once before the checks: nothing more will be read. */
  void end() {
    for (BucketReads each : buckets.values()) {
      each.addWhatCursorsSaw();
    }
  }

  /**
   * Throws if something was changed by a commit that the trees have, and that came after a
   * registered snapshot. What is undecided does not count.
   */
  void check(long snapshot) {
    for (BucketReads each : buckets.values()) {
      StoredBucket bucket = each.bucket;
      if (!bucket.isThereAt(snapshot)) {
        throw new ConflictException(bucket.name()); // it was loaded since
      }
      byte[] changed;
      try {
        changed = each.ranges.find((low, high) -> bucket.tree().changedSince(low, high, snapshot));
      } catch (PageGoneException e) {
        bucket.checkExists(Commit.ABORTED); // it was dropped meanwhile
        throw e;
      }
      if (changed != null) {
        throw conflict(bucket, changed);
      }
    }
  }

  /**
   * Throws if something was changed by a commit that is remembered, or a count is another now, or a
   * bucket is gone. Requires: the section is held.
   */
  void check(Collection<RecentCommits.Entry> commits) {
    for (RecentCommits.Entry each : commits) {
      for (RecentCommits.Keys keys : each.keys()) {
        BucketReads reads = buckets.get(keys.bucket().id());
        byte[] changed = reads == null ? null : keys.firstIn(reads.ranges);
        if (changed != null) {
          throw conflict(keys.bucket(), changed);
        }
      }
    }
    for (BucketReads each : buckets.values()) {
      each.bucket.checkExists(Commit.ABORTED);
      var counts = each.bucket.counts();
      Long count = each.count;
      if (count != null && counts != null && counts.read().countAt(Commit.ABORTED) != count) {
        throw new ConflictException(each.bucket.name());
      }
    }
  }

  private static ConflictException conflict(StoredBucket bucket, byte[] key) {
    return new ConflictException(bucket.name(), key, 1);
  }
}
