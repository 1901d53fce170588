package org.macekv.internal.tree;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.macekv.internal.format.LeafPage;
import org.macekv.internal.mvcc.Commit;
import org.macekv.internal.mvcc.Version;

/**
 * What a leaf holds at one moment: a base, that is a compact page of keys with one value each,
 * which everybody sees who sees no newer version, and a small sorted delta of newer versions.
 * Immutable, but for the heads of the delta's entries.
 *
 * <p>Each delta entry has a <em>code</em> that says where its key lies in the base: {@code 2 i + 1}
 * for the key of entry {@code i}, {@code 2 i} for a key between the entries {@code i - 1} and
 * {@code i}. Codes rise, and so one search in the base places a key in the delta, too, and merging
 * the two compares no keys.
 */
final class LeafState {
  static final Object[] NOTHING_BESIDE = {};
  private static final int[] NO_CODES = {};
  private static final Version[] NO_ENTRIES = {};

  final byte[] page;

  /** Values kept beside the page, one element for each entry, or {@link #NOTHING_BESIDE}. */
  final Object[] beside;

  final int[] codes;
  final Version[] entries;

  /** How many keys have a value that is not a tombstone in their newest version. */
  final int live;

  /** Bytes of keys and small values in the delta, about. */
  final int deltaBytes;

  /** What the values beside the page count for in the leaf's size, in bytes. */
  final int besideBytes;

  /** The number of delta entries at which folding is tried next. */
  final int foldAt;

  LeafState(
      byte[] page,
      Object[] beside,
      int[] codes,
      Version[] entries,
      int live,
      int deltaBytes,
      int besideBytes,
      int foldAt) {
    this.page = page;
    this.beside = beside;
    this.codes = codes;
    this.entries = entries;
    this.live = live;
    this.deltaBytes = deltaBytes;
    this.besideBytes = besideBytes;
    this.foldAt = foldAt;
  }

  /** A leaf without entries. */
  static LeafState empty() {
    byte[] page = new byte[LeafPage.PREFIX];
    return new LeafState(page, NOTHING_BESIDE, NO_CODES, NO_ENTRIES, 0, 0, 0, LeafBuilder.FOLD_AT);
  }

  /** The code of a key whose search in the page gave {@code found}. */
  static int code(int found) {
    return found >= 0 ? 2 * found + 1 : 2 * (-found - 1);
  }

  /** The index of the key in the delta, or {@code -(i + 1)} where it would be inserted. */
  int search(int code, byte[] key) {
    int low = 0;
    int high = codes.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = Integer.compare(codes[middle], code);
      if (order == 0) {
        if ((code & 1) != 0) {
          return middle;
        }
        order = Arrays.compareUnsigned(entries[middle].key(), key);
        if (order == 0) {
          return middle;
        }
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -(low + 1);
  }

  /** The value of entry {@code index} of the base: fresh bytes, shared bytes, or a large value. */
  Object baseValue(int index) {
    byte[] value = LeafPage.value(page, index);
    return value != null ? value : beside[index];
  }

  /** With a new entry at {@code at}. */
  LeafState withEntry(int at, int code, Version head, int liveChange, int bytes) {
    int count = codes.length;
    int[] newCodes = new int[count + 1];
    Version[] newEntries = new Version[count + 1];
    System.arraycopy(codes, 0, newCodes, 0, at);
    System.arraycopy(entries, 0, newEntries, 0, at);
    newCodes[at] = code;
    newEntries[at] = head;
    System.arraycopy(codes, at, newCodes, at + 1, count - at);
    System.arraycopy(entries, at, newEntries, at + 1, count - at);
    return new LeafState(
        page,
        beside,
        newCodes,
        newEntries,
        live + liveChange,
        deltaBytes + bytes,
        besideBytes,
        foldAt);
  }

  /** With another chain at {@code at}. */
  LeafState withHead(int at, Version head, int liveChange, int bytes) {
    Version[] newEntries = entries.clone();
    newEntries[at] = head;
    return new LeafState(
        page,
        beside,
        codes,
        newEntries,
        live + liveChange,
        deltaBytes + bytes,
        besideBytes,
        foldAt);
  }

  /** Without the versions of a rolled back commit in the entry at {@code at}. */
  LeafState without(int at, Commit commit) {
    Version rest = Version.without(entries[at], commit);
    int[] newCodes = codes;
    Version[] newEntries;
    if (rest != null) {
      newEntries = entries.clone();
      newEntries[at] = rest;
    } else {
      newCodes = new int[codes.length - 1];
      newEntries = new Version[codes.length - 1];
      System.arraycopy(codes, 0, newCodes, 0, at);
      System.arraycopy(entries, 0, newEntries, 0, at);
      System.arraycopy(codes, at + 1, newCodes, at, newCodes.length - at);
      System.arraycopy(entries, at + 1, newEntries, at, newCodes.length - at);
    }
    return new LeafState(
        page,
        beside,
        newCodes,
        newEntries,
        countLive(LeafPage.count(page), newCodes, newEntries),
        deltaBytes,
        besideBytes,
        foldAt);
  }

  /** The size that decides on splits and merges, in bytes. */
  int size() {
    return page.length + deltaBytes + besideBytes;
  }

  /** Whether nothing at all is in the leaf, not even a tombstone. */
  boolean isEmpty() {
    return codes.length == 0 && LeafPage.count(page) == 0;
  }

  /** The number of live keys, counted anew. */
  static int countLive(int baseCount, int[] codes, Version[] entries) {
    int live = baseCount;
    for (int i = 0; i < codes.length; i++) {
      Version newest = Version.skipAborted(entries[i]);
      if (newest != null) {
        boolean inBase = (codes[i] & 1) != 0;
        boolean present = newest.value() != Version.TOMBSTONE;
        live += (present ? 1 : 0) - (inBase ? 1 : 0);
      }
    }
    return live;
  }

  /** The bytes that a value counts for in a leaf's size. */
  static int valueSize(@Nullable Object value) {
    if (value instanceof byte[] bytes) {
      return bytes.length <= LeafPage.MAX_VALUE_IN_PAGE ? bytes.length : 64;
    }
    return 32;
  }
}
