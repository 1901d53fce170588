package org.macekv.internal.tree;

import org.jspecify.annotations.Nullable;
import org.macekv.internal.format.ImageChain;

/**
 * Stands for the leaf of one key range of a tree, as long as that range is not split or merged, and
 * while the leaf is in memory or in use: of others the node above knows only where their images
 * lie, and makes a cell for who wants one.
 *
 * <p>Invariants: there is never a second cell for a range that a write could go into. A leaf that
 * is not dirty is what its image says, and only such a leaf is let go. A dirty cell is in the
 * tree's queue for the next checkpoint, or in the hands of the running one. A retired cell has its
 * leaf in memory for good if it was split or merged; if it was dropped, since nobody had a use for
 * it, it has none, and whoever wants one descends again.
 */
final class Cell extends LeafHolder {
  private static final long serialVersionUID = 1L;

  // A cell, the addresses of an image or two, two arrays' headers.
  private static final int OBJECT_BYTES = 88 + 56 + 2 * 20;

  private final transient Tree tree;

  /** The least key that may be here; shared, never changed. */
  final transient byte[] low;

  /** The least key above; null in the last cell. */
  final transient byte @Nullable [] high;

  // Guarded by the lock (this); retired is read without it by those who only guess.
  private transient volatile boolean retired;
  private transient volatile boolean abandoned;
  private boolean tidyQueued;
  private boolean inClock;
  private boolean dirty;
  private boolean onlyMoved; // if dirty: the leaf is what the image says, which shall be elsewhere
  private int dirtyBytes;
  private int residentBytes;
  private transient @Nullable ImageChain image;
  private long imagePosition; // what the image has, if the leaf is in memory
  private boolean rewriteWanted;
  private boolean mergeWanted;
  private boolean imageHistory;
  private transient @Nullable ValueBytes imageValues;

  /** A cell with a leaf, and no image yet. */
  Cell(Tree tree, byte[] low, byte @Nullable [] high, Leaf leaf) {
    this.tree = tree;
    this.low = low;
    this.high = high;
    this.leaf = leaf;
  }

  /** A cell whose leaf is on disk. */
  Cell(Tree tree, byte[] low, byte @Nullable [] high, ImageChain image) {
    this.tree = tree;
    this.low = low;
    this.high = high;
    this.image = image;
  }

  /** The tree that it belongs to. */
  Tree tree() {
    return tree;
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
  Leaf loadedLeaf() {
    Leaf current = leaf;
    if (current != null) {
      return current;
    }
    assert !retired;
    ImageChain chain = image;
    if (chain == null) {
      throw new IllegalStateException("a cell has neither leaf nor image");
    }
    LeafImage.Read read = LeafImage.read(chain, tree.store());
    imageValues = ValueBytes.of(read.leaf());
    imagePosition = read.position();
    imageHistory = read.leaf().sorted > 0;
    leaf = read.leaf();
    account();
    enterClock();
    return read.leaf();
  }

  /** Requires: locked, not retired. */
  void setLeaf(Leaf newLeaf) {
    assert isHeldExclusively() && !retired;
    leaf = newLeaf;
    account();
  }

  /** Tells the store that the leaf takes more memory than before. Requires: locked. */
  void leafGrew() {
    account();
  }

  /** Tells the store of a new cell. Requires: nobody else knows the cell. */
  void enter() {
    account();
    if (image != null) {
      enterClock();
    }
  }

  /** From now on it may be let go of when it is clean. Requires: locked. */
  private void enterClock() {
    if (!inClock && !retired && !abandoned) {
      inClock = true;
      tree.store().residency().entered(this);
    }
  }

  private void leaveClock() {
    if (inClock) {
      inClock = false;
      tree.store().residency().left();
    }
  }

  /** About how much heap it takes with its leaf. */
  int heapBytes() {
    Leaf current = leaf;
    return OBJECT_BYTES
        + low.length
        + (high == null ? 0 : high.length)
        + (current == null ? 0 : current.heapBytes());
  }

  private void account() {
    if (abandoned || retired) {
      return;
    }
    int bytes = heapBytes();
    tree.store().residency().changed(bytes - residentBytes);
    residentBytes = bytes;
    if (dirty) {
      tree.store().dirty().add(bytes - dirtyBytes);
      dirtyBytes = bytes;
    }
  }

  /** Whether it differs from its image. Requires: locked. */
  boolean isDirty() {
    return dirty;
  }

  /**
   * It is on the clock again when it is clean. Requires: locked, dirty, and the clock's hand has
   * taken it out.
   */
  void waitForCheckpoint() {
    inClock = false;
  }

  /** Whether the leaf can go, if it is in memory at all. Requires: locked. */
  boolean isEvictable() {
    return !dirty && !retired && !abandoned && image != null;
  }

  /** Lets go of the leaf. Requires: locked, evictable, and the clock's hand has taken it out. */
  void evict() {
    leaf = null;
    inClock = false;
    imageValues = null; // the next who loads the leaf knows them again
    account();
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
  void retire() {
    assert isHeldExclusively();
    retired = true;
    uncount();
    leaveClock();
  }

  /**
   * Whether the node above can do without it: it is what its image says, and nothing has it in
   * mind. Requires: locked.
   */
  boolean isDroppable() {
    return !dirty && !retired && !tidyQueued && image != null;
  }

  /**
   * Retires it without a leaf. Requires: locked, droppable, and before the reference to the node
   * above is unlocked that node has the images in its place, or is let go of.
   */
  void drop() {
    retire();
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
  void abandon() {
    abandoned = true;
    uncount();
    leaveClock();
  }

  private void uncount() {
    tree.store().residency().changed(-residentBytes);
    residentBytes = 0;
    tree.store().dirty().add(-dirtyBytes);
    dirtyBytes = 0;
  }

  // ---- Checkpoints ----------------------------------------------------------------------------

  /**
   * Marks the cell as different from its image.
   *
   * @return whether it was not yet: then it belongs into the queue. Requires: locked, resident.
   */
  boolean markDirty() {
    onlyMoved = false;
    return mark();
  }

  /**
   * Like {@link #markDirty()}, for an image that shall be written anew although it says what the
   * leaf does.
   */
  boolean markForMove() {
    onlyMoved |= !dirty;
    return mark();
  }

  private boolean mark() {
    if (dirty) {
      return false;
    }
    dirty = true;
    dirtyBytes = residentBytes;
    tree.store().dirty().add(dirtyBytes);
    return true;
  }

  /**
   * Takes back that its image shall be written anew, if that is all it was marked for; whether it
   * was. Requires: locked, not retired; on the checkpoint's thread, while no checkpoint runs.
   */
  boolean unmarkForMove() {
    boolean was = dirty && onlyMoved;
    if (was) {
      rewriteWanted = false;
      mergeWanted = false;
      markClean();
    }
    return was;
  }

  /** Marks the cell as equal to its image. Requires: locked. */
  void markClean() {
    dirty = false;
    onlyMoved = false;
    tree.store().dirty().add(-dirtyBytes);
    dirtyBytes = 0;
    enterClock();
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
    if (!dirty && image != null) {
      enterClock(); // which it left if its leaf was let go of meanwhile
    }
  }
}
