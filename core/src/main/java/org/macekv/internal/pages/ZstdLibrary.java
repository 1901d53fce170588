package org.macekv.internal.pages;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import java.util.Arrays;

/**
 * The calls of the Zstandard library. Whoever touches this class where the library is not there
 * gets a {@link LinkageError}.
 */
final class ZstdLibrary {
  private ZstdLibrary() {}

  /** Makes the library load. */
  static void touch() {
    Zstd.compressBound(0);
  }

  /** What {@code source} has from an offset on, compressed to an array that begins with a gap. */
  static byte[] compress(byte[] source, int from, int gap, int level) {
    int length = source.length - from;
    byte[] target = new byte[Math.addExact(gap, Math.toIntExact(Zstd.compressBound(length)))];
    long found =
        Zstd.compressByteArray(target, gap, target.length - gap, source, from, length, level);
    if (Zstd.isError(found)) {
      throw new IllegalStateException("Zstandard: " + Zstd.getErrorName(found));
    }
    return Arrays.copyOf(target, gap + (int) found);
  }

  /** Fills {@code target} from an offset on; false if the source does not stand for just that. */
  static boolean expand(byte[] source, int from, byte[] target, int at) {
    int room = target.length - at;
    try {
      long found = Zstd.decompressByteArray(target, at, room, source, from, source.length - from);
      return found == room;
    } catch (ZstdException e) {
      return false;
    }
  }
}
