package org.macekv.internal.tree;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.macekv.internal.format.LeafPage;
import org.macekv.internal.mvcc.Commit;
import org.macekv.internal.mvcc.Horizon;

/**
 * Reorganizes leaves: folding moves into the base what everybody sees and drops what nobody can;
 * cutting and joining serve splits and merges, of leaves that were folded.
 */
final class LeafFold {
  /** Entries for which a leaf has room when it was not written to for long. */
  static final int MIN_ROOM = 4;

  /** Entries for which a leaf has room at the most: a read may have to look at each. */
  static final int MAX_ROOM = 32;

  private LeafFold() {}

  /**
   * Room for delta entries.
   *
   * @param entries for how many
   * @param bytes for how many bytes of them
   */
  record Room(int entries, int bytes) {
    static final Room NONE = new Room(0, 0);

    /**
     * Room as the leaf had it, doubled if that was used up.
     *
     * @param incoming the length of an entry that has to fit in any case
     * @param most a bound on the bytes
     */
    static Room like(Leaf leaf, boolean more, int incoming, int most) {
      int before = Math.max(MIN_ROOM, leaf.room());
      int entries = Math.min(MAX_ROOM, more ? 2 * before : before);
      int average = averageLength(leaf, incoming);
      return new Room(entries, Math.max(incoming, Math.min(most, entries * average)));
    }

    private static int averageLength(Leaf leaf, int otherwise) {
      byte[] page = leaf.page;
      int count = LeafPage.count(page);
      if (count == 0) {
        return Math.max(otherwise, 32);
      }
      int bytes = LeafPage.baseEnd(page) - LeafPage.entryOffset(page, 0);
      return Math.max(otherwise, bytes / count) + 4;
    }
  }

  /** The same leaf with as much of the delta as possible in the base. */
  static Leaf fold(Leaf leaf, Horizon horizon, Room room) {
    return fold(leaf, horizon, room, Commit.PENDING);
  }

  /**
   * What of a leaf was committed at or below a position, folded.
   *
   * <p>Requires: the position is registered, and the horizon was made after that.
   */
  static Leaf foldUpTo(Leaf leaf, Horizon horizon, long position) {
    return fold(leaf, horizon, Room.NONE, position);
  }

  private static Leaf fold(Leaf leaf, Horizon horizon, Room room, long upTo) {
    LeafBuilder builder = new LeafBuilder();
    int count = leaf.count();
    int[] order = new int[count];
    leaf.order(order, count);
    int next = 0;
    long folded = leaf.foldedUpTo();
    for (int i = 0; i < count; ) {
      int code = leaf.code(order[i]);
      int rank = code >> 1;
      boolean inBase = (code & 1) != 0;
      builder.run(leaf, next, rank);
      next = inBase ? rank + 1 : rank;
      int end = i + 1;
      while (end < count && leaf.sameKey(order[i], order[end])) {
        end++;
      }
      folded =
          Math.max(
              folded, foldKey(builder, leaf, rank, inBase, order, i, end, horizon, upTo, false));
      i = end;
    }
    builder.run(leaf, next, LeafPage.count(leaf.page));
    int prefixLength = LeafPage.prefixLength(leaf.page);
    Leaf result = builder.build(prefixOf(leaf), prefixLength, room.entries, room.bytes);
    result.setFoldedUpTo(folded);
    return result;
  }

