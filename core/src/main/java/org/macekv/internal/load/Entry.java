package org.macekv.internal.load;

import java.util.Arrays;
import java.util.Comparator;
import org.macekv.internal.format.LargeValue;

/**
 * A key and its value; neither changes.
 *
 * @param value bytes, or where a large value is
 */
@SuppressWarnings("ArrayRecordComponent") // never compared as a whole, never handed to users
public record Entry(byte[] key, Object value) {
  static final Comparator<Entry> BY_KEY = (a, b) -> Arrays.compareUnsigned(a.key, b.key);

  // The object, its place in a list, and two arrays' headers.
  private static final int OBJECT_BYTES = 24 + 8 + 2 * 20;

  /** About how much heap it takes. */
  public long heapBytes() {
    int own = value instanceof LargeValue large ? 64 + 12 * large.starts().length : 0;
    return (long) OBJECT_BYTES + key.length + (value instanceof byte[] bytes ? bytes.length : own);
  }
}
