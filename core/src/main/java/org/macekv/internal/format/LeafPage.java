package org.macekv.internal.format;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a leaf in one byte array: the base, that is sorted keys with one value each, and
 * behind it room in which entries of the delta are laid down one after the other, in the order in
 * which they come. The keys share the first {@code prefixLength} bytes, which are stored once. All
 * integers are big-endian.
 *
 * <pre>
 *  offset             length          field
 *       0                  4          count of base entries n
 *       4                  4          prefix length p
 *       8                  p          prefix
 *   8 + p              4 * n          heads: the first four bytes of each suffix, zero-padded
 *   8 + p + 4 n        4 * (n + 1)    offsets of the base's entries, and of its end
 *   then                              the base's entries, in key order, one behind the other
 *   then                              entries of the delta, and room for more
 * </pre>
 *
 * <p>An entry is: varint suffix length, varint value tag, suffix, value. The value tag is {@code
 * length << 1} for a value that follows, 1 for one that is kept beside the page, and, in the delta
 * only, 3 for a deleted key. What is below the end of the base never changes.
 */
public final class LeafPage {
  /** Offset of the count. */
  public static final int COUNT = 0;

  /** Offset of the prefix length. */
  public static final int PREFIX_LENGTH = 4;

  /** Offset of the prefix. */
  public static final int PREFIX = 8;

  /** Length of a head and an offset together. */
  public static final int SLOT_LENGTH = 8;

  /** Values longer than this are kept beside the page. */
  public static final int MAX_VALUE_IN_PAGE = 256;

  /** The value tag of a value that is kept beside the page. */
  public static final int BESIDE_TAG = 1;

  /** The value tag of a deleted key. */
  public static final int TOMBSTONE_TAG = 3;

  private LeafPage() {}

  /** A page without entries, prefix and room. */
  public static byte[] empty() {
    byte[] page = new byte[PREFIX + 4];
    BigEndian.putInt(page, PREFIX, page.length);
    return page;
  }

  /** How many entries the base has. */
  public static int count(byte[] page) {
    return BigEndian.getInt(page, COUNT);
  }

  /** How many bytes all keys share. */
  public static int prefixLength(byte[] page) {
    return BigEndian.getInt(page, PREFIX_LENGTH);
  }

  /** The offset of the first head. */
  public static int heads(byte[] page) {
    return PREFIX + BigEndian.getInt(page, PREFIX_LENGTH);
  }

  /** The offset of the first entry's offset. */
  public static int offsets(byte[] page) {
    return heads(page) + 4 * count(page);
  }

  /** The offset of the first entry of a base of {@code count} entries. */
  public static int entries(int prefixLength, int count) {
    return PREFIX + prefixLength + SLOT_LENGTH * count + 4;
  }

  /** The offset of base entry {@code index}, or the base's end for the index behind the last. */
  public static int entryOffset(byte[] page, int index) {
    return BigEndian.getInt(page, offsets(page) + 4 * index);
  }

  /** The offset behind the last entry of the base. */
  public static int baseEnd(byte[] page) {
    return entryOffset(page, count(page));
  }

  /**
   * The index of {@code key} in the base, or {@code -(i + 1)} where {@code i} is the index of the
   * first greater key.
   *
   * <p>Requires: {@code key} begins with the page's prefix.
   */
  public static int search(byte[] page, byte[] key) {
    int prefixLength = BigEndian.getInt(page, PREFIX_LENGTH);
    int heads = PREFIX + prefixLength;
    int count = BigEndian.getInt(page, COUNT);
    int head = BigEndian.headInt(key, prefixLength) ^ Integer.MIN_VALUE;
    int low = 0;
    int high = count - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int other = BigEndian.getInt(page, heads + 4 * middle) ^ Integer.MIN_VALUE;
      int order = Integer.compare(other, head);
      if (order == 0) {
        int entry = BigEndian.getInt(page, heads + 4 * (count + middle));
        order = compareKey(page, entry, key, prefixLength);
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

  /** Compares the suffix of the entry at an offset with the key behind its prefix. */
  public static int compareKey(byte[] page, int entry, byte[] key, int prefixLength) {
    int suffixLength = Varint.getInt(page, entry);
    int suffix = suffix(page, entry);
    return Arrays.compareUnsigned(
        page, suffix, suffix + suffixLength, key, prefixLength, key.length);
  }

  /** The offset of the suffix of the entry at an offset. */
  public static int suffix(byte[] page, int entry) {
    int at = entry;
    while (page[at++] < 0) {
      // the suffix length
    }
    while (page[at++] < 0) {
      // the tag
    }
    return at;
  }

  /** The length of the suffix of the entry at an offset. */
  public static int suffixLength(byte[] page, int entry) {
    return Varint.getInt(page, entry);
  }

  /** The value tag of the entry at an offset. */
  public static int tag(byte[] page, int entry) {
    int at = entry;
    while (page[at++] < 0) {
      // the suffix length
    }
    return Varint.getInt(page, at);
  }

  /** How many bytes of a value follow in the page. */
  public static int valueLength(int tag) {
    return (tag & 1) != 0 ? 0 : tag >>> 1;
  }

  /** The key of the entry at an offset, a fresh array. */
  public static byte[] key(byte[] page, int entry) {
    int prefixLength = prefixLength(page);
    int suffixLength = Varint.getInt(page, entry);
    byte[] key = new byte[prefixLength + suffixLength];
    System.arraycopy(page, PREFIX, key, 0, prefixLength);
    System.arraycopy(page, suffix(page, entry), key, prefixLength, suffixLength);
    return key;
  }

  /**
   * The value of the entry at an offset: a fresh array if it is in the page, else null, and the tag
   * says why.
   */
  public static byte @Nullable [] value(byte[] page, int entry) {
    int suffixLength = Varint.getInt(page, entry);
    int at = entry + Varint.length(suffixLength);
    int tag = Varint.getInt(page, at);
    if ((tag & 1) != 0) {
      return null;
    }
    at += Varint.length(tag) + suffixLength;
    return Arrays.copyOfRange(page, at, at + (tag >>> 1));
  }

  /** Bytes that an entry takes, without its slot. */
  public static int entryLength(int suffixLength, int tag) {
    return Varint.length(suffixLength) + Varint.length(tag) + suffixLength + valueLength(tag);
  }

  /** Bytes that the entry at an offset takes, without its slot. */
  public static int entryLength(byte[] page, int entry) {
    return entryLength(suffixLength(page, entry), tag(page, entry));
  }
}
