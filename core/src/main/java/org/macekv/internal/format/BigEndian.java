package org.macekv.internal.format;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Fixed-width integers in byte arrays, most significant byte first, so that their unsigned order is
 * the order of the bytes.
 */
public final class BigEndian {
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private BigEndian() {}

  /** The int at {@code offset}. */
  public static int getInt(byte[] bytes, int offset) {
    return (int) INTS.get(bytes, offset);
  }

  /** Stores an int at {@code offset}. */
  public static void putInt(byte[] bytes, int offset, int value) {
    INTS.set(bytes, offset, value);
  }

  /** The long at {@code offset}. */
  public static long getLong(byte[] bytes, int offset) {
    return (long) LONGS.get(bytes, offset);
  }

  /** Stores a long at {@code offset}. */
  public static void putLong(byte[] bytes, int offset, long value) {
    LONGS.set(bytes, offset, value);
  }

  /**
   * The four bytes at {@code offset} as an int, with zeros for those behind the end of the array.
   * Heads of two keys order as the keys do, unless they are equal.
   */
  public static int headInt(byte[] key, int offset) {
    int left = key.length - offset;
    if (left >= 4) {
      return (int) INTS.get(key, offset);
    }
    int head = 0;
    for (int i = 0; i < left; i++) {
      head |= (key[offset + i] & 0xff) << (24 - 8 * i);
    }
    return head;
  }

  /** Like {@link #headInt}, of eight bytes. */
  public static long headLong(byte[] key, int offset) {
    return headLong(key, offset, key.length);
  }

  /** Like {@link #headLong(byte[], int)}, of a key that ends before the array does. */
  public static long headLong(byte[] key, int offset, int end) {
    int left = end - offset;
    if (left >= 8) {
      return (long) LONGS.get(key, offset);
    }
    long head = 0;
    for (int i = 0; i < left; i++) {
      head |= (key[offset + i] & 0xffL) << (56 - 8 * i);
    }
    return head;
  }
}