  /**
   * Of each key that was changed above one position and at or below another, what was committed up
   * to the latter, folded; a key that is gone has a deletion in the delta. Null if there is none.
   *
   * <p>Requires: the leaf was not folded above {@code after}; the position {@code upTo} is
   * registered, and the horizon was made after that.
   */
  static @Nullable Leaf changes(Leaf leaf, Horizon horizon, long after, long upTo) {
    LeafBuilder builder = new LeafBuilder();
    int count = leaf.count();
    int[] order = new int[count];
    leaf.order(order, count);
    boolean any = false;
    for (int i = 0; i < count; ) {
      int code = leaf.code(order[i]);
      int end = i;
      boolean changed = false;
      do {
        long position = leaf.position(order[end]);
        changed |= position > after && position <= upTo && position != Commit.ABORTED;
        end++;
      } while (end < count && leaf.sameKey(order[i], order[end]));
      if (changed) {
        foldKey(builder, leaf, code >> 1, (code & 1) != 0, order, i, end, horizon, upTo, true);
        any = true;
      }
      i = end;
    }
    int prefixLength = LeafPage.prefixLength(leaf.page);
    return any ? builder.build(prefixOf(leaf), prefixLength, 0, 0) : null;
  }

  /**
   * Of each key of which two leaves say different things, what the newer says; a key that is gone
   * has a deletion in the delta. Null if there is none.
   *
   * <p>Requires: both were folded and not written to since.
   *
   * @param position where deletions of keys are said to be that are gone: at or below all
   *     snapshots, else they would look like conflicts to open transactions
   */
  static @Nullable Leaf difference(Leaf before, Leaf now, long position) {
    LeafBuilder builder = new LeafBuilder();
    Cut old = start();
    Cut cut = start();
    Cut oldEnd = end(before);
    Cut end = end(now);
    boolean any = false;
    while (!old.equals(oldEnd) || !cut.equals(end)) {
      byte[] oldKey = old.equals(oldEnd) ? null : keyAfter(before, old);
      byte[] key = cut.equals(end) ? null : keyAfter(now, cut);
      int order = oldKey == null ? 1 : key == null ? -1 : Arrays.compareUnsigned(oldKey, key);
      Cut oldNext = order > 0 ? old : behindNextKey(before, old);
      Cut next = order < 0 ? cut : behindNextKey(now, cut);
      if (order < 0 && oldKey != null) {
        builder.keep(deletion(oldKey, position), 0, false, position);
        any = true;
      } else if (order > 0 || !isSame(before, old, oldNext, now, cut, next)) {
        append(builder, now, cut, next);
        any = true;
      }
      old = oldNext;
      cut = next;
    }
    int prefixLength = LeafPage.prefixLength(now.page);
    return any ? builder.build(prefixOf(now), prefixLength, 0, 0) : null;
  }

  /** A leaf whose delta deletes a key. */
  private static Leaf deletion(byte[] key, long position) {
    Write write = Write.delete(key);
    Leaf empty = Leaf.empty();
    Leaf leaf = new LeafBuilder().build(new byte[0], 0, 1, empty.entryLength(write));
    leaf.prepare(write, 0);
    leaf.append(write, position, null);
    return leaf;
  }

  /** Whether two leaves say the same of a key, which lies between two cuts of each. */
  private static boolean isSame(Leaf one, Cut from, Cut to, Leaf other, Cut start, Cut end) {
    if (to.base - from.base != end.base - start.base
        || to.delta - from.delta != end.delta - start.delta) {
      return false;
    }
    if (to.base > from.base
        && !Leaf.sameValue(one.baseValue(from.base), other.baseValue(start.base))) {
      return false;
    }
    for (int i = 0; i < to.delta - from.delta; i++) {
      int a = from.delta + i;
      int b = start.delta + i;
      if (one.position(a) != other.position(b)
          || !Leaf.sameValue(one.deltaValue(a), other.deltaValue(b))) {
        return false;
      }
    }
    return true;
  }

