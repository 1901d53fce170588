package org.macekv.internal.tree;

import org.jspecify.annotations.Nullable;
import org.macekv.internal.format.ImageChain;

/**
 * Stands for one key range of a tree as long as that range is not split or merged. Its leaf is in
 * memory, or only its image on disk.
 *
 * <p>Invariants: a leaf that is not dirty is what its image says, and only such a leaf is let go. A
 * dirty cell is in the tree's queue for the next checkpoint, or in the hands of the running one. A
 * retired cell has its leaf in memory for good if it was split or merged; if the node above it was
 * let go of, it has none, and whoever wants one descends again.
 */
final class Cell extends NodeLock {
  private static final long serialVersionUID = 1L;

  /** The least key that may be here; shared, never changed. */
  final transient byte[] low;

  /** The least key above; null in the last cell. */
  final transient byte @Nullable [] high;

  // Written under the lock; volatile for readers, who take none. Null if it is only on disk.
  private transient volatile @Nullable Leaf leaf;

  // Whether a read by key came by since the clock's hand did: a hint, so plain accesses do.
  private transient boolean referenced;

  // Guarded by the lock (this); retired is read without it by those who only guess.
  private transient volatile boolean retired;
  private transient volatile boolean abandoned;
  private boolean tidyQueued;
  private boolean inClock;
  private boolean dirty;
  private int dirtyBytes;
  private int residentBytes;
  private transient @Nullable ImageChain image;
  private long imagePosition; // what the image has, if the leaf is in memory
  private boolean rewriteWanted;
  private boolean mergeWanted;
  private boolean imageHistory;
  private transient @Nullable ValueBytes imageValues;

  /** A cell with a leaf, and no image yet. */
  Cell(byte[] low, byte @Nullable [] high, Leaf leaf) {
    this.low = low;
    this.high = high;
    this.leaf = leaf;
  }

  /** A cell whose leaf is on disk. */
  Cell(byte[] low, byte @Nullable [] high, ImageChain image) {
    this.low = low;
    this.high = high;
    this.image = image;
  }

  // ---- The leaf -------------------------------------------------------------------------------

  /** The leaf, or null if it is only on disk. */
  @Nullable Leaf leaf() {
    return leaf;
  }

  /** The leaf if it is in memory; marks it as read by key. */
  @Nullable Leaf leafByKey() {
    Leaf current = leaf;
    if (!referenced) {
      referenced = true;
    }
    return current;
  }

  boolean takeReferenced() {
    boolean was = referenced;
    referenced = false;
    return was;
  }

  /** The leaf, read from its image if need be. Requires: locked, and not retired without one. */
  Leaf loadedLeaf(TreeStore store) {
    Leaf current = leaf;
    if (current != null) {
      return current;
    }
    assert !retired;
    ImageChain chain = image;
    if (chain == null) {
      throw new IllegalStateException("a cell has neither leaf nor image");
    }
    LeafImage.Read read = LeafImage.read(chain, store);
    imageValues = ValueBytes.of(read.leaf());
    imagePosition = read.position();
    imageHistory = read.leaf().sorted > 0;
    leaf = read.leaf();
    account(read.leaf(), store);
    enterClock(store);
    return read.leaf();
  }

  /** Requires: locked, not retired. */
  void setLeaf(Leaf newLeaf, TreeStore store) {
    assert isHeldExclusively() && !retired;
    leaf = newLeaf;
    account(newLeaf, store);
  }

  /** Tells the store that the leaf takes more memory than before. Requires: locked. */
  void leafGrew(TreeStore store) {
    Leaf current = leaf;
    if (current != null) {
      account(current, store);
    }
  }

  /** Tells the store of a new cell with a leaf. Requires: nobody else knows the cell. */
  void enter(TreeStore store) {
    Leaf current = leaf;
    if (current != null) {
      account(current, store);
    }
  }

  /** From now on it may be let go of when it is clean. Requires: locked. */
  private void enterClock(TreeStore store) {
    if (!inClock && !retired && !abandoned) {
      inClock = true;
      store.residency().entered(this);
    }
  }

  private void leaveClock(TreeStore store) {
    if (inClock) {
      inClock = false;
      store.residency().left();
    }
  }

  private void account(Leaf newLeaf, TreeStore store) {
    if (abandoned) {
      return;
    }
    int bytes = newLeaf.heapBytes();
    store.residency().changed(bytes - residentBytes);
    residentBytes = bytes;
    if (dirty) {
      store.dirty().add(bytes - dirtyBytes);
      dirtyBytes = bytes;
    }
  }

