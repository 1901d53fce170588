package org.macekv.serialization;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Big-endian numbers of fixed length: arrays of exactly that length, and places in others. */
final class FixedBytes {
  private static final VarHandle SHORT = view(short[].class);
  private static final VarHandle INT = view(int[].class);
  private static final VarHandle LONG = view(long[].class);

  private FixedBytes() {}

  static byte[] ofShort(int value) {
    byte[] bytes = new byte[Short.BYTES];
    SHORT.set(bytes, 0, (short) value);
    return bytes;
  }

  static byte[] ofInt(int value) {
    byte[] bytes = new byte[Integer.BYTES];
    INT.set(bytes, 0, value);
    return bytes;
  }

  static byte[] ofLong(long value) {
    byte[] bytes = new byte[Long.BYTES];
    LONG.set(bytes, 0, value);
    return bytes;
  }

  static byte[] ofLongs(long first, long second) {
    byte[] bytes = new byte[2 * Long.BYTES];
    LONG.set(bytes, 0, first);
    LONG.set(bytes, Long.BYTES, second);
    return bytes;
  }

  static byte[] ofLongAndInt(long first, int second) {
    byte[] bytes = new byte[Long.BYTES + Integer.BYTES];
    LONG.set(bytes, 0, first);
    INT.set(bytes, Long.BYTES, second);
    return bytes;
  }

  static void putShort(byte[] bytes, int offset, int value) {
    SHORT.set(bytes, offset, (short) value);
  }

  static void putInt(byte[] bytes, int offset, int value) {
    INT.set(bytes, offset, value);
  }

  static void putLong(byte[] bytes, int offset, long value) {
    LONG.set(bytes, offset, value);
  }

  static short shortAt(byte[] bytes, int offset) {
    return (short) SHORT.get(bytes, offset);
  }

  static int intAt(byte[] bytes, int offset) {
    return (int) INT.get(bytes, offset);
  }

  static long longAt(byte[] bytes, int offset) {
    return (long) LONG.get(bytes, offset);
  }

  static void requireLength(byte[] bytes, int length, String what) {
    if (bytes.length != length) {
      throw new SerializationException(
          "malformed " + what + ": " + bytes.length + " bytes where " + length + " are expected");
    }
  }

  private static VarHandle view(Class<?> arrayType) {
    return MethodHandles.byteArrayViewVarHandle(arrayType, ByteOrder.BIG_ENDIAN);
  }
}