  /**
   * A leaf in which of each key that {@code above} has, what {@code below} says of it is replaced.
   *
   * <p>Requires: both were folded and not written to since.
   */
  static Leaf overlay(Leaf below, Leaf above) {
    LeafBuilder builder = new LeafBuilder();
    Cut done = start();
    Cut end = end(above);
    for (Cut from = start(); !from.equals(end); ) {
      Cut to = behindNextKey(above, from);
      byte[] key = keyAfter(above, from);
      int found = LeafPage.search(below.page, key);
      int base = found >= 0 ? found : -found - 1;
      Cut until = new Cut(base, below.firstSorted(Leaf.codeOf(found), key));
      append(builder, below, done, until);
      append(builder, above, from, to);
      boolean has =
          found >= 0
              || (until.delta < below.sorted
                  && LeafPage.compareKey(
                          below.page,
                          below.offset(until.delta),
                          key,
                          LeafPage.prefixLength(below.page))
                      == 0);
      done = has ? behindNextKey(below, until) : until;
      from = to;
    }
    append(builder, below, done, end(below));
    byte[] prefix = prefixOf(below);
    byte[] other = prefixOf(above);
    int mismatch = Arrays.mismatch(prefix, other);
    int prefixLength = mismatch < 0 ? prefix.length : mismatch;
    return builder.build(prefix, prefixLength, 0, 0);
  }

  /**
   * The versions of one key, the newest first: {@code order} from {@code from} to {@code to}.
   *
   * @param explicit whether a key of which nothing is left is to have a deletion
   * @return the highest position that is not in the delta any more, 0 if there is none
   */
  private static long foldKey(
      LeafBuilder builder,
      Leaf leaf,
      int rank,
      boolean inBase,
      int[] order,
      int from,
      int to,
      Horizon horizon,
      long upTo,
      boolean explicit) {
    // Each position is read once: it may be decided at any moment.
    long[] positions = new long[to - from];
    int kept = 0;
    int newest = -1; // the newest version that was not rolled back
    int settled = -1; // the newest that everybody sees who sees no newer one
    long newer = Commit.PENDING;
    long folded = 0;
    long settledAt = 0;
    for (int i = from; i < to && settled < 0; i++) {
      int index = order[i];
      long position = leaf.position(index);
      if (position == Commit.ABORTED || position > upTo) {
        continue;
      }
      newest = newest < 0 ? index : newest;
      if (position <= horizon.oldest()) {
        settled = index;
        settledAt = position;
        folded = Math.max(folded, position);
      } else if (horizon.needs(position, newer)) {
        positions[kept] = position;
        order[from + kept++] = index;
      } else {
        folded = Math.max(folded, position);
      }
      newer = position;
    }
    boolean nowInBase = settled < 0 ? inBase : !leaf.isTombstone(settled);
    if (settled < 0 && inBase) {
      builder.run(leaf, rank, rank + 1);
    } else if (settled >= 0 && nowInBase) {
      builder.insert(leaf, settled);
    }
    for (int i = 0; i < kept; i++) {
      builder.keep(leaf, order[from + i], nowInBase, positions[i]);
    }
    if (kept > 0) {
      builder.newest(nowInBase, !leaf.isTombstone(newest));
    } else if (explicit && !nowInBase && settled >= 0) {
      builder.keep(leaf, settled, false, settledAt);
    }
    return folded;
  }

  private static byte[] prefixOf(Leaf leaf) {
    int length = LeafPage.prefixLength(leaf.page);
    return Arrays.copyOfRange(leaf.page, LeafPage.PREFIX, LeafPage.PREFIX + length);
  }

  /**
   * A place between two keys of a leaf that was folded.
   *
   * @param base how many base entries lie before it
   * @param delta how many delta entries lie before it
   */
  record Cut(int base, int delta) {}

  /**
   * The place before which about {@code bytes} of the leaf lie; at least one key on either side.
   */
  static Cut cutAt(Leaf leaf, int bytes) {
    Cut cut = start();
    int passed = 0;
    while (true) {
      Cut next = behindNextKey(leaf, cut);
      int size = size(leaf, cut, next);
      if (next.equals(end(leaf)) || (passed + size > bytes && passed > 0)) {
        return cut;
      }
      passed += size;
      cut = next;
    }
  }

