package org.macekv.internal.txn;

import org.jspecify.annotations.Nullable;
import org.macekv.internal.log.ValueGoneException;
import org.macekv.internal.tree.Found;
import org.macekv.internal.tree.Tree;
import org.macekv.internal.tree.TreeCursor;

/** Reads at one registered position. Thread-safe. */
public final class SnapshotReads {
  private final Committer committer;
  private final long position;
  private final Runnable checkRegistered;

  /**
   * Reads at a position.
   *
   * @param checkRegistered throws if the position is not registered any more: then what it shows
   *     may be gone for good
   */
  public SnapshotReads(Committer committer, long position, Runnable checkRegistered) {
    this.committer = committer;
    this.position = position;
    this.checkRegistered = checkRegistered;
  }

  /** The value, or null. */
  public byte @Nullable [] get(StoredBucket bucket, byte[] key) {
    bucket.checkExists(position);
    if (!bucket.isThereAt(position)) {
      return null;
    }
    while (true) {
      try {
        return committer.load(bucket.tree().get(key, position));
      } catch (ValueGoneException e) {
        checkRegistered.run(); // moved since the leaf was read: the leaf knows where to
      }
    }
  }

  /** What is made of the value, or null. */
  public <T> @Nullable T get(StoredBucket bucket, byte[] key, StampedReading<T> reading) {
    Found found = find(bucket, key);
    if (found == null) {
      return null;
    }
    T made = reading.made(found.stamp(), found.length());
    if (made != null) {
      return made;
    }
    byte[] value = load(bucket, key, found);
    return value == null ? null : reading.make(value, found.stamp());
  }

  /** The value, not copied yet, or null. */
  @Nullable Found find(StoredBucket bucket, byte[] key) {
    bucket.checkExists(position);
    return bucket.isThereAt(position) ? bucket.tree().find(key, position) : null;
  }

  /** The value that was found for a key. */
  byte @Nullable [] load(StoredBucket bucket, byte[] key, Found found) {
    Found at = found;
    while (at != null) {
      try {
        return committer.load(at.value());
      } catch (ValueGoneException e) {
        checkRegistered.run(); // moved since the leaf was read: the leaf knows where to
        at = find(bucket, key);
      }
    }
    return null;
  }

  /** The value piece by piece, or null. */
  public @Nullable ValueReader open(StoredBucket bucket, byte[] key) {
    bucket.checkExists(position);
    if (!bucket.isThereAt(position)) {
      return null;
    }
    byte[] ownKey = key.clone();
    Object value = bucket.tree().get(ownKey, position);
    return value == null ? null : new ValueReader(committer, value, () -> again(bucket, ownKey));
  }

  private @Nullable Object again(StoredBucket bucket, byte[] key) {
    checkRegistered.run();
    return bucket.tree().get(key, position);
  }

  /** Whether the key has a value. */
  public boolean contains(StoredBucket bucket, byte[] key) {
    bucket.checkExists(position);
    return bucket.isThereAt(position) && bucket.tree().contains(key, position);
  }

  /** A cursor. */
  public TreeCursor scan(StoredBucket bucket, byte[] low, byte @Nullable [] high, boolean up) {
    bucket.checkExists(position);
    Tree tree = bucket.tree();
    byte[] end = bucket.isThereAt(position) ? high : low;
    return up ? tree.scan(low, end, position) : tree.scanReverse(low, end, position);
  }

  /** The number of entries. */
  public long count(StoredBucket bucket) {
    bucket.checkExists(position);
    if (!bucket.isThereAt(position)) {
      return 0;
    }
    var counts = bucket.counts();
    return counts == null
        ? SingleOperations.walk(scan(bucket, new byte[0], null, true))
        : counts.read().countAt(position);
  }
}
