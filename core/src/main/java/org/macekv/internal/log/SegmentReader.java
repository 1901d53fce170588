package org.macekv.internal.log;

import org.macekv.internal.format.BigEndian;
import org.macekv.internal.io.ReadableFile;

/** Reads a segment mostly forward, through a window of bounded size. */
final class SegmentReader {
  private static final int WINDOW = 1 << 18;

  private final ReadableFile in;
  private final long length;
  private final byte[] window;
  private long windowStart;
  private int windowLength;
  private long zeroFrom = -1;

  SegmentReader(ReadableFile in) {
    this.in = in;
    this.length = in.length();
    this.window = new byte[(int) Math.min(WINDOW, Math.max(length, 8))];
  }

  long length() {
    return length;
  }

  /** Fills {@code target} from {@code offset}; false if the file ends before. */
  boolean copy(long offset, byte[] target) {
    if (offset + target.length > length) {
      return false;
    }
    if (target.length > window.length) {
      return in.read(offset, target, 0, target.length) == target.length;
    }
    if (!load(offset, target.length)) {
      return false;
    }
    System.arraycopy(window, (int) (offset - windowStart), target, 0, target.length);
    return true;
  }

  /** The long at {@code offset}. Requires: the file has it. */
  long getLong(long offset) {
    return load(offset, 8) ? BigEndian.getLong(window, (int) (offset - windowStart)) : 0;
  }

  private boolean load(long offset, int needed) {
    if (offset < windowStart || offset + needed > windowStart + windowLength) {
      windowStart = offset;
      windowLength = in.read(offset, window, 0, window.length);
    }
    return windowLength >= needed;
  }

  /** Whether there is nothing but zeros from {@code offset} on. */
  boolean isZero(long offset) {
    if (zeroFrom < 0) {
      zeroFrom = lengthWithoutZeros();
    }
    return offset >= zeroFrom;
  }

  /** The length up to the last byte that is not zero. */
  long lengthWithoutZeros() {
    byte[] part = new byte[window.length];
    long end = length;
    while (end > 0) {
      int count = (int) Math.min(part.length, end);
      int read = in.read(end - count, part, 0, count);
      for (int i = read - 1; i >= 0; i--) {
        if (part[i] != 0) {
          return end - count + i + 1;
        }
      }
      end -= count;
    }
    return 0;
  }
}
