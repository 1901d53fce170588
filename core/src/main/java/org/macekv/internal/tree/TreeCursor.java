package org.macekv.internal.tree;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.macekv.internal.format.BigEndian;
import org.macekv.internal.format.LargeValue;
import org.macekv.internal.format.LeafPage;
import org.macekv.internal.format.Varint;
import org.macekv.internal.pages.PageGoneException;

/**
 * Walks over a tree leaf by leaf. Where the range ends inside of a leaf is looked up once for that
 * leaf, so a step compares no keys. Confined to one thread.
 */
public final class TreeCursor implements EntryCursor {
  private static final byte[] NO_BYTES = {};
  private static final int[] NO_INTS = {};
  private static final int NONE = -1;
  private static final Leaf NO_LEAF = Leaf.empty();

  private final Tree tree;
  private final byte[] low;
  private final byte @Nullable [] high;
  private final long snapshot;
  private final boolean up;
  private final CellWalk walk;
  private boolean started;
  private boolean ended;

  // The leaf, and between which of its entries the cursor goes on.
  private byte[] leafLow = NO_BYTES;
  private byte @Nullable [] leafHigh;
  private Leaf leaf = NO_LEAF;
  private @Nullable ByteBuffer buffer; // the leaf's page, made when first needed
  private int offsets;
  private int prefixLength;
  private int lowBase;
  private int highBase;
  private int lowDelta;
  private int highDelta;

  // What of the delta the cursor sees, in key order, at most one version of a key: its index, and
  // its code. A deletion is there only if it hides an entry of the base.
  private int[] order = NO_INTS;
  private int[] codes = NO_INTS;
  private int seen;

  // The current entry, and where its parts lie, so that key and value don't each look for them:
  // base entry i as 2 i + 1, delta entry i as 2 i, none as -1.
  private int current = NONE;
  private int suffix;
  private int suffixLength;
  private int valueTag;

  TreeCursor(Tree tree, byte[] low, byte @Nullable [] high, long snapshot, boolean up) {
    this.tree = tree;
    this.low = low;
    this.high = high;
    this.snapshot = snapshot;
    this.up = up;
    this.walk = new CellWalk(tree, up, up ? high : low);
    this.ended = high != null && Arrays.compareUnsigned(low, high) >= 0;
  }

  @Override
  public boolean next() {
    while (!ended) {
      if (up ? stepUp() : stepDown()) {
        return true;
      }
      try {
        ended = !nextLeaf();
      } catch (PageGoneException e) {
        ended = true; // the bucket was dropped, and the cursor has no snapshot that shows it
      }
    }
    current = NONE;
    return false;
  }

  private boolean stepUp() {
    if (lowDelta == highDelta) {
      if (lowBase == highBase) {
        return false;
      }
      onBase(lowBase++);
      return true;
    }
    while (lowBase < highBase || lowDelta < highDelta) {
      int baseCode = lowBase < highBase ? 2 * lowBase + 1 : Integer.MAX_VALUE;
      int deltaCode = lowDelta < highDelta ? codes[lowDelta] : Integer.MAX_VALUE;
      if (baseCode < deltaCode) {
        onBase(lowBase++);
        return true;
      }
      lowBase += baseCode == deltaCode ? 1 : 0;
      if (onDelta(order[lowDelta++])) {
        return true;
      }
    }
    return false;
  }

  private boolean stepDown() {
    while (lowBase < highBase || lowDelta < highDelta) {
      int baseCode = lowBase < highBase ? 2 * highBase - 1 : -1;
      int deltaCode = lowDelta < highDelta ? codes[highDelta - 1] : -1;
      if (baseCode > deltaCode) {
        onBase(--highBase);
        return true;
      }
      highBase -= baseCode == deltaCode ? 1 : 0;
      if (onDelta(order[--highDelta])) {
        return true;
      }
    }
    return false;
  }

