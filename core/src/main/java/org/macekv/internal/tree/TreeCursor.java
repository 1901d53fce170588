package org.macekv.internal.tree;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.macekv.internal.format.LargeValue;
import org.macekv.internal.format.LeafPage;
import org.macekv.internal.format.Varint;
import org.macekv.internal.mvcc.Version;

/**
 * Walks over a tree leaf by leaf. Where the range ends inside of a leaf is looked up once for that
 * leaf, so a step compares no keys. Confined to one thread.
 */
public final class TreeCursor implements EntryCursor {
  private static final byte[] NO_BYTES = {};
  private static final LeafState NO_LEAF = LeafState.empty();
  private static final Cell NO_CELL = new Cell(NO_BYTES, null, NO_LEAF);

  private final Tree tree;
  private final byte[] low;
  private final byte @Nullable [] high;
  private final long snapshot;
  private final boolean up;
  private boolean started;
  private boolean ended;

  // The leaf, and between which of its entries the cursor goes on.
  private Cell cell = NO_CELL;
  private LeafState state = NO_LEAF;
  private int lowBase;
  private int highBase;
  private int lowDelta;
  private int highDelta;

  // The current entry: of the base if index >= 0, else of the delta. Of the base's, where its parts
  // lie, so that key and value don't each look for them.
  private int index = -1;
  private int suffix;
  private int suffixLength;
  private int valueTag;
  private @Nullable Version version;

  TreeCursor(Tree tree, byte[] low, byte @Nullable [] high, long snapshot, boolean up) {
    this.tree = tree;
    this.low = low;
    this.high = high;
    this.snapshot = snapshot;
    this.up = up;
    this.ended = high != null && Arrays.compareUnsigned(low, high) >= 0;
  }

  @Override
  public boolean next() {
    while (!ended) {
      if (up ? stepUp() : stepDown()) {
        return true;
      }
      ended = !nextLeaf();
    }
    index = -1;
    version = null;
    return false;
  }

  private boolean stepUp() {
    while (lowBase < highBase || lowDelta < highDelta) {
      int baseCode = lowBase < highBase ? 2 * lowBase + 1 : Integer.MAX_VALUE;
      int deltaCode = lowDelta < highDelta ? state.codes[lowDelta] : Integer.MAX_VALUE;
      int base = baseCode <= deltaCode ? lowBase++ : -1;
      if (deltaCode > baseCode || resolve(state.entries[lowDelta++])) {
        if (deltaCode > baseCode || version == null) {
          if (base < 0) {
            continue;
          }
          onBase(base);
        }
        return true;
      }
    }
    return false;
  }

  private boolean stepDown() {
    while (lowBase < highBase || lowDelta < highDelta) {
      int baseCode = lowBase < highBase ? 2 * highBase - 1 : -1;
      int deltaCode = lowDelta < highDelta ? state.codes[highDelta - 1] : -1;
      int base = baseCode >= deltaCode ? --highBase : -1;
      if (deltaCode < baseCode || resolve(state.entries[--highDelta])) {
        if (deltaCode < baseCode || version == null) {
          if (base < 0) {
            continue;
          }
          onBase(base);
        }
        return true;
      }
    }
    return false;
  }

  private void onBase(int base) {
    byte[] page = state.page;
    int at = LeafPage.entryOffset(page, base);
    suffixLength = Varint.getInt(page, at);
    at += Varint.length(suffixLength);
    valueTag = Varint.getInt(page, at);
    suffix = at + Varint.length(valueTag);
    index = base;
    version = null;
  }

  /**
   * Makes a delta entry the current one; no version means that what the base has for the key, if
   * anything, is visible.
   *
   * @return false if the key is deleted
   */
  private boolean resolve(Version head) {
    version = Version.visible(head, tree.bound(snapshot));
    index = -1;
    return version == null || version.value() != Version.TOMBSTONE;
  }

  private boolean nextLeaf() {
    if (!started) {
      started = true;
      cell = up ? tree.cellOf(low) : tree.cellBelow(high);
    } else if (up) {
      byte[] next = cell.high;
      if (next == null || (high != null && Arrays.compareUnsigned(next, high) >= 0)) {
        return false;
      }
      cell = tree.cellOf(next);
    } else {
      byte[] next = cell.low;
      if (Arrays.compareUnsigned(next, low) <= 0) {
        return false;
      }
      cell = tree.cellBelow(next);
    }
    enter(cell.low, cell.high);
    return true;
  }

  /**
   * Requires: the leaf meets the range. A leaf entered later may reach back over keys that were
   * passed already (its neighbours were merged meanwhile), so the near end is looked up, too.
   */
  private void enter(byte[] cellLow, byte @Nullable [] cellHigh) {
    byte[] nearLow = up ? laterOf(low, resumeAt) : low;
    byte[] nearHigh = up ? high : earlierOf(high, resumeAt);
    state = tree.leafForScan(cell);
    lowBase = 0;
    lowDelta = 0;
    highBase = LeafPage.count(state.page);
    highDelta = state.codes.length;
    if (Arrays.compareUnsigned(nearLow, cellLow) > 0) {
      int found = LeafPage.search(state.page, nearLow);
      lowBase = found >= 0 ? found : -found - 1;
      int at = state.search(LeafState.code(found), nearLow);
      lowDelta = at >= 0 ? at : -at - 1;
    }
    if (nearHigh != null && (cellHigh == null || Arrays.compareUnsigned(nearHigh, cellHigh) < 0)) {
      int found = LeafPage.search(state.page, nearHigh);
      highBase = found >= 0 ? found : -found - 1;
      int at = state.search(LeafState.code(found), nearHigh);
      highDelta = at >= 0 ? at : -at - 1;
    }
    resumeAt = up ? cellHigh : cellLow;
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
  public boolean isOnEntry() {
    return index >= 0 || version != null;
  }

  @Override
  public byte[] key() {
    if (index >= 0) {
      byte[] page = state.page;
      int prefixLength = LeafPage.prefixLength(page);
      byte[] key = new byte[prefixLength + suffixLength];
      System.arraycopy(page, LeafPage.PREFIX, key, 0, prefixLength);
      System.arraycopy(page, suffix, key, prefixLength, suffixLength);
      return key;
    }
    Version current = version;
    if (current == null) {
      throw new IllegalStateException("the cursor is not on an entry");
    }
    return current.key().clone();
  }

  @Override
  public Object value() {
    if (index >= 0) {
      if (valueTag == LeafPage.BESIDE_TAG) {
        return Tree.fresh(state.beside[index]);
      }
      int start = suffix + suffixLength;
      return Arrays.copyOfRange(state.page, start, start + (valueTag >>> 1));
    }
    Version current = version;
    if (current == null) {
      throw new IllegalStateException("the cursor is not on an entry");
    }
    return Tree.fresh(current.value());
  }

  @Override
  public int valueLength() {
    Object value;
    if (index >= 0) {
      if (valueTag != LeafPage.BESIDE_TAG) {
        return valueTag >>> 1;
      }
      value = state.beside[index];
    } else {
      Version current = version;
      if (current == null) {
        throw new IllegalStateException("the cursor is not on an entry");
      }
      value = current.value();
    }
    return value instanceof byte[] bytes ? bytes.length : ((LargeValue) value).length();
  }
}