  private static Cut behindNextKey(Leaf leaf, Cut cut) {
    int base = cut.base;
    int delta = cut.delta;
    boolean fromDelta = delta < leaf.sorted && leaf.code(delta) <= 2 * base + 1;
    if (!fromDelta || leaf.code(delta) == 2 * base + 1) {
      base++;
    }
    if (fromDelta) {
      do {
        delta++;
      } while (delta < leaf.sorted && leaf.sameKey(cut.delta, delta));
    }
    return new Cut(base, delta);
  }

  private static int size(Leaf leaf, Cut from, Cut to) {
    int size = 0;
    for (int i = from.base; i < to.base; i++) {
      size += LeafPage.entryOffset(leaf.page, i + 1) - LeafPage.entryOffset(leaf.page, i);
      size += LeafPage.SLOT_LENGTH;
      if (leaf.beside.length > 0 && leaf.beside[i] != null) {
        size += Leaf.valueSize(leaf.beside[i]);
      }
    }
    for (int i = from.delta; i < to.delta; i++) {
      int entry = leaf.offset(i);
      size += LeafPage.entryLength(leaf.page, entry);
      if (LeafPage.tag(leaf.page, entry) == LeafPage.BESIDE_TAG) {
        size += Leaf.valueSize(leaf.besideValue(i));
      }
    }
    return size;
  }

  /** How many keys a leaf has, in base and delta together. */
  static int keys(Leaf leaf) {
    int count = leaf.count();
    int[] order = new int[count];
    leaf.order(order, count);
    int keys = LeafPage.count(leaf.page);
    for (int i = 0; i < count; i++) {
      boolean first = i == 0 || !leaf.sameKey(order[i - 1], order[i]);
      keys += first && (leaf.code(order[i]) & 1) == 0 ? 1 : 0;
    }
    return keys;
  }

  /** The greatest key before a cut. */
  static byte[] keyBefore(Leaf leaf, Cut cut) {
    boolean fromDelta = cut.delta > 0 && leaf.code(cut.delta - 1) >= 2 * cut.base - 1;
    return LeafPage.key(
        leaf.page,
        fromDelta ? leaf.offset(cut.delta - 1) : LeafPage.entryOffset(leaf.page, cut.base - 1));
  }

  /** The least key behind a cut. */
  static byte[] keyAfter(Leaf leaf, Cut cut) {
    boolean fromDelta = cut.delta < leaf.sorted && leaf.code(cut.delta) <= 2 * cut.base + 1;
    return LeafPage.key(
        leaf.page, fromDelta ? leaf.offset(cut.delta) : LeafPage.entryOffset(leaf.page, cut.base));
  }

  /**
   * Appends what lies between two cuts, as it is.
   *
   * <p>Requires: the leaf was folded and not written to since.
   */
  static void append(LeafBuilder builder, Leaf leaf, Cut from, Cut to) {
    int base = from.base;
    for (int i = from.delta; i < to.delta; ) {
      int rank = leaf.code(i) >> 1;
      boolean inBase = (leaf.code(i) & 1) != 0;
      int until = inBase ? rank + 1 : rank;
      builder.run(leaf, base, until);
      base = until;
      int newest = -1;
      int next = i;
      do {
        long position = leaf.position(next);
        if (position != Commit.ABORTED) {
          newest = newest < 0 ? next : newest;
          builder.keep(leaf, next, inBase, position);
        }
        next++;
      } while (next < to.delta && leaf.sameKey(i, next));
      if (newest >= 0) {
        builder.newest(inBase, !leaf.isTombstone(newest));
      }
      i = next;
    }
    builder.run(leaf, base, to.base);
  }

  /** The cut before all keys. */
  static Cut start() {
    return new Cut(0, 0);
  }

  /** The cut behind all keys. */
  static Cut end(Leaf leaf) {
    return new Cut(LeafPage.count(leaf.page), leaf.sorted);
  }
}
