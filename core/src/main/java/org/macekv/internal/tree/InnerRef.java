package org.macekv.internal.tree;

import org.jspecify.annotations.Nullable;
import org.macekv.internal.format.ImageChain;

/**
 * Stands for an inner node as long as the tree has it: what a cell is for a leaf. The node is in
 * memory, or only its image on disk; it is read once for all who look at it at a time, so that each
 * of the cells below exists once. It is its own lock, which loading takes, and evicting.
 *
 * <p>Only nodes right above the cells are let go of: the others are a hundredth of these. Such a
 * node goes with all of its cells, which are retired, when these are all as their images say; so
 * whoever still has one of them in hands descends again, and meets the cells that are made of the
 * image when the node is read the next time.
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

  // The index of the cell that kept the node from going the last time: a hint, as well.
  private transient int blocker;

  // Set under the lock; volatile for those who only look whether it is worth while.
  private transient volatile boolean gone;

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
      if (inner != null) {
        enterClock();
      }
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
        if (gone) {
          abandonChildren(node); // who is gone and not in memory is of an abandoned tree
        }
        inner = node;
        count(node);
        enterClock();
      }
      return node;
    } finally {
      unlock();
    }
  }

  /** Before anybody else knows them: what they will take is not counted. */
  private void abandonChildren(Inner node) {
    for (int i = 0; i < node.count(); i++) {
      if (node.child(i) instanceof InnerRef ref) {
        ref.gone = true;
      } else {
        ((Cell) node.child(i)).abandon(tree.store());
      }
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

  private void count(Inner node) {
    if (level == 1 && !gone) {
      countedBytes = node.heapBytes();
      tree.store().residency().innerChanged(countedBytes);
    }
  }

  /** From now on it may be let go of. */
  private void enterClock() {
    if (level == 1 && !gone && !inClock) {
      inClock = true;
      tree.store().residency().entered(this);
    }
  }

  boolean takeReferenced() {
    boolean was = referenced;
    referenced = false;
    return was;
  }

  /** The index of the cell that is likely to keep the node from going. */
  int blocker() {
    return blocker;
  }

  void setBlocker(int index) {
    blocker = index;
  }

  /** Whether it has left the tree, or its tree is not wanted any more. */
  boolean isGone() {
    return gone;
  }

  /** It has left the tree; what is in memory stays for those who still look at it. */
  void leave() {
    lock();
    try {
      gone = true;
      uncount();
      if (inClock) {
        inClock = false;
        tree.store().residency().innerLeft();
      }
    } finally {
      unlock();
    }
  }

  /** Lets go of the node. Requires: the structure is locked, and the cells, which are retired. */
  void evict() {
    lock();
    try {
      inner = null;
      inClock = false; // the clock's hand has taken it out
      uncount();
    } finally {
      unlock();
    }
  }

  private void uncount() {
    tree.store().residency().innerChanged(-countedBytes);
    countedBytes = 0;
  }
}
