package org.macekv.internal.tree;

import java.util.Arrays;
import org.macekv.internal.format.BigEndian;

/**
 * An inner node: children, and between each two of them a separator, the least key of the right
 * one. Immutable. The separators' common prefix is compared once; behind it the search runs over
 * eight byte heads and compares whole keys only where these are equal.
 */
final class Inner {
  static final int MAX_CHILDREN = 128;
  static final int MIN_CHILDREN = MAX_CHILDREN / 4;

  private static final int OBJECT_BYTES = 120;

  // A cell with the addresses of some images, the array of a separator, a head, two references.
  private static final int CHILD_BYTES = 80 + 80 + 20 + 8 + 8;

  private final byte[] prefix;
  private final long[] heads; // with the sign bit flipped, so that their order is the bytes' order
  private final byte[][] separators;
  private final Object[] children;
  private final int level;

  /**
   * @param separators one less than children
   * @param children cells, or references to inner nodes, at least one
   */
  Inner(byte[][] separators, Object[] children) {
    this.separators = separators;
    this.children = children;
    this.level = 1 + levelOf(children[0]);
    this.prefix = commonPrefix(separators);
    this.heads = new long[separators.length];
    for (int i = 0; i < heads.length; i++) {
      heads[i] = BigEndian.headLong(separators[i], prefix.length) ^ Long.MIN_VALUE;
    }
  }

  /** The level of a node: 0 for a cell. */
  static int levelOf(Object node) {
    return node instanceof InnerRef ref ? ref.level() : 0;
  }

  int level() {
    return level;
  }

  /** About how much heap the node takes with its children, if these are cells without leaves. */
  long heapBytes() {
    int separator = separators.length == 0 ? 0 : separators[separators.length / 2].length;
    return OBJECT_BYTES + (long) children.length * (CHILD_BYTES + separator);
  }

  private static byte[] commonPrefix(byte[][] sorted) {
    if (sorted.length == 0) {
      return new byte[0];
    }
    byte[] first = sorted[0];
    int mismatch = Arrays.mismatch(first, sorted[sorted.length - 1]);
    return mismatch < 0 ? first : Arrays.copyOf(first, mismatch);
  }

  int count() {
    return children.length;
  }

  Object child(int index) {
    return children[index];
  }

  byte[] separator(int index) {
    return separators[index];
  }

  /**
   * The index of the child whose range has {@code key}: the number of separators at or below it.
   */
  int indexOf(byte[] key) {
    return search(key, true);
  }

  /** The index of the child that has the greatest key below {@code key}, if any has one. */
  int indexBelow(byte[] key) {
    return search(key, false);
  }

  private int search(byte[] key, boolean equalIsRight) {
    int skip = prefix.length;
    if (skip > 0) {
      int order = comparePrefix(key, skip);
      if (order != 0) {
        return order < 0 ? 0 : separators.length;
      }
    }
    long head = BigEndian.headLong(key, skip) ^ Long.MIN_VALUE;
    long[] all = heads;
    int low = 0;
    int high = all.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      long other = all[middle];
      boolean right;
      if (other != head) {
        right = other < head;
      } else {
        int order = Arrays.compareUnsigned(separators[middle], key);
        right = order < 0 || (equalIsRight && order == 0);
      }
      if (right) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /** Below, among (0), or above the keys that begin with the prefix. */
  private int comparePrefix(byte[] key, int skip) {
    int mismatch = Arrays.mismatch(key, 0, Math.min(skip, key.length), prefix, 0, skip);
    if (mismatch < 0) {
      return 0;
    }
    if (mismatch == key.length) {
      return -1;
    }
    return Byte.compareUnsigned(key[mismatch], prefix[mismatch]);
  }

  /** With the {@code removed} children from {@code from} on replaced by {@code with}. */
  Inner replace(int from, int removed, Object[] with, byte[][] between) {
    Object[] newChildren = new Object[children.length - removed + with.length];
    System.arraycopy(children, 0, newChildren, 0, from);
    System.arraycopy(with, 0, newChildren, from, with.length);
    System.arraycopy(
        children,
        from + removed,
        newChildren,
        from + with.length,
        children.length - from - removed);
    byte[][] newSeparators = new byte[newChildren.length - 1][];
    System.arraycopy(separators, 0, newSeparators, 0, from);
    System.arraycopy(between, 0, newSeparators, from, between.length);
    int rest = from + removed - 1;
    System.arraycopy(
        separators, rest, newSeparators, from + between.length, separators.length - rest);
    return new Inner(newSeparators, newChildren);
  }

  /** The children from {@code from} to {@code to}. */
  Inner slice(int from, int to) {
    return new Inner(
        Arrays.copyOfRange(separators, from, to - 1), Arrays.copyOfRange(children, from, to));
  }

  /** This node's children, then {@code right}'s. */
  Inner concat(byte[] separator, Inner right) {
    Object[] newChildren = Arrays.copyOf(children, children.length + right.children.length);
    System.arraycopy(right.children, 0, newChildren, children.length, right.children.length);
    byte[][] newSeparators = Arrays.copyOf(separators, newChildren.length - 1);
    newSeparators[separators.length] = separator;
    System.arraycopy(
        right.separators, 0, newSeparators, separators.length + 1, right.separators.length);
    return new Inner(newSeparators, newChildren);
  }
}
