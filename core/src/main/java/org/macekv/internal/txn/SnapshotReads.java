package org.macekv.internal.txn;

import org.jspecify.annotations.Nullable;
import org.macekv.internal.log.ValueGoneException;
import org.macekv.internal.tree.Tree;
import org.macekv.internal.tree.TreeCursor;

/** Reads at one registered position. Thread-safe. */
public final class SnapshotReads {
  private final Committer committer;
  private final long position;

  /** Reads at {@code position}, which stays registered meanwhile. */
  public SnapshotReads(Committer committer, long position) {
    this.committer = committer;
    this.position = position;
  }

  /** The value, or null. */
  public byte @Nullable [] get(StoredBucket bucket, byte[] key) {
    bucket.checkExists(position);
    while (true) {
      try {
        return committer.load(bucket.tree().get(key, position));
      } catch (ValueGoneException e) {
        // Moved since the leaf was read: the leaf knows where to.
      }
    }
  }

  /** The value piece by piece, or null. */
  public @Nullable ValueReader open(StoredBucket bucket, byte[] key) {
    bucket.checkExists(position);
    byte[] ownKey = key.clone();
    Object value = bucket.tree().get(ownKey, position);
    return value == null
        ? null
        : new ValueReader(committer, value, () -> bucket.tree().get(ownKey, position));
  }

  /** Whether the key has a value. */
  public boolean contains(StoredBucket bucket, byte[] key) {
    bucket.checkExists(position);
    return bucket.tree().contains(key, position);
  }

  /** A cursor. */
  public TreeCursor scan(StoredBucket bucket, byte[] low, byte @Nullable [] high, boolean up) {
    bucket.checkExists(position);
    Tree tree = bucket.tree();
    return up ? tree.scan(low, high, position) : tree.scanReverse(low, high, position);
  }

  /** The number of entries. */
  public long count(StoredBucket bucket) {
    bucket.checkExists(position);
    var counts = bucket.counts();
    return counts == null
        ? SingleOperations.walk(scan(bucket, new byte[0], null, true))
        : counts.read().countAt(position);
  }
}
