package org.macekv.internal.tree;

import java.util.Objects;
import org.macekv.internal.format.LargeValue;
import org.macekv.internal.format.LeafPage;

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

  /** How many bytes the value has. */
  public int length() {
    int tag =
        LeafPage.tag(
            leaf.page, inBase ? LeafPage.entryOffset(leaf.page, index) : leaf.offset(index));
    if (tag != LeafPage.BESIDE_TAG) {
      return LeafPage.valueLength(tag);
    }
    Object value = inBase ? leaf.beside[index] : leaf.besideValue(index);
    return value instanceof LargeValue large ? large.length() : ((byte[]) value).length;
  }

  /** The value: a fresh array or a large value. */
  public Object value() {
    return inBase ? leaf.baseValue(index) : Objects.requireNonNull(leaf.deltaValue(index));
  }
}
