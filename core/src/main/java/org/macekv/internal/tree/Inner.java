package org.macekv.internal.tree;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.macekv.internal.format.ImageChain;

/**
 * An inner node: children, and between each two of them a separator. Which ranges its children have
 * never changes. Of a leaf that is neither in memory nor in use there is no {@link Cell}, but only
 * where its images lie; so a slot of a node right above the leaves has the cell, or else the chain
 * of images, or nothing, if the chain is in the table of all such.
 *
 * <p>Slots and table are changed under the lock of the {@link InnerRef} that has the node. Readers
 * take no lock: they use a cell that they find, and ask the reference for one that they don't. The
 * checkpoint's thread, which alone makes new chains, and the table, may look a chain up without.
 */
final class Inner {
  static final int MAX_CHILDREN = 128;
  static final int MIN_CHILDREN = MAX_CHILDREN / 4;

  private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Object[].class);

  // Object and slots' header.
  private static final int OBJECT_BYTES = 24 + 20;

  // A reference to an inner node, with its fences and the addresses of some images.
  private static final int REF_BYTES = 72 + 64 + 80;

  private final int level;
  private final Separators separators;
  private final @Nullable Object[] slots;
  private @Nullable ChainTable chains;

  private Inner(
      int level, Separators separators, @Nullable Object[] slots, @Nullable ChainTable chains) {
    this.level = level;
    this.separators = separators;
    this.slots = slots;
    this.chains = chains;
  }

  /** A node of nodes in memory. */
  static Inner of(Separators separators, NodeLock... children) {
    return new Inner(
        1 + levelOf(children[0]),
        separators,
        Arrays.copyOf(children, children.length, Object[].class),
        null);
  }

  /** A node right above the leaves, all of which are on disk. */
  static Inner of(Separators separators, ImageChain... leaves) {
    ChainTable.Builder table = new ChainTable.Builder(leaves.length);
    for (ImageChain each : leaves) {
      table.add(each);
    }
    return new Inner(1, separators, new Object[leaves.length], table.build());
  }

  /** The level of a node: 0 for a cell. */
  static int levelOf(Object node) {
    return node instanceof InnerRef ref ? ref.level() : 0;
  }

  int level() {
    return level;
  }

  /**
   * About how much heap the node takes, with its children if these are references to inner nodes.
   */
  long heapBytes() {
    ChainTable table = chains;
    return OBJECT_BYTES
        + separators.heapBytes()
        + slots.length * (level == 1 ? 4L : 4L + REF_BYTES)
        + (table == null ? 0 : table.heapBytes());
  }

  int count() {
    return slots.length;
  }

  Separators separators() {
    return separators;
  }

  /**
   * The index of the child whose range has {@code key}: the number of separators at or below it.
   */
  int indexOf(byte[] key) {
    return separators.countUpTo(key);
  }

  /** The index of the child that has the greatest key below {@code key}, if any has one. */
  int indexBelow(byte[] key) {
    return separators.countBelow(key);
  }

  private @Nullable Object slot(int index) {
    return SLOT.getAcquire(slots, index);
  }

  /** The child, or null if that is a leaf that is neither in memory nor in use. */
  @Nullable NodeLock child(int index) {
    return slot(index) instanceof NodeLock child ? child : null;
  }

  /** A child that is an inner node. */
  InnerRef ref(int index) {
    if (slot(index) instanceof InnerRef ref) {
      return ref;
    }
    throw new IllegalStateException("a node of level " + level + " has no inner node below it");
  }

  /**
   * Where the child's images are, as far as that is durable; null if there are none. Requires: the
   * reference is locked, or it is the checkpoint's thread that asks.
   */
  @Nullable ImageChain chain(int index) {
    Object slot = slot(index);
    if (slot instanceof Cell cell) {
      return cell.image();
    }
    if (slot instanceof InnerRef ref) {
      return ref.image();
    }
    if (slot instanceof ImageChain chain) {
      return chain;
    }
    ChainTable table = chains;
    return table == null ? null : table.get(index);
  }

  /** Requires: the reference is locked. */
  void setCell(int index, Cell cell) {
    SLOT.setRelease(slots, index, cell);
  }

  /** There is no cell any more. Requires: the reference is locked. */
  void setChain(int index, ImageChain chain) {
    ChainTable table = chains;
    SLOT.setRelease(slots, index, table != null && table.has(index, chain) ? null : chain);
  }

  /**
   * Puts all chains of images into the table. On the checkpoint's thread. Requires: the reference
   * is locked.
   */
  void packChains() {
    ChainTable.Builder table = new ChainTable.Builder(slots.length);
    for (int i = 0; i < slots.length; i++) {
      addChain(table, i);
    }
    chains = table.build(); // first: whoever finds nothing in a slot looks here
    for (int i = 0; i < slots.length; i++) {
      if (slot(i) instanceof ImageChain) {
        SLOT.setRelease(slots, i, null);
      }
    }
  }

  private void addChain(ChainTable.Builder builder, int index) {
    ChainTable table = chains;
    if (table != null && slot(index) == null) {
      builder.add(table, index);
    } else {
      builder.add(chain(index));
    }
  }

  /**
   * With the {@code removed} children from {@code from} on replaced by {@code with}. Requires: the
   * reference is locked.
   */
  Inner replace(int from, int removed, NodeLock[] with, byte[][] between) {
    Builder builder = new Builder(level, slots.length - removed + with.length);
    builder.add(this, 0, from);
    if (from > 0) {
      builder.separators.add(separators, from - 1);
    }
    for (int i = 0; i < with.length; i++) {
      if (i > 0) {
        builder.separators.add(between[i - 1]);
      }
      builder.add(with[i]);
    }
    int rest = from + removed;
    if (rest < slots.length) {
      builder.separators.add(separators, rest - 1);
    }
    builder.add(this, rest, slots.length);
    return builder.build();
  }

  /** The children from {@code from} to {@code to}. Requires: nobody else knows the node. */
  Inner slice(int from, int to) {
    Builder builder = new Builder(level, to - from);
    builder.add(this, from, to);
    return builder.build();
  }

  /** This node's children, then {@code right}'s. Requires: the references are locked. */
  Inner concat(byte[] separator, Inner right) {
    Builder builder = new Builder(level, slots.length + right.slots.length);
    builder.add(this, 0, slots.length);
    builder.separators.add(separator);
    builder.add(right, 0, right.slots.length);
    return builder.build();
  }

  /** Puts a node together, whose slots have no chains, but its table. */
  private static final class Builder {
    private final int level;
    private final Separators.Builder separators;
    private final @Nullable Object[] slots;
    private final ChainTable.Builder chains;
    private int count;

    Builder(int level, int children) {
      this.level = level;
      this.separators = new Separators.Builder(children - 1);
      this.slots = new Object[children];
      this.chains = new ChainTable.Builder(children);
    }

    void add(NodeLock child) {
      slots[count++] = child;
      chains.add(null); // its own changes, and comes into the table with the next checkpoint
    }

    /** Adds children, and what lies between them. */
    void add(Inner from, int begin, int end) {
      for (int i = begin; i < end; i++) {
        if (i > begin) {
          separators.add(from.separators, i - 1);
        }
        NodeLock child = from.child(i);
        if (child != null) {
          add(child);
        } else {
          slots[count++] = null;
          from.addChain(chains, i);
        }
      }
    }

    Inner build() {
      return new Inner(level, separators.build(), slots, chains.build());
    }
  }
}
