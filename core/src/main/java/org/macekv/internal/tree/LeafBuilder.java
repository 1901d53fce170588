package org.macekv.internal.tree;

import java.util.Arrays;
import org.macekv.internal.format.BigEndian;
import org.macekv.internal.format.LeafPage;
import org.macekv.internal.format.Varint;
import org.macekv.internal.mvcc.Version;

/**
 * Collects what a new leaf state shall hold, in key order, and then builds it with one allocation
 * of the exact size. Runs of entries that come out of an older page are copied as blocks where both
 * pages cut the same prefix off their keys.
 */
final class LeafBuilder {
  /** A fold is tried when this many entries have come to the delta since the last. */
  static final int FOLD_AT = 16;

  // The plan: runs of an older state (source is a LeafState) or single inserts (source is a key).
  private Object[] sources = new Object[2 * FOLD_AT + 8];
  private Object[] values = new Object[2 * FOLD_AT + 8];
  private int[] froms = new int[2 * FOLD_AT + 8];
  private int[] tos = new int[2 * FOLD_AT + 8];
  private int steps;
  private int count;
  private boolean anyBeside;

  private int[] codes = new int[FOLD_AT];
  private Version[] entries = new Version[FOLD_AT];
  private int entryCount;

  /** Appends the base entries {@code from} (inclusive) to {@code to} of another state. */
  void run(LeafState state, int from, int to) {
    if (from >= to) {
      return;
    }
    count += to - from;
    anyBeside |= state.beside.length > 0;
    if (steps > 0 && sources[steps - 1] == state && tos[steps - 1] == from) {
      tos[steps - 1] = to;
      return;
    }
    int step = nextStep();
    sources[step] = state;
    froms[step] = from;
    tos[step] = to;
  }

  /** Appends a key with its value: bytes or a large value. */
  void insert(byte[] key, Object value) {
    int step = nextStep();
    sources[step] = key;
    values[step] = value;
    anyBeside |= isBeside(value);
    count++;
  }

  /** Appends a chain; {@code inBase}: its key is the base entry that was appended last. */
  void entry(Version entry, boolean inBase) {
    if (entryCount == codes.length) {
      codes = Arrays.copyOf(codes, 2 * entryCount);
      entries = Arrays.copyOf(entries, 2 * entryCount);
    }
    codes[entryCount] = inBase ? 2 * count - 1 : 2 * count;
    entries[entryCount++] = entry;
  }

  private int nextStep() {
    if (steps == sources.length) {
      sources = Arrays.copyOf(sources, 2 * steps);
      values = Arrays.copyOf(values, 2 * steps);
      froms = Arrays.copyOf(froms, 2 * steps);
      tos = Arrays.copyOf(tos, 2 * steps);
    }
    return steps++;
  }

  private static boolean isBeside(Object value) {
    return !(value instanceof byte[] bytes) || bytes.length > LeafPage.MAX_VALUE_IN_PAGE;
  }

  private static int besideSize(Object[] beside) {
    int size = 0;
    for (Object value : beside) {
      if (value != null) {
        size += LeafState.valueSize(value);
      }
    }
    return size;
  }

  /**
   * The state.
   *
   * @param prefix the first {@code prefixLength} bytes of it begin every key
   * @param prefixLength how many bytes to cut off the keys
   */
  LeafState build(byte[] prefix, int prefixLength) {
    byte[] page = new byte[LeafPage.PREFIX + prefixLength + entriesLength(prefixLength)];
    Object[] beside = anyBeside ? new Object[count] : LeafState.NOTHING_BESIDE;
    BigEndian.putInt(page, LeafPage.COUNT, count);
    BigEndian.putInt(page, LeafPage.PREFIX_LENGTH, prefixLength);
    System.arraycopy(prefix, 0, page, LeafPage.PREFIX, prefixLength);
    Writer writer = new Writer(page, beside, prefixLength, count);
    for (int step = 0; step < steps; step++) {
      if (sources[step] instanceof LeafState state) {
        writer.run(state, froms[step], tos[step]);
      } else {
        writer.insert((byte[]) sources[step], values[step]);
      }
    }
    assert writer.at == page.length;
    return state(page, beside);
  }

  private LeafState state(byte[] page, Object[] beside) {
    int[] stateCodes = Arrays.copyOf(codes, entryCount);
    Version[] stateEntries = Arrays.copyOf(entries, entryCount);
    int deltaBytes = 0;
    for (Version entry : stateEntries) {
      deltaBytes += entrySize(entry);
    }
    return new LeafState(
        page,
        beside,
        stateCodes,
        stateEntries,
        LeafState.countLive(count, stateCodes, stateEntries),
        deltaBytes,
        besideSize(beside),
        entryCount + FOLD_AT);
  }

