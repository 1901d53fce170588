package org.macekv.internal.tree;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.macekv.internal.format.BigEndian;
import org.macekv.internal.format.LeafPage;
import org.macekv.internal.format.Varint;
import org.macekv.internal.mvcc.Commit;

/**
 * Collects what a new leaf shall hold, in key order, and then builds it with one allocation of the
 * exact size. Entries are copied as they are where both pages cut the same prefix off their keys.
 */
final class LeafBuilder {
  private static final int INITIAL = 40;
  private static final int FROM_DELTA = -1;

  // The plan for the base: runs of other bases, or single entries of other deltas.
  private Leaf[] sources = new Leaf[INITIAL];
  private int[] froms = new int[INITIAL];
  private int[] tos = new int[INITIAL]; // or FROM_DELTA
  private int steps;
  private int count;
  private boolean anyBeside;

  // The plan for the delta.
  private Leaf[] deltaSources = new Leaf[8];
  private int[] deltaIndexes = new int[8];
  private int[] deltaCodes = new int[8];
  private long[] deltaPositions = new long[8];
  private int deltaCount;
  private int live;

  /** Appends the base entries {@code from} (inclusive) to {@code to} of another leaf. */
  void run(Leaf leaf, int from, int to) {
    if (from >= to) {
      return;
    }
    count += to - from;
    live += to - from;
    anyBeside |= leaf.beside.length > 0;
    if (steps > 0 && sources[steps - 1] == leaf && tos[steps - 1] == from) {
      tos[steps - 1] = to;
      return;
    }
    step(leaf, from, to);
  }

  /** Appends an entry of another leaf's delta to the base. */
  void insert(Leaf leaf, int index) {
    anyBeside |= LeafPage.tag(leaf.page, leaf.offset(index)) == LeafPage.BESIDE_TAG;
    count++;
    live++;
    step(leaf, index, FROM_DELTA);
  }

  private void step(Leaf leaf, int from, int to) {
    if (steps == sources.length) {
      sources = Arrays.copyOf(sources, 2 * steps);
      froms = Arrays.copyOf(froms, 2 * steps);
      tos = Arrays.copyOf(tos, 2 * steps);
    }
    sources[steps] = leaf;
    froms[steps] = from;
    tos[steps++] = to;
  }

  /**
   * Appends an entry of another leaf's delta to the delta.
   *
   * @param inBase whether its key is that of the base entry that was appended last
   * @param position where it was committed, or pending
   */
  void keep(Leaf leaf, int index, boolean inBase, long position) {
    if (deltaCount == deltaIndexes.length) {
      deltaSources = Arrays.copyOf(deltaSources, 2 * deltaCount);
      deltaIndexes = Arrays.copyOf(deltaIndexes, 2 * deltaCount);
      deltaCodes = Arrays.copyOf(deltaCodes, 2 * deltaCount);
      deltaPositions = Arrays.copyOf(deltaPositions, 2 * deltaCount);
    }
    deltaSources[deltaCount] = leaf;
    deltaIndexes[deltaCount] = index;
    deltaCodes[deltaCount] = inBase ? 2 * count - 1 : 2 * count;
    deltaPositions[deltaCount++] = position;
  }

  /** Tells that the newest version of the key whose versions were kept has a value, or not. */
  void newest(boolean inBase, boolean hasValue) {
    live += (hasValue ? 1 : 0) - (inBase ? 1 : 0);
  }

  /** How many keys the base will have. */
  int count() {
    return count;
  }

  /**
   * The leaf.
   *
   * @param prefix the first {@code prefixLength} bytes of it begin every key
   * @param prefixLength how many bytes to cut off the keys
   * @param room for how many more entries of the delta there shall be room
   * @param roomBytes the same in bytes
   */
  Leaf build(byte[] prefix, int prefixLength, int room, int roomBytes) {
    int baseEnd = LeafPage.entries(prefixLength, count) + baseLength(prefixLength);
    byte[] page = new byte[baseEnd + deltaLength(prefixLength) + roomBytes];
    Object[] beside = anyBeside ? new Object[count] : Leaf.NOTHING_BESIDE;
    BigEndian.putInt(page, LeafPage.COUNT, count);
    BigEndian.putInt(page, LeafPage.PREFIX_LENGTH, prefixLength);
    System.arraycopy(prefix, 0, page, LeafPage.PREFIX, prefixLength);
    Writer writer = new Writer(page, beside, prefixLength, count);
    for (int step = 0; step < steps; step++) {
      if (tos[step] == FROM_DELTA) {
        writer.insert(sources[step], froms[step]);
      } else {
        writer.run(sources[step], froms[step], tos[step]);
      }
    }
    assert writer.at == baseEnd;
    writer.endBase();
    Leaf leaf =
        new Leaf(page, beside, baseEnd, deltaCount, deltaCount + room, live, besideBytes(beside));
    for (int i = 0; i < deltaCount; i++) {
      adopt(leaf, writer, i);
    }
    assert writer.at + roomBytes == page.length;
    return leaf;
  }

  private void adopt(Leaf leaf, Writer writer, int i) {
    Leaf source = deltaSources[i];
    int index = deltaIndexes[i];
    int from = source.offset(index);
    int entry = writer.at;
    writer.entry(source.page, from);
    Commit commit = deltaPositions[i] == Commit.PENDING ? source.commit(index) : null;
    boolean besidePage = LeafPage.tag(source.page, from) == LeafPage.BESIDE_TAG;
    leaf.adopt(
        deltaCodes[i],
        entry,
        writer.at - entry,
        deltaPositions[i],
        commit,
        besidePage ? source.besideValue(index) : null);
  }