  private void onBase(int index) {
    current = 2 * index + 1;
    on(BigEndian.getInt(leaf.page, offsets + 4 * index));
  }

  /** Whether the entry has a value. */
  private boolean onDelta(int index) {
    current = 2 * index;
    on(leaf.offset(index));
    return valueTag != LeafPage.TOMBSTONE_TAG;
  }

  private void on(int entry) {
    byte[] page = leaf.page;
    suffixLength = Varint.getInt(page, entry);
    int at = entry + Varint.length(suffixLength);
    valueTag = Varint.getInt(page, at);
    suffix = at + Varint.length(valueTag);
  }

  private boolean nextLeaf() {
    Cell cell;
    if (!started) {
      started = true;
      cell = up ? walk.to(low) : walk.below(high);
    } else if (up) {
      byte[] next = leafHigh;
      if (next == null || (high != null && Arrays.compareUnsigned(next, high) >= 0)) {
        return false;
      }
      cell = walk.right(next);
    } else {
      byte[] next = leafLow;
      if (Arrays.compareUnsigned(next, low) <= 0) {
        return false;
      }
      cell = walk.left(next);
    }
    Leaf found = tree.leafForScan(cell);
    while (found == null) { // the cell was dropped
      byte[] at = resumeAt;
      if (up) {
        cell = walk.to(at == null ? low : at);
      } else {
        cell = walk.below(at == null ? high : at);
      }
      found = tree.leafForScan(cell);
    }
    leafLow = cell.low;
    leafHigh = cell.high;
    enter(found, cell.low, cell.high);
    return true;
  }

  /**
   * Requires: the leaf meets the range. A leaf entered later may reach back over keys that were
   * passed already (its neighbours were merged meanwhile), so the near end is looked up, too.
   */
  private void enter(Leaf entered, byte[] cellLow, byte @Nullable [] cellHigh) {
    // Most often the leaf begins where the one before it ended.
    boolean adjacent = resumeAt != null && Arrays.equals(resumeAt, up ? cellLow : cellHigh);
    byte[] nearLow = up && !adjacent ? laterOf(low, resumeAt) : low;
    byte[] nearHigh = up || adjacent ? high : earlierOf(high, resumeAt);
    leaf = entered;
    buffer = null;
    see();
    offsets = LeafPage.offsets(leaf.page);
    prefixLength = LeafPage.prefixLength(leaf.page);
    lowBase = 0;
    lowDelta = 0;
    highBase = LeafPage.count(leaf.page);
    highDelta = seen;
    if ((!up || !adjacent) && Arrays.compareUnsigned(nearLow, cellLow) > 0) {
      int found = LeafPage.search(leaf.page, nearLow);
      lowBase = found >= 0 ? found : -found - 1;
      lowDelta = firstSeen(Leaf.codeOf(found), nearLow);
    }
    if ((up || !adjacent)
        && nearHigh != null
        && (cellHigh == null || Arrays.compareUnsigned(nearHigh, cellHigh) < 0)) {
      int found = LeafPage.search(leaf.page, nearHigh);
      highBase = found >= 0 ? found : -found - 1;
      highDelta = firstSeen(Leaf.codeOf(found), nearHigh);
    }
    resumeAt = up ? cellHigh : cellLow;
  }

  /** Looks what of the leaf's delta the cursor sees. */
  private void see() {
    seen = 0;
    int count = leaf.count();
    if (count == 0) {
      return;
    }
    long bound = tree.bound(snapshot); // behind the count
    if (order.length < count) {
      order = new int[2 * count];
      codes = new int[2 * count];
    }
    leaf.order(order, count);
    for (int i = 0; i < count; ) {
      int first = order[i];
      int visible = NONE;
      do {
        if (visible == NONE && leaf.position(order[i]) <= bound) {
          visible = order[i];
        }
        i++;
      } while (i < count && leaf.sameKey(first, order[i]));
      int code = leaf.code(first);
      if (visible != NONE && ((code & 1) != 0 || !leaf.isTombstone(visible))) {
        order[seen] = visible;
        codes[seen++] = code;
      }
    }
  }