  /** Requires: locked. */
  boolean isEvictable() {
    Leaf current = leaf;
    return current != null && !dirty && !retired && image != null;
  }

  /** Requires: locked, evictable. */
  void evict(Residency residency) {
    leaf = null;
    inClock = false; // the clock's hand has taken it out
    imageValues = null; // the next who loads the leaf knows them again
    residency.changed(-residentBytes);
    residentBytes = 0;
  }

  // ---- Retirement -----------------------------------------------------------------------------

  /** Requires: locked. */
  boolean isRetired() {
    return retired;
  }

  /** Whether it is of no use any more: retired, or abandoned. Perhaps not any more the truth. */
  boolean isGoneRacy() {
    return retired || abandoned;
  }

  /** Requires: locked, and the tree's root reaches the cells that replace this one. */
  void retire(TreeStore store) {
    assert isHeldExclusively();
    retired = true;
    uncount(store);
    leaveClock(store);
  }

  /**
   * Whether it can go with the node above it: it is what its image says, and nothing has it in
   * mind. Requires: locked.
   */
  boolean isDroppable() {
    return !dirty && !retired && !tidyQueued && image != null;
  }

  /** What {@link #isDroppable} will probably say. Needs no lock. */
  boolean looksDroppable() {
    return !dirty && !tidyQueued;
  }

  /** Retires it with the node above it, which is let go of. Requires: locked, droppable. */
  void drop(TreeStore store) {
    retire(store);
    leaf = null;
    imageValues = null;
  }

  /** Whether it was dropped: there is another cell for its range. Requires: locked. */
  boolean isDropped() {
    return retired && leaf == null;
  }

  /**
   * Its tree is not wanted any more: what it takes is not counted from now on. Whoever still has it
   * in hands may go on. Requires: locked.
   */
  void abandon(TreeStore store) {
    abandoned = true;
    uncount(store);
    leaveClock(store);
  }

  private void uncount(TreeStore store) {
    store.residency().changed(-residentBytes);
    residentBytes = 0;
    store.dirty().add(-dirtyBytes);
    dirtyBytes = 0;
  }

  // ---- Checkpoints ----------------------------------------------------------------------------

  /**
   * Marks the cell as different from its image.
   *
   * @return whether it was not yet: then it belongs into the queue. Requires: locked, resident.
   */
  boolean markDirty(TreeStore store) {
    if (dirty) {
      return false;
    }
    dirty = true;
    dirtyBytes = residentBytes;
    store.dirty().add(dirtyBytes);
    return true;
  }

  /** Marks the cell as equal to its image. Requires: locked. */
  void markClean(TreeStore store) {
    dirty = false;
    store.dirty().add(-dirtyBytes);
    dirtyBytes = 0;
    enterClock(store);
  }

  /**
   * Where the newest durable images are; read by the checkpoint's thread, which alone changes it.
   */
  @Nullable ImageChain image() {
    return image;
  }

  /** The large values that the image points to; see {@link #image()}. */
  @Nullable ValueBytes imageValues() {
    return imageValues;
  }

  /** Every commit at or below it is in the images. Requires: resident; see {@link #image()}. */
  long imagePosition() {
    return imagePosition;
  }

  /** Asks for a new full image: the changes since the last don't say all. See {@link #image()}. */
  void wantRewrite() {
    rewriteWanted = true;
  }

  /** Whether a new full image is asked for. See {@link #image()}. */
  boolean isRewriteWanted() {
    return rewriteWanted;
  }

  /** Asks for one image in the place of those with changes. See {@link #image()}. */
  void wantMerge() {
    mergeWanted = true;
  }

  /** Whether one image in the place of those with changes is asked for. See {@link #image()}. */
  boolean isMergeWanted() {
    return mergeWanted;
  }

  /** Whether the image has versions for some view. Requires: resident; see {@link #image()}. */
  boolean hasImageHistory() {
    return imageHistory;
  }

  /** Requires: locked; on the checkpoint's thread. */
  void setImage(ImageChain chain, long position, @Nullable ValueBytes values, boolean hasHistory) {
    imageHistory = hasHistory;
    image = chain;
    imagePosition = position;
    imageValues = values;
    rewriteWanted = false;
    mergeWanted = false;
  }

  // ---- Tidying --------------------------------------------------------------------------------

  /** Whether the cell was not yet marked as waiting for a merge; marks it. Requires: locked. */
  boolean markTidyQueued() {
    boolean first = !tidyQueued;
    tidyQueued = true;
    return first;
  }

  /** Requires: locked. */
  void clearTidyQueued() {
    tidyQueued = false;
  }
}