  /** The size that a delta entry counts for. */
  static int entrySize(Version entry) {
    return 16 + entry.key().length + LeafState.valueSize(entry.value());
  }

  private int entriesLength(int prefixLength) {
    int length = 0;
    for (int step = 0; step < steps; step++) {
      if (sources[step] instanceof LeafState state) {
        length += runLength(state, froms[step], tos[step], prefixLength);
      } else {
        int suffixLength = ((byte[]) sources[step]).length - prefixLength;
        length += LeafPage.entryLength(suffixLength, tag(values[step]));
      }
    }
    return length;
  }

  private static int runLength(LeafState state, int from, int to, int prefixLength) {
    byte[] page = state.page;
    int change = LeafPage.prefixLength(page) - prefixLength;
    int length =
        LeafPage.entryOffset(page, to)
            - LeafPage.entryOffset(page, from)
            + (to - from) * LeafPage.SLOT_LENGTH;
    if (change != 0) {
      for (int i = from; i < to; i++) {
        int old = LeafPage.suffixLength(page, i);
        length += change + Varint.length(old + change) - Varint.length(old);
      }
    }
    return length;
  }

  private static int tag(Object value) {
    return isBeside(value) ? LeafPage.BESIDE_TAG : ((byte[]) value).length << 1;
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
      this.at = heads + count * LeafPage.SLOT_LENGTH;
    }

    void insert(byte[] key, Object value) {
      startEntry(BigEndian.headInt(key, prefixLength));
      int suffixLength = key.length - prefixLength;
      at = Varint.put(page, at, suffixLength);
      at = Varint.put(page, at, tag(value));
      System.arraycopy(key, prefixLength, page, at, suffixLength);
      at += suffixLength;
      if (isBeside(value)) {
        beside[index] = value;
      } else {
        byte[] bytes = (byte[]) value;
        System.arraycopy(bytes, 0, page, at, bytes.length);
        at += bytes.length;
      }
      index++;
    }

    void run(LeafState state, int from, int to) {
      if (state.beside.length > 0) {
        System.arraycopy(state.beside, from, beside, index, to - from);
      }
      int change = LeafPage.prefixLength(state.page) - prefixLength;
      if (change == 0) {
        copyBlock(state.page, from, to);
      } else {
        for (int i = from; i < to; i++) {
          rewrite(state.page, i, change);
        }
      }
    }

    private void copyBlock(byte[] source, int from, int to) {
      int start = LeafPage.entryOffset(source, from);
      int end = LeafPage.entryOffset(source, to);
      int shift = at - start;
      int sourceHeads = LeafPage.heads(source) + 4 * from;
      int sourceOffsets = LeafPage.offsets(source) + 4 * from;
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

    /** One entry whose suffix becomes longer by {@code change}, or shorter if that is negative. */
    private void rewrite(byte[] source, int from, int change) {
      int entry = LeafPage.entryOffset(source, from);
      int suffixLength = Varint.getInt(source, entry);
      int old = entry + Varint.length(suffixLength);
      int tag = Varint.getInt(source, old);
      old += Varint.length(tag);
      int entryStart = at;
      at = Varint.put(page, at, suffixLength + change);
      at = Varint.put(page, at, tag);
      int suffix = at;
      if (change > 0) {
        System.arraycopy(source, LeafPage.PREFIX + prefixLength, page, at, change);
        at += change;
      } else {
        old -= change;
        suffixLength += change;
      }
      int rest = suffixLength + (tag == LeafPage.BESIDE_TAG ? 0 : tag >>> 1);
      System.arraycopy(source, old, page, at, rest);
      at += rest;
      int headLength = suffixLength + Math.max(change, 0);
      BigEndian.putInt(page, heads + 4 * index, head(suffix, headLength));
      BigEndian.putInt(page, offsets + 4 * index, entryStart);
      index++;
    }

    private int head(int suffix, int length) {
      int head = 0;
      for (int i = 0; i < 4; i++) {
        head = head << 8 | (i < length ? page[suffix + i] & 0xff : 0);
      }
      return head;
    }

    private void startEntry(int head) {
      BigEndian.putInt(page, heads + 4 * index, head);
      BigEndian.putInt(page, offsets + 4 * index, at);
    }
  }
}
