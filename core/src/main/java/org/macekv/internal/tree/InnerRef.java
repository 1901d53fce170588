package org.macekv.internal.tree;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.macekv.internal.format.ImageChain;

/**
 * Stands for an inner node as long as the tree has it: what a cell is for a leaf. The node is in
 * memory, or only its image on disk; it is read once for all who look at it at a time, so that each
 * of the cells below exists once. It is its own lock, which is taken by whoever reads the node,
 * makes a cell or does without one, lets go of the node, or has another take its place. Who holds
 * it waits for no cell.
 *
 * <p>Only nodes right above the cells are let go of: the others are a hundredth of these. Such a
 * node goes with its cells, which are dropped, when these are all as their images say; so whoever
 * still has one of them in hands descends again, and meets those that are made when the node was
 * read the next time.
 */
final class InnerRef extends NodeLock {
  private static final long serialVersionUID = 1L;

  private final transient Tree tree;
  private final int level;
  private final transient byte[] low;
  private final transient byte @Nullable [] high;

  // Written under the lock; volatile for readers, who take none. Null if it is only on disk.
  private transient volatile @Nullable Inner inner;

  // Where the newest durable images are, if there are any. Written by the checkpoint's thread;
  // volatile for those who load and evict.
  private transient volatile @Nullable ImageChain image;

  // Asks for a new full image; belongs to the checkpoint's thread.
  private transient boolean rewriteWanted;

  // Whether a read by key came by since the clock's hand did: a hint, so plain accesses do.
  private transient boolean referenced;

  // Set under the lock; volatile for those who only look whether it is worth while.
  private transient volatile boolean gone;

  // Guarded by the lock (this): whether it is gone with its tree.
  private boolean abandoned;

  // Guarded by the lock (this).
  private long countedBytes;
  private boolean inClock;

  /** A node on disk. */
  InnerRef(Tree tree, ImageChain image, int level, byte[] low, byte @Nullable [] high) {
    this.tree = tree;
    this.image = image;
    this.level = level;
    this.low = low;
    this.high = high;
  }

  /** A node that is in memory only. */
  InnerRef(Tree tree, Inner inner, byte[] low, byte @Nullable [] high) {
    this.tree = tree;
    this.inner = inner;
    this.level = inner.level();
    this.low = low;
    this.high = high;
  }

  Tree tree() {
    return tree;
  }

  /** The node's level: 1 right above the cells. */
  int level() {
    return level;
  }

  /** The least key that may be below the node. */
  byte[] low() {
    return low;
  }

  /** The least key above the node; null at the right edge. */
  byte @Nullable [] high() {
    return high;
  }

  /** Where the newest durable images are, or null if there are none yet. */
  @Nullable ImageChain image() {
    return image;
  }

  /** Asks for a new full image. On the checkpoint's thread. */
  void wantRewrite() {
    rewriteWanted = true;
  }

  /** Whether a new full image is asked for. On the checkpoint's thread. */
  boolean isRewriteWanted() {
    return rewriteWanted;
  }

  /** Tells where the images are, which are durable. On the checkpoint's thread. */
  void setImage(ImageChain images) {
    lock();
    try {
      image = images;
      rewriteWanted &= images.count() > 1;
    } finally {
      unlock();
    }
  }

  /** The node, if it is in memory. */
  @Nullable Inner loaded() {
    return inner;
  }

  /** The node. */
  Inner get() {
    Inner node = inner;
    return node != null ? node : load();
  }

  /** The node, for a read or a write by key. */
  Inner getByKey() {
    Inner node = inner;
    if (!referenced) {
      referenced = true;
    }
    return node != null ? node : load();
  }

  private Inner load() {
    lock();
    try {
      Inner node = inner;
      if (node == null) {
        ImageChain images = image;
        if (images == null) {
          throw new IllegalStateException("an inner node is neither in memory nor on disk");
        }
        node = InnerImage.read(images, this);
        if (abandoned && level > 1) {
          abandonChildren(node);
        }
        inner = node;
        count(node);
        tree.store().dirty().check();
        enterClock();
      }
      return node;
    } finally {
      unlock();
    }
  }

  /** Before anybody else knows them: what they will take is not counted. */
  private static void abandonChildren(Inner node) {
    for (int i = 0; i < node.count(); i++) {
      node.ref(i).gone = true;
      node.ref(i).abandoned = true;
    }
  }

  /** Tells the store of a new node in memory. */
  void enter() {
    lock();
    try {
      Inner node = inner;
      if (node != null) {
        count(node);
      }
    } finally {
      unlock();
    }
  }

