package org.macekv.internal.tree;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.macekv.internal.format.LargeValue;
import org.macekv.internal.format.LeafPage;
import org.macekv.internal.format.Varint;
import org.macekv.internal.mvcc.Commit;

/**
 * What a leaf holds: a base, that is sorted keys with one value each, which everybody sees who sees
 * no newer version, and a small delta of newer versions. Both lie in one page. The base never
 * changes; the delta is only appended to, until the room for it is used up and a fold makes a new
 * leaf. No version is an object, so a write leaves nothing behind that a collector has to trace or
 * copy but the page.
 *
 * <p>Each delta entry has a <em>code</em> that says where its key lies in the base: {@code 2 i + 1}
 * for the key of base entry {@code i}, {@code 2 i} for a key between the entries {@code i - 1} and
 * {@code i}. So one search in the base places a key in the delta, too: an entry with an odd code
 * needs no comparison of keys, one with an even code only with keys of the same gap.
 *
 * <p>The delta's first {@code sorted} entries are what the last fold had to keep, in the order of
 * codes and keys, of each key the newest version first. Those behind them are in the order of their
 * commits, the newest last.
 *
 * <p>Invariants: appending, and all fields that are not final, belong to the holder of the cell's
 * lock; a reader takes {@link #count()} first and looks at nothing behind it. What an entry below
 * the count is made of never changes, but for the fate of its commit, and for the pointer to a
 * large value that was moved, which is replaced in its place by the pointer to the copy.
 */
final class Leaf {
  static final Object[] NOTHING_BESIDE = {};
  private static final long[] NO_DELTA = {};
  private static final int HEAP_OVERHEAD = 250;
  private static final AtomicLong LEAVES = new AtomicLong();
  private static final VarHandle COUNT;

