package org.macekv.internal.tree;

import org.jspecify.annotations.Nullable;

/**
 * What reads by key touch of a {@link Cell}. The fields of a superclass lie before those of a
 * class, so these lie beside the object's header, which is read, too: mostly in one line of the
 * processor's cache.
 */
abstract class LeafHolder extends NodeLock {
  private static final long serialVersionUID = 1L;

  // Written under the lock; volatile for readers, who take none. Null if it is only on disk.
  transient volatile @Nullable Leaf leaf;

  // Whether a read by key came by since the clock's hand did: a hint, so plain accesses do.
  transient boolean referenced;
}