  /** Requires: locked. */
  private void count(Inner node) {
    if (!gone) {
      long bytes = node.heapBytes();
      tree.store().residency().innerChanged(bytes - countedBytes);
      countedBytes = bytes;
    }
  }

  /** From now on it may be let go of. */
  private void enterClock() {
    if (level == 1 && !gone && !inClock) {
      inClock = true;
      tree.store().residency().entered(this);
    }
  }

  // ---- Children -------------------------------------------------------------------------------

  /**
   * A child of the node. Of a leaf on disk a cell is made.
   *
   * @param node what {@link #get} gave
   * @return null if the node has been let go of, or has left the tree, meanwhile: descend again
   */
  @Nullable NodeLock child(Inner node, int index) {
    NodeLock child = node.child(index);
    if (child != null) {
      return child;
    }
    lock();
    try {
      return inner != node || (gone && !abandoned) ? null : childLocked(node, index);
    } finally {
      unlock();
    }
  }

  /** A child of the node. Requires: locked, and this is the node. */
  NodeLock childLocked(Inner node, int index) {
    NodeLock child = node.child(index);
    if (child != null) {
      return child;
    }
    ImageChain images = node.chain(index);
    if (images == null) {
      throw new IllegalStateException("a leaf is neither in memory nor on disk");
    }
    Separators separators = node.separators();
    Cell cell =
        new Cell(
            tree,
            index == 0 ? low : separators.get(index - 1),
            index == node.count() - 1 ? high : separators.get(index),
            images);
    if (abandoned) {
      cell.abandon();
    } else {
      cell.enter();
    }
    node.setCell(index, cell);
    return cell;
  }

  /**
   * Has the images in a cell's place, of which no use is left. Requires: cell locked, droppable.
   *
   * @return false if another node has taken this one's place
   */
  boolean drop(Cell cell, Inner node, int index) {
    lock();
    try {
      ImageChain images = cell.image();
      if (abandoned || images == null) {
        return true; // it stays as it is
      }
      if (gone) {
        return false;
      }
      assert inner == node && node.child(index) == cell;
      cell.drop();
      node.setChain(index, images);
      return true;
    } finally {
      unlock();
    }
  }

  /**
   * A checkpoint has told the cells where their images are. Has what is known of that take little
   * memory, and the node go when its turn comes. On the checkpoint's thread.
   */
  void checkpointed() {
    lock();
    try {
      Inner node = inner;
      if (level == 1 && node != null && !gone) {
        node.packChains();
        count(node);
        if (image != null) {
          enterClock();
        }
      }
    } finally {
      unlock();
    }
  }

  // ---- The end --------------------------------------------------------------------------------

  boolean takeReferenced() {
    boolean was = referenced;
    referenced = false;
    return was;
  }

  /** Whether it has left the tree, or its tree is not wanted any more. */
  boolean isGone() {
    return gone;
  }

  /**
   * It has left the tree; what is in memory stays for those who still look at it. Requires: locked.
   */
  void leave() {
    gone = true;
    uncount();
    if (inClock) {
      inClock = false;
      tree.store().residency().innerLeft();
    }
  }

  /** It has left the tree, which nobody wants any more, or left it before. */
  void abandon() {
    lock();
    try {
      abandoned = true;
      leave();
    } finally {
      unlock();
    }
  }

  /**
   * Lets go of the node, right above the cells, and of these, if they are what their images say.
   * Requires: the structure is locked, and the clock's hand has taken the node out.
   */
  Residency.Outcome evict() {
    List<Cell> locked = new ArrayList<>();
    lock();
    try {
      Inner node = inner;
      if (node == null || gone) {
        return Residency.Outcome.STAYS;
      }
      Residency.Outcome outcome = lockDroppable(node, locked);
      if (outcome == Residency.Outcome.WENT) {
        locked.forEach(Cell::drop);
        inner = null;
        uncount();
      }
      inClock = outcome == Residency.Outcome.STAYS;
      return outcome;
    } finally {
      locked.forEach(Cell::unlock);
      unlock();
    }
  }

  /** Locks cells as long as they can be dropped, and says what follows for the node. */
  private static Residency.Outcome lockDroppable(Inner node, List<Cell> locked) {
    for (int i = 0; i < node.count(); i++) {
      if (node.child(i) instanceof Cell cell) {
        if (!cell.tryLock()) {
          return Residency.Outcome.STAYS;
        }
        locked.add(cell);
        if (cell.isDirty()) {
          return Residency.Outcome.WAITS;
        }
        if (!cell.isDroppable()) {
          return Residency.Outcome.STAYS;
        }
      }
    }
    return Residency.Outcome.WENT;
  }

  private void uncount() {
    tree.store().residency().innerChanged(-countedBytes);
    countedBytes = 0;
  }
}