  static {
    try {
      COUNT = MethodHandles.lookup().findVarHandle(Leaf.class, "count", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final byte[] page;

  /** Values kept beside the base, one element for each entry, or {@link #NOTHING_BESIDE}. */
  final Object[] beside;

  /** How many entries of the delta are sorted. */
  final int sorted;

  /** No other leaf has it, of whatever store: with a key, it names what the base has for that. */
  final long number = LEAVES.incrementAndGet();

  // For each entry of the delta its code and its offset in the page, then for each its position.
  private final long[] delta;
  private final int capacity;

  // Written with release order when the entry that it covers is complete, and read with acquire
  // order: whoever sees the count sees the entry, and the arrays below.
  @SuppressWarnings("unused") // through COUNT
  private int count;

  // The commits of entries that were undecided when they were appended; made when first needed.
  private @Nullable Commit @Nullable [] commits;
  // The values of delta entries that are kept beside the page; made when first needed.
  private @Nullable Object @Nullable [] values;

  private long foldedUpTo; // written before anybody else sees the leaf
  private int top;
  private int live;
  private int besideBytes;
  private int heapBytes;

  /**
   * A leaf with room for a delta.
   *
   * @param top where the next entry of the delta goes
   * @param sorted how many entries the caller will append that are sorted
   * @param capacity how many entries there may be
   * @param live how many keys have a value in their newest version
   * @param besideBytes what the values beside the base count for
   */
  Leaf(byte[] page, Object[] beside, int top, int sorted, int capacity, int live, int besideBytes) {
    this.page = page;
    this.beside = beside;
    this.top = top;
    this.sorted = sorted;
    this.capacity = capacity;
    this.delta = capacity == 0 ? NO_DELTA : new long[2 * capacity];
    this.live = live;
    this.besideBytes = besideBytes;
    this.heapBytes = HEAP_OVERHEAD + page.length + 16 * capacity + 4 * beside.length;
    for (Object value : beside) {
      heapBytes += value == null ? 0 : heapBytes(value);
    }
  }

  private static int heapBytes(Object value) {
    return value instanceof byte[] bytes ? 16 + bytes.length : 100;
  }

  /** A leaf without entries. */
  static Leaf empty() {
    byte[] page = LeafPage.empty();
    return new Leaf(page, NOTHING_BESIDE, page.length, 0, 0, 0, 0);
  }

  // ---- Reading --------------------------------------------------------------------------------

  /** How many entries the delta has. */
  int count() {
    return (int) COUNT.getAcquire(this);
  }

  /** The code of a key whose search in the base gave {@code found}. */
  static int codeOf(int found) {
    return found >= 0 ? 2 * found + 1 : 2 * (-found - 1);
  }

  /** The code of a delta entry. */
  int code(int index) {
    return (int) (delta[index] >>> 32);
  }

  /** Where a delta entry lies in the page. */
  int offset(int index) {
    return (int) delta[index];
  }

  /** The position of a delta entry's commit, as it is now. */
  long position(int index) {
    long position = delta[capacity + index];
    return position == Commit.PENDING ? commit(index).position() : position;
  }

  /** The commit of a delta entry that was undecided when it was appended. */
  Commit commit(int index) {
    @Nullable Commit[] all = commits;
    Commit commit = all == null ? null : all[index];
    if (commit == null) {
      throw new IllegalStateException("an undecided entry has no commit");
    }
    return commit;
  }

  /** Whether the delta has a version of a key with this commit. */
  boolean has(int code, byte[] key, Commit commit) {
    @Nullable Commit[] all = commits;
    if (all != null) {
      for (int i = older(count(), code, key); i >= 0; i = older(i, code, key)) {
        if (all[i] == commit) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether a delta entry deletes its key. */
  boolean isTombstone(int index) {
    return LeafPage.tag(page, offset(index)) == LeafPage.TOMBSTONE_TAG;
  }

  /** A key between two that has a version which was committed above a position, or null. */
  byte @Nullable [] changedSince(byte[] low, byte @Nullable [] high, long position) {
    int count = count();
    for (int i = 0; i < count; i++) {
      long at = position(i);
      if (at > position && at != Commit.PENDING && at != Commit.ABORTED) {
        byte[] key = LeafPage.key(page, offset(i));
        if (Arrays.compareUnsigned(low, key) <= 0
            && (high == null || Arrays.compareUnsigned(key, high) < 0)) {
          return key;
        }
      }
    }
    return null;
  }

  /** The index of the newest version of a key at or below a position, or -1. */
  int visible(int code, byte[] key, int count, long position) {
    for (int i = older(count, code, key); i >= 0; i = older(i, code, key)) {
      if (position(i) <= position) {
        return i;
      }
    }
    return -1;
  }

  /**
   * The index of the next older version of a key than the one at {@code from}, or -1; from the
   * count on, the newest.
   */
  int older(int from, int code, byte[] key) {
    int i = from;
    while (i > sorted) {
      i--;
      if (code(i) == code && isKey(i, code, key)) {
        return i;
      }
    }
    if (sorted == 0) {
      return -1;
    }
    int next = from >= sorted ? firstSorted(code, key) : from + 1;
    return next < sorted && code(next) == code && isKey(next, code, key) ? next : -1;
  }

  private boolean isKey(int index, int code, byte[] key) {
    return (code & 1) != 0
        || LeafPage.compareKey(page, offset(index), key, LeafPage.prefixLength(page)) == 0;
  }

  /** The index of the first sorted entry at or behind a key. */
  int firstSorted(int code, byte[] key) {
    int low = 0;
    int high = sorted - 1;
    int prefixLength = LeafPage.prefixLength(page);
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = Integer.compare(code(middle), code);
      if (order == 0 && (code & 1) == 0) {
        order = LeafPage.compareKey(page, offset(middle), key, prefixLength);
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /** Whether two delta entries are of one key. */
  boolean sameKey(int one, int other) {
    return compareKeys(one, other) == 0;
  }

  private int compareKeys(int one, int other) {
    int code = code(one);
    int order = Integer.compare(code, code(other));
    return order != 0 || (code & 1) != 0 ? order : compareSuffixes(offset(one), offset(other));
  }

  private int compareSuffixes(int one, int other) {
    int oneSuffix = LeafPage.suffix(page, one);
    int otherSuffix = LeafPage.suffix(page, other);
    return Arrays.compareUnsigned(
        page,
        oneSuffix,
        oneSuffix + LeafPage.suffixLength(page, one),
        page,
        otherSuffix,
        otherSuffix + LeafPage.suffixLength(page, other));
  }

  /**
   * Fills {@code order}, which has room for {@code count}, with the indexes of the delta's entries:
   * in the order of their keys, of each key the newest version first.
   */
  void order(int[] order, int count) {
    for (int i = 0; i < sorted; i++) {
      order[i] = i;
    }
    for (int i = sorted; i < count; i++) {
      int low = 0;
      int high = i - 1;
      while (low <= high) {
        int middle = (low + high) >>> 1;
        if (compareKeys(order[middle], i) < 0) {
          low = middle + 1;
        } else {
          high = middle - 1;
        }
      }
      System.arraycopy(order, low, order, low + 1, i - low);
      order[low] = i;
    }
  }

  /** The value of base entry {@code index}: a fresh array or a large value. */
  Object baseValue(int index) {
    byte[] value = LeafPage.value(page, LeafPage.entryOffset(page, index));
    return value != null ? value : Tree.fresh(beside[index]);
  }

  /** The value of a delta entry: a fresh array or a large value; null if it deletes its key. */
  @Nullable Object deltaValue(int index) {
    byte[] value = LeafPage.value(page, offset(index));
    if (value != null) {
      return value;
    }
    return isTombstone(index) ? null : Tree.fresh(besideValue(index));
  }

  /** Whether two values, as the leaf gives them, are the same; null is none. */
  static boolean sameValue(@Nullable Object one, @Nullable Object other) {
    return (one instanceof byte[] bytes && other instanceof byte[] others)
        ? Arrays.equals(bytes, others)
        : Objects.equals(one, other);
  }

  /** The shared value beside the page of a delta entry that has one. */
  Object besideValue(int index) {
    @Nullable Object[] all = values;
    Object value = all == null ? null : all[index];
    if (value == null) {
      throw new IllegalStateException("a value is not where its entry says");
    }
    return value;
  }

  /**
   * The large values of the versions of a key that somebody may still see.
   *
   * @param oldest every later reader reads at or above it
   */
  List<LargeValue> largeValues(byte[] key, long oldest) {
    List<LargeValue> large = new ArrayList<>();
    int found = LeafPage.search(page, key);
    int code = codeOf(found);
    boolean hidden = false;
    for (int i = older(count(), code, key); i >= 0 && !hidden; i = older(i, code, key)) {
      long position = position(i);
      if (position == Commit.ABORTED) {
        continue;
      }
      if (LeafPage.tag(page, offset(i)) == LeafPage.BESIDE_TAG
          && besideValue(i) instanceof LargeValue value) {
        large.add(value);
      }
      hidden = position <= oldest;
    }
    if (!hidden && found >= 0 && beside.length > 0 && beside[found] instanceof LargeValue value) {
      large.add(value);
    }
    return large;
  }

  /**
   * Puts pointers to copies in the place of pointers to large values, in all versions of a key.
   * Readers may still see an old one, which leads to the same bytes as long as it leads anywhere.
   *
   * @param moved where values are now, by the position of their first record
   * @return whether there was anything to replace. Requires: cell locked.
   */
  boolean replaceValues(byte[] key, Map<Long, LargeValue> moved) {
    boolean any = false;
    int found = LeafPage.search(page, key);
    if (found >= 0 && beside.length > 0) {
      any = replace(beside, found, moved);
    }
    @Nullable Object[] all = values;
    if (all == null) {
      return any;
    }
    int code = codeOf(found);
    for (int i = older(count(), code, key); i >= 0; i = older(i, code, key)) {
      any |= replace(all, i, moved);
    }
    return any;
  }

  private static boolean replace(@Nullable Object[] in, int index, Map<Long, LargeValue> moved) {
    LargeValue by = in[index] instanceof LargeValue old ? moved.get(old.starts()[0]) : null;
    if (by == null) {
      return false;
    }
    in[index] = by;
    return true;
  }

  /** The size that decides on splits and merges, in bytes. Requires: cell locked, or settled. */
  int size() {
    return top + besideBytes;
  }

  /** About how many bytes of heap the leaf and its cell take. Requires: cell locked. */
  int heapBytes() {
    return heapBytes;
  }

  /** How much of the page is used. Requires: cell locked, or nobody appends. */
  int usedBytes() {
    return top;
  }

  /** Counts the live keys of a leaf of sorted entries only, all of them committed. */
  void countLive() {
    live = LeafPage.count(page);
    for (int i = 0; i < sorted; i++) {
      if (i == 0 || !sameKey(i - 1, i)) {
        live += (isTombstone(i) ? 0 : 1) - (code(i) & 1);
      }
    }
  }

  /** How many keys have a value in their newest version. Requires: cell locked. */
  int live() {
    return live;
  }

  /**
   * The highest position of a version that folds moved into the base, or dropped, since the leaf
   * was read or made; 0 if there was none.
   */
  long foldedUpTo() {
    return foldedUpTo;
  }

  void setFoldedUpTo(long position) {
    foldedUpTo = position;
  }

  /** Whether there is a large value among the versions. */
  boolean hasLargeValues() {
    for (Object value : beside) {
      if (value instanceof LargeValue) {
        return true;
      }
    }
    int count = count();
    @Nullable Object[] all = values;
    if (all != null) {
      for (int i = 0; i < count; i++) {
        if (all[i] instanceof LargeValue) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether nothing at all is in the leaf, not even a tombstone. */
  boolean isEmpty() {
    return count() == 0 && LeafPage.count(page) == 0;
  }

  /** How many more entries the delta had room for when it was new. */
  int room() {
    return capacity - sorted;
  }

  // ---- Appending ------------------------------------------------------------------------------

  /** Bytes that a write takes in the delta. */
  int entryLength(Write write) {
    int suffixLength = write.key().length - LeafPage.prefixLength(page);
    return LeafPage.entryLength(suffixLength, write.tag());
  }

  /** Whether there is room for an entry. */
  boolean hasRoom(int entryLength) {
    return count() < capacity && top + entryLength <= page.length;
  }

  /**
   * Lays a write down behind the delta, where no reader sees it before {@link #append}.
   *
   * <p>Requires: there is room for it.
   */
  void prepare(Write write, int code) {
    int index = count();
    int prefixLength = LeafPage.prefixLength(page);
    int suffixLength = write.key().length - prefixLength;
    int tag = write.tag();
    int at = Varint.put(page, top, suffixLength);
    at = Varint.put(page, at, tag);
    System.arraycopy(write.key(), prefixLength, page, at, suffixLength);
    at += suffixLength;
    if (tag == LeafPage.BESIDE_TAG) {
      setValue(index, write.besideValue());
    } else if (tag != LeafPage.TOMBSTONE_TAG) {
      write.copyValue(page, at);
    }
    delta[index] = (long) code << 32 | top;
  }

  /**
   * Makes what was prepared the newest entry.
   *
   * @param position where it was committed, or {@link Commit#PENDING}
   * @param commit who decides on it if that is pending
   */
  void append(Write write, long position, @Nullable Commit commit) {
    int index = count();
    delta[capacity + index] = position;
    if (commit != null) {
      setCommit(index, commit);
    }
    top += entryLength(write);
    if (write.tag() == LeafPage.BESIDE_TAG) {
      besideBytes += valueSize(write.besideValue());
    }
    live += write.countChange();
    COUNT.setRelease(this, index + 1);
  }

  /** Takes back what a write added to the number of live keys: it was rolled back. */
  void forget(Write write) {
    live -= write.countChange();
  }

  /**
   * Appends an entry of another leaf, whose bytes are in this page already.
   *
   * @param commit who decides on it if the position is pending
   * @param value the value if it is kept beside the page
   */
  void adopt(
      int code,
      int entry,
      int entryLength,
      long position,
      @Nullable Commit commit,
      @Nullable Object value) {
    int index = count();
    delta[index] = (long) code << 32 | entry;
    delta[capacity + index] = position;
    if (commit != null) {
      setCommit(index, commit);
    }
    if (value != null) {
      setValue(index, value);
      besideBytes += valueSize(value);
    }
    top = entry + entryLength;
    COUNT.setRelease(this, index + 1);
  }

  private void setCommit(int index, Commit commit) {
    @Nullable Commit[] all = commits;
    if (all == null) {
      all = new Commit[capacity];
      commits = all;
    }
    all[index] = commit;
  }

  private void setValue(int index, Object value) {
    @Nullable Object[] all = values;
    if (all == null) {
      all = new Object[capacity];
      values = all;
    }
    all[index] = value;
    heapBytes += heapBytes(value);
  }

  /** The bytes that a value beside the page counts for in a leaf's size. */
  static int valueSize(Object value) {
    return value instanceof byte[] bytes ? bytes.length : 32;
  }
}
