package org.macekv.internal.txn;

import org.jspecify.annotations.Nullable;
import org.macekv.error.BucketDroppedException;
import org.macekv.internal.mvcc.Commit;
import org.macekv.internal.mvcc.CountHistory;
import org.macekv.internal.mvcc.Marks;
import org.macekv.internal.mvcc.SnapshotRegistry;
import org.macekv.internal.pages.CheckpointRecord;
import org.macekv.internal.tree.Tree;
import org.macekv.internal.tree.TreeStore;
import org.macekv.option.BucketOptions;
import org.macekv.option.Compression;

/** A bucket as the engine knows it: identity, options, tree, count. Thread-safe. */
public final class StoredBucket {
  private final int id;
  private final String name;
  private final int inlineLimitBytes;
  // Changed with the catalog locked; volatile for everybody else.
  private volatile BucketOptions options;
  private final Tree tree;
  private final @Nullable CountHistory counts;
  // Written in the section; volatile for those who look without it.
  private volatile long droppedAt = Commit.PENDING;
  private volatile long loadedAt;

  /**
   * A bucket.
   *
   * @param inlineLimitBytes longer values are written ahead of their commits
   * @param found what the newest checkpoint, or a load, says of it; null: it is empty
   */
  public StoredBucket(
      int id,
      String name,
      BucketOptions options,
      int inlineLimitBytes,
      SnapshotRegistry registry,
      Marks marks,
      TreeStore store,
      CheckpointRecord.@Nullable BucketRoot found) {
    this.id = id;
    this.name = name;
    this.options = options;
    this.inlineLimitBytes = inlineLimitBytes;
    this.tree = new Tree(registry, marks, store, id, options.leafBytes(), found);
    this.tree.setCompressed(isCompressed(options));
    long count = found == null ? 0 : found.count();
    this.counts = options.counted() ? new CountHistory(registry, count) : null;
  }

  /** The number in the store's files. */
  public int id() {
    return id;
  }

  /** The name. */
  public String name() {
    return name;
  }

  /** The options. */
  public BucketOptions options() {
    return options;
  }

  /** The length above which values are written ahead of their commits. */
  int inlineLimitBytes() {
    return inlineLimitBytes;
  }

  /**
   * Gives the bucket other options.
   *
   * <p>Requires: they are of the same form as those it has.
   */
  public void setOptions(BucketOptions changed) {
    options = changed;
    tree.setCompressed(isCompressed(changed));
  }

  private static boolean isCompressed(BucketOptions options) {
    return options.compression() == Compression.ZSTD;
  }

  /** The entries. */
  public Tree tree() {
    return tree;
  }

  /** The history of the number of entries, or null if that is not counted. */
  public @Nullable CountHistory counts() {
    return counts;
  }

  /** Marks as dropped at {@code position}. Requires: the section is held. */
  public void drop(long position) {
    droppedAt = position;
  }

  /** Marks as not there yet: what it holds is loaded, and the load is not committed. */
  public void beginLoad() {
    loadedAt = Long.MAX_VALUE;
  }

  /** Marks as loaded at {@code position}. Requires: the section is held. */
  public void load(long position) {
    loadedAt = position;
  }

  /**
   * Whether the bucket has what it holds at {@code position}: entries that were loaded have no
   * positions of their own.
   */
  public boolean isThereAt(long position) {
    return loadedAt <= position;
  }

  /** The position from which on the bucket has what it holds; 0 if it was not loaded. */
  public long loadedAt() {
    return loadedAt;
  }

  /** Whether the bucket was dropped at or before {@code position}. */
  public boolean isDroppedAt(long position) {
    return droppedAt <= position;
  }

  /** Throws if the bucket's drop is published: until then everybody may read it. */
  void checkExists(Marks marks) {
    if (droppedAt != Commit.PENDING) {
      checkExists(marks.published());
    }
  }

  /** Throws if the bucket was dropped at or before {@code position}. */
  public void checkExists(long position) {
    if (isDroppedAt(position)) {
      throw new BucketDroppedException(name);
    }
  }
}