  /** The first of the seen at or behind a key. */
  private int firstSeen(int code, byte[] key) {
    int i = 0;
    while (i < seen
        && (codes[i] < code
            || (codes[i] == code
                && (code & 1) == 0
                && LeafPage.compareKey(leaf.page, leaf.offset(order[i]), key, prefixLength) < 0))) {
      i++;
    }
    return i;
  }

  // Where the leaf before ended, going up, or began, going down.
  private byte @Nullable [] resumeAt;

  private static byte[] laterOf(byte[] one, byte @Nullable [] other) {
    return other != null && Arrays.compareUnsigned(other, one) > 0 ? other : one;
  }

  private static byte @Nullable [] earlierOf(byte @Nullable [] one, byte @Nullable [] other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return Arrays.compareUnsigned(other, one) < 0 ? other : one;
  }

  @Override
  public byte[] key() {
    byte[] key = new byte[keyLength()];
    copyKey(key, 0);
    return key;
  }

  @Override
  public boolean isLarge() {
    return valueTag == LeafPage.BESIDE_TAG && !(besideValue() instanceof byte[]);
  }

  @Override
  public int keyLength() {
    checkOnEntry();
    return prefixLength + suffixLength;
  }

  @Override
  public int copyKey(byte[] target, int offset) {
    int length = keyLength();
    Objects.checkFromIndexSize(offset, length, target.length);
    byte[] page = leaf.page;
    for (int i = 0; i < prefixLength; i++) { // most often very short
      target[offset + i] = page[LeafPage.PREFIX + i];
    }
    System.arraycopy(page, suffix, target, offset + prefixLength, suffixLength);
    return length;
  }

  @Override
  public Object value() {
    checkOnEntry();
    if (valueTag == LeafPage.BESIDE_TAG) {
      return Tree.fresh(besideValue());
    }
    int start = suffix + suffixLength;
    return Arrays.copyOfRange(leaf.page, start, start + (valueTag >>> 1));
  }

  @Override
  public @Nullable Object valueAgain() {
    return tree.get(key(), snapshot);
  }

  @Override
  public int copyValue(byte[] target, int offset) {
    checkOnEntry();
    byte[] source = leaf.page;
    int from = suffix + suffixLength;
    int length = valueTag >>> 1;
    if (valueTag == LeafPage.BESIDE_TAG) {
      if (!(besideValue() instanceof byte[] bytes)) {
        return -1;
      }
      source = bytes;
      from = 0;
      length = bytes.length;
    }
    System.arraycopy(source, from, target, offset, length);
    return length;
  }

  @Override
  public @Nullable ByteBuffer valueBuffer() {
    checkOnEntry();
    if (valueTag == LeafPage.BESIDE_TAG) {
      return besideValue() instanceof byte[] bytes
          ? ByteBuffer.wrap(bytes).asReadOnlyBuffer()
          : null;
    }
    ByteBuffer whole = buffer;
    if (whole == null) {
      whole = ByteBuffer.wrap(leaf.page).asReadOnlyBuffer();
      buffer = whole;
    }
    return whole.slice(suffix + suffixLength, valueTag >>> 1);
  }

  @Override
  public int valueLength() {
    checkOnEntry();
    if (valueTag != LeafPage.BESIDE_TAG) {
      return valueTag >>> 1;
    }
    Object value = besideValue();
    return value instanceof byte[] bytes ? bytes.length : ((LargeValue) value).length();
  }

  private Object besideValue() {
    return (current & 1) != 0 ? leaf.beside[current >> 1] : leaf.besideValue(current >> 1);
  }

  private void checkOnEntry() {
    if (current == NONE) {
      throw new IllegalStateException("the cursor is not on an entry");
    }
  }
}