  private static int besideBytes(@Nullable Object[] beside) {
    int bytes = 0;
    for (Object value : beside) {
      bytes += value == null ? 0 : Leaf.valueSize(value);
    }
    return bytes;
  }

  private int baseLength(int prefixLength) {
    int length = 0;
    for (int step = 0; step < steps; step++) {
      Leaf leaf = sources[step];
      length +=
          tos[step] == FROM_DELTA
              ? entryLength(leaf.page, leaf.offset(froms[step]), prefixLength)
              : runLength(leaf.page, froms[step], tos[step], prefixLength);
    }
    return length;
  }

  private int deltaLength(int prefixLength) {
    int length = 0;
    for (int i = 0; i < deltaCount; i++) {
      Leaf leaf = deltaSources[i];
      length += entryLength(leaf.page, leaf.offset(deltaIndexes[i]), prefixLength);
    }
    return length;
  }

  private static int runLength(byte[] page, int from, int to, int prefixLength) {
    int change = LeafPage.prefixLength(page) - prefixLength;
    int length = LeafPage.entryOffset(page, to) - LeafPage.entryOffset(page, from);
    if (change != 0) {
      for (int i = from; i < to; i++) {
        int old = LeafPage.suffixLength(page, LeafPage.entryOffset(page, i));
        length += change + Varint.length(old + change) - Varint.length(old);
      }
    }
    return length;
  }

  private static int entryLength(byte[] page, int entry, int prefixLength) {
    int change = LeafPage.prefixLength(page) - prefixLength;
    return LeafPage.entryLength(
        LeafPage.suffixLength(page, entry) + change, LeafPage.tag(page, entry));
  }

  /** Writes entries into a page of the right size. */
  private static final class Writer {
    private final byte[] page;
    private final Object[] beside;
    private final int prefixLength;
    private final int heads;
    private final int offsets;
    private int index;
    private int at;

    Writer(byte[] page, Object[] beside, int prefixLength, int count) {
      this.page = page;
      this.beside = beside;
      this.prefixLength = prefixLength;
      this.heads = LeafPage.PREFIX + prefixLength;
      this.offsets = heads + 4 * count;
      this.at = LeafPage.entries(prefixLength, count);
    }

    void insert(Leaf leaf, int deltaIndex) {
      int from = leaf.offset(deltaIndex);
      if (LeafPage.tag(leaf.page, from) == LeafPage.BESIDE_TAG) {
        beside[index] = leaf.besideValue(deltaIndex);
      }
      slotted(leaf.page, from);
    }

    void run(Leaf leaf, int from, int to) {
      if (leaf.beside.length > 0) {
        System.arraycopy(leaf.beside, from, beside, index, to - from);
      }
      if (LeafPage.prefixLength(leaf.page) == prefixLength) {
        copyBlock(leaf.page, from, to);
      } else {
        for (int i = from; i < to; i++) {
          slotted(leaf.page, LeafPage.entryOffset(leaf.page, i));
        }
      }
    }

    private void copyBlock(byte[] source, int from, int to) {
      int sourceHeads = LeafPage.heads(source) + 4 * from;
      int sourceOffsets = LeafPage.offsets(source) + 4 * from;
      int start = BigEndian.getInt(source, sourceOffsets);
      int end = BigEndian.getInt(source, sourceOffsets + 4 * (to - from));
      int shift = at - start;
      int targetOffsets = offsets + 4 * index;
      System.arraycopy(source, sourceHeads, page, heads + 4 * index, 4 * (to - from));
      for (int i = 0; i < 4 * (to - from); i += 4) {
        int offset = BigEndian.getInt(source, sourceOffsets + i);
        BigEndian.putInt(page, targetOffsets + i, offset + shift);
      }
      System.arraycopy(source, start, page, at, end - start);
      at += end - start;
      index += to - from;
    }

    /** Copies an entry and fills its slot. */
    private void slotted(byte[] source, int from) {
      int start = at;
      entry(source, from);
      BigEndian.putInt(page, heads + 4 * index, head(start));
      BigEndian.putInt(page, offsets + 4 * index, start);
      index++;
    }

    private int head(int entry) {
      int suffix = LeafPage.suffix(page, entry);
      int length = LeafPage.suffixLength(page, entry);
      if (length >= 4) {
        return BigEndian.getInt(page, suffix);
      }
      int head = 0;
      for (int i = 0; i < 4; i++) {
        head = head << 8 | (i < length ? page[suffix + i] & 0xff : 0);
      }
      return head;
    }

    /** Copies an entry; its suffix becomes longer or shorter if the prefixes differ. */
    void entry(byte[] source, int from) {
      int change = LeafPage.prefixLength(source) - prefixLength;
      if (change == 0) {
        int length = LeafPage.entryLength(source, from);
        System.arraycopy(source, from, page, at, length);
        at += length;
        return;
      }
      int suffixLength = LeafPage.suffixLength(source, from);
      int tag = LeafPage.tag(source, from);
      int old = LeafPage.suffix(source, from);
      at = Varint.put(page, at, suffixLength + change);
      at = Varint.put(page, at, tag);
      int rest = suffixLength + LeafPage.valueLength(tag);
      if (change > 0) {
        System.arraycopy(source, LeafPage.PREFIX + prefixLength, page, at, change);
        at += change;
      } else {
        old -= change;
        rest += change;
      }
      System.arraycopy(source, old, page, at, rest);
      at += rest;
    }

    void endBase() {
      BigEndian.putInt(page, offsets + 4 * index, at);
    }
  }
}
