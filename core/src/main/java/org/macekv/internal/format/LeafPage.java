package org.macekv.internal.format;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The base of a leaf: sorted keys and their values in one byte array. Immutable once built. The
 * keys share the first {@code prefixLength} bytes, which are stored once. All integers are
 * big-endian.
 *
 * <pre>
 *  offset         length      field
 *       0              4      count of entries n
 *       4              4      prefix length p
 *       8              p      prefix
 *   8 + p          4 * n      heads: the first four bytes of each suffix, zero-padded
 *   8 + p + 4 n    4 * n      offsets of the entries
 *   then                      entries, in key order, one behind the other:
 *                             varint suffix length, varint value tag, suffix, value
 * </pre>
 *
 * <p>The value tag is {@code length << 1} for a value that follows, and 1 for one that is kept
 * beside the page, in an array with one element for each entry.
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

  private LeafPage() {}

  /** How many entries the page has. */
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

  /** The offset of entry {@code index}, or the page's length for the index behind the last. */
  public static int entryOffset(byte[] page, int index) {
    return index == count(page) ? page.length : BigEndian.getInt(page, offsets(page) + 4 * index);
  }

  /**
   * The index of {@code key}, or {@code -(i + 1)} where {@code i} is the index of the first greater
   * key.
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
        order =
            compareSuffix(
                page, BigEndian.getInt(page, heads + 4 * (count + middle)), key, prefixLength);
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

  private static int compareSuffix(byte[] page, int entry, byte[] key, int prefixLength) {
    int suffixLength = Varint.getInt(page, entry);
    int suffix = entry + Varint.length(suffixLength);
    suffix += tagLength(page, suffix);
    return Arrays.compareUnsigned(
        page, suffix, suffix + suffixLength, key, prefixLength, key.length);
  }

  private static int tagLength(byte[] page, int at) {
    int length = 1;
    while (page[at++] < 0) {
      length++;
    }
    return length;
  }

  /** The key of entry {@code index}, a fresh array. */
  public static byte[] key(byte[] page, int index) {
    int prefixLength = prefixLength(page);
    int entry = BigEndian.getInt(page, offsets(page) + 4 * index);
    int suffixLength = Varint.getInt(page, entry);
    int suffix = entry + Varint.length(suffixLength);
    suffix += tagLength(page, suffix);
    byte[] key = new byte[prefixLength + suffixLength];
    System.arraycopy(page, PREFIX, key, 0, prefixLength);
    System.arraycopy(page, suffix, key, prefixLength, suffixLength);
    return key;
  }

  /** The length of the suffix of entry {@code index}. */
  public static int suffixLength(byte[] page, int index) {
    return Varint.getInt(page, entryOffset(page, index));
  }

  /**
   * The value of entry {@code index}: a fresh array if it is in the page, else null, and it is
   * beside the page.
   */
  public static byte @Nullable [] value(byte[] page, int index) {
    int entry = BigEndian.getInt(page, offsets(page) + 4 * index);
    int suffixLength = Varint.getInt(page, entry);
    int at = entry + Varint.length(suffixLength);
    int tag = Varint.getInt(page, at);
    if (tag == BESIDE_TAG) {
      return null;
    }
    at += Varint.length(tag) + suffixLength;
    return Arrays.copyOfRange(page, at, at + (tag >>> 1));
  }

  /** Bytes that an entry takes, its slot included. */
  public static int entryLength(int suffixLength, int valueTag) {
    int valueLength = valueTag == BESIDE_TAG ? 0 : valueTag >>> 1;
    return SLOT_LENGTH
        + Varint.length(suffixLength)
        + Varint.length(valueTag)
        + suffixLength
        + valueLength;
  }
}
