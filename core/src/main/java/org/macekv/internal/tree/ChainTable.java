package org.macekv.internal.tree;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.macekv.internal.format.ImageChain;

/**
 * Where the images of many leaves lie, packed: for the children of an inner node that are on disk
 * only. Immutable.
 */
final class ChainTable {
  // Object, two arrays' headers, and what aligning them costs.
  private static final int OBJECT_BYTES = 16 + 2 * 20;

  private final int[] fields;
  private final char[] ends; // of each chain in fields

  private ChainTable(int[] fields, char[] ends) {
    this.fields = fields;
    this.ends = ends;
  }

  /** About how much heap it takes. */
  long heapBytes() {
    return OBJECT_BYTES + 4L * fields.length + 2L * ends.length;
  }

  private int start(int index) {
    return index == 0 ? 0 : ends[index - 1];
  }

  /** A chain, as a fresh object; null if none was given for the index. */
  @Nullable ImageChain get(int index) {
    int start = start(index);
    return start == ends[index] ? null : ImageChain.ofFields(fields, start, ends[index]);
  }

  /** Whether the chain at the index is this one. */
  boolean has(int index, ImageChain chain) {
    return chain.hasFields(fields, start(index), ends[index]);
  }

  /** Puts a table together. */
  static final class Builder {
    private static final int TYPICAL_FIELDS = 6;

    private int[] fields;
    private final char[] ends; // 128 chains of 9 images: far from full
    private int count;

    Builder(int most) {
      this.fields = new int[most * TYPICAL_FIELDS];
      this.ends = new char[most];
    }

    void add(@Nullable ImageChain chain) {
      int at = reserve(chain == null ? 0 : chain.fieldCount());
      if (chain != null) {
        chain.putFields(fields, at);
      }
    }

    /** Adds one of another table. */
    void add(ChainTable from, int index) {
      int start = from.start(index);
      int length = from.ends[index] - start;
      int at = reserve(length);
      System.arraycopy(from.fields, start, fields, at, length);
    }

    private int reserve(int length) {
      int at = count == 0 ? 0 : ends[count - 1];
      if (at + length > fields.length) {
        fields = Arrays.copyOf(fields, Math.max(2 * fields.length, at + length));
      }
      ends[count++] = (char) (at + length);
      return at;
    }

    /** The table; null if there is no chain in it. */
    @Nullable ChainTable build() {
      int length = count == 0 ? 0 : ends[count - 1];
      return length == 0
          ? null
          : new ChainTable(Arrays.copyOf(fields, length), Arrays.copyOf(ends, count));
    }
  }
}
