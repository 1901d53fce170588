package org.macekv.internal.txn;

import org.jspecify.annotations.Nullable;
import org.macekv.internal.log.ValueGoneException;
import org.macekv.internal.mvcc.Commit;
import org.macekv.internal.pages.PageGoneException;
import org.macekv.internal.tree.Found;
import org.macekv.internal.tree.Tree;
import org.macekv.internal.tree.TreeCursor;
import org.macekv.internal.tree.Write;
import org.macekv.option.Durability;

/** Operations on a bucket outside of any transaction: each is one of its own. Thread-safe. */
public final class SingleOperations {
  private final Committer committer;
  private final Durability durability;

  /** Operations with this durability. */
  public SingleOperations(Committer committer, Durability durability) {
    this.committer = committer;
    this.durability = durability;
  }

  /** The newest published value, or null. */
  public byte @Nullable [] get(StoredBucket bucket, byte[] key) {
    while (true) {
      bucket.checkExists(committer.marks());
      try {
        return committer.load(bucket.tree().get(key, Tree.LIVE));
      } catch (ValueGoneException | PageGoneException e) {
        // Replaced and cleaned away since the leaf was read, or the bucket was dropped: there is a
        // newer state to look at.
      }
    }
  }

  /** What is made of the newest published value, or null. */
  public <T> @Nullable T get(StoredBucket bucket, byte[] key, StampedReading<T> reading) {
    while (true) {
      Found found = find(bucket, key);
      if (found == null) {
        return null;
      }
      T made = reading.made(found.stamp(), found.length());
      if (made != null) {
        return made;
      }
      byte[] value = load(found);
      if (value != null) {
        return reading.make(value, found.stamp());
      }
    }
  }

  private @Nullable Found find(StoredBucket bucket, byte[] key) {
    while (true) {
      bucket.checkExists(committer.marks());
      try {
        return bucket.tree().find(key, Tree.LIVE);
      } catch (PageGoneException e) {
        // The bucket was dropped: the check says so.
      }
    }
  }

  /** The value, or null if it was replaced and cleaned away since it was found. */
  private byte @Nullable [] load(Found found) {
    try {
      return committer.load(found.value());
    } catch (ValueGoneException e) {
      return null;
    }
  }

  /** Whether the key has a value. */
  public boolean contains(StoredBucket bucket, byte[] key) {
    while (true) {
      bucket.checkExists(committer.marks());
      try {
        return bucket.tree().contains(key, Tree.LIVE);
      } catch (PageGoneException e) {
        // The bucket was dropped: the check says so.
      }
    }
  }

  /** Sets a value. */
  public void put(StoredBucket bucket, byte[] key, byte[] value) {
    commit(bucket, key, value, false);
  }

  /** Sets a value that is read from a source. */
  public void put(StoredBucket bucket, byte[] key, StreamedValue value) {
    committer.checkWritable();
    Limits.checkKey(bucket, key);
    bucket.checkExists(Commit.ABORTED);
    byte[] ownKey = key.clone();
    byte[] beginning = value.beginning(bucket.inlineLimitBytes());
    if (!Committer.isLarge(bucket, beginning)) {
      commit(bucket, ownKey, (Object) beginning, false);
      return;
    }
    LogPins.Pin pin = committer.pin(null);
    try {
      commit(bucket, ownKey, committer.append(bucket.id(), ownKey, value.from(beginning)), false);
    } finally {
      pin.close();
    }
  }

  /** Sets a value and returns the one before. */
  public byte @Nullable [] getAndPut(StoredBucket bucket, byte[] key, byte[] value) {
    return commit(bucket, key, value, true);
  }

  /** Removes a key. */
  public void delete(StoredBucket bucket, byte[] key) {
    commit(bucket, key, (byte[]) null, false);
  }

  /** Removes a key and returns the value before. */
  public byte @Nullable [] getAndDelete(StoredBucket bucket, byte[] key) {
    return commit(bucket, key, (byte[]) null, true);
  }

  private byte @Nullable [] commit(
      StoredBucket bucket, byte[] key, byte @Nullable [] value, boolean wantPrevious) {
    committer.checkWritable();
    Limits.checkKey(bucket, key);
    bucket.checkExists(Commit.ABORTED);
    byte[] ownKey = key.clone();
    if (value == null) {
      return commit(bucket, ownKey, (Object) null, wantPrevious);
    }
    Limits.checkValue(bucket, value);
    if (!Committer.isLarge(bucket, value)) {
      return commit(bucket, ownKey, (Object) value, wantPrevious);
    }
    LogPins.Pin pin = committer.pin(null);
    try {
      Object stored = committer.inlineOrAppended(bucket, ownKey, value);
      return commit(bucket, ownKey, stored, wantPrevious);
    } finally {
      pin.close();
    }
  }

  private byte @Nullable [] commit(
      StoredBucket bucket, byte[] ownKey, @Nullable Object stored, boolean wantPrevious) {
    SingleCommit commit = new SingleCommit(committer, bucket, ownKey, stored, durability);
    Write write = commit.write();
    if (wantPrevious) {
      write.wantPrevious(committer::load);
    }
    if (write.isDeletion()) {
      write.onlyIfPresent();
    }
    committer.commitSingle(bucket, commit, durability);
    return write.previous();
  }

  /** A weakly consistent cursor. */
  public TreeCursor scan(StoredBucket bucket, byte[] low, byte @Nullable [] high, boolean up) {
    bucket.checkExists(committer.marks());
    Tree tree = bucket.tree();
    return up ? tree.scan(low, high, Tree.LIVE) : tree.scanReverse(low, high, Tree.LIVE);
  }

  /** The number of entries that are published. */
  public long count(StoredBucket bucket) {
    bucket.checkExists(committer.marks());
    var counts = bucket.counts();
    if (counts == null) {
      return walk(scan(bucket, new byte[0], null, true));
    }
    var reading = counts.read(); // before published, like a leaf's state
    return reading.countAt(committer.marks().published());
  }

  static long walk(TreeCursor cursor) {
    long count = 0;
    while (cursor.next()) {
      count++;
    }
    return count;
  }
}
