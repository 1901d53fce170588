package org.macekv.internal.tree;

import java.util.Objects;

/** A value that was found, and not looked at yet. Immutable. */
public final class Found {
  private final Leaf leaf;
  private final int index;
  private final boolean inBase;

  Found(Leaf leaf, int index, boolean inBase) {
    this.leaf = leaf;
    this.index = index;
    this.inBase = inBase;
  }

  /**
   * What is found for the key with this stamp, ever, is this value: where the version was committed
   * while it is in a delta, else the negated number of the leaf whose base has it. Never 0.
   */
  public long stamp() {
    return inBase ? -leaf.number : leaf.position(index);
  }

  /** The value: a fresh array or a large value. */
  public Object value() {
    return inBase ? leaf.baseValue(index) : Objects.requireNonNull(leaf.deltaValue(index));
  }
}
