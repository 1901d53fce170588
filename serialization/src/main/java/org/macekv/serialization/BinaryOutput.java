package org.macekv.serialization;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Where {@link BinarySerializer} writes one value: an array that grows. For one thread. */
final class BinaryOutput {
  private static final int MOST_BYTES = Integer.MAX_VALUE - 8; // longer arrays are not sure to be
  private static final int VARINT_BYTES = 5;
  private static final int VARLONG_BYTES = 10;

  private byte[] buffer;
  private int position;
  private int depth;

  BinaryOutput(int expectedBytes) {
    this.buffer = new byte[expectedBytes];
  }

  byte[] toBytes() {
    return position == buffer.length ? buffer : Arrays.copyOf(buffer, position);
  }

  /** A record begins that is within one of its own class. */
  void enter() {
    if (++depth > BinarySerializer.MOST_DEPTH) {
      throw new ValueException(
          "a record is nested in itself more than " + BinarySerializer.MOST_DEPTH + " deep");
    }
  }

  void leave() {
    depth--;
  }

  void writeBoolean(boolean value) {
    writeByte((byte) (value ? 1 : 0));
  }

  void writeByte(byte value) {
    require(Byte.BYTES);
    buffer[position++] = value;
  }

  void writeShort(short value) {
    require(Short.BYTES);
    FixedBytes.putShort(buffer, position, value);
    position += Short.BYTES;
  }

  void writeChar(char value) {
    writeShort((short) value);
  }

  /** Zigzag, as a varint. */
  void writeInt(int value) {
    writeVarInt((value << 1) ^ (value >> 31));
  }

  /** Zigzag, as a varint. */
  void writeLong(long value) {
    writeVarLong((value << 1) ^ (value >> 63));
  }

  void writeFloat(float value) {
    writeFixedInt(Float.floatToRawIntBits(value));
  }

  void writeDouble(double value) {
    writeFixedLong(Double.doubleToRawLongBits(value));
  }

  void writeFixedInt(int value) {
    require(Integer.BYTES);
    FixedBytes.putInt(buffer, position, value);
    position += Integer.BYTES;
  }

  void writeFixedLong(long value) {
    require(Long.BYTES);
    FixedBytes.putLong(buffer, position, value);
    position += Long.BYTES;
  }

  /** An unsigned varint. */
  void writeVarInt(int value) {
    require(VARINT_BYTES);
    byte[] bytes = buffer;
    int at = position;
    int rest = value;
    while ((rest & ~0x7F) != 0) {
      bytes[at++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[at++] = (byte) rest;
    position = at;
  }

  /** An unsigned varint. */
  void writeVarLong(long value) {
    require(VARLONG_BYTES);
    byte[] bytes = buffer;
    int at = position;
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes[at++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[at++] = (byte) rest;
    position = at;
  }

  /** Null, for what begins with a count. */
  void writeNull() {
    writeByte((byte) 0);
  }

  /** The count that something begins with; 0 is for null. */
  void writeCount(int count) {
    writeVarInt(count + 1); // of an unsigned one, so also the largest has a place
  }

  void writeCountedBytes(byte[] bytes) {
    writeCount(bytes.length);
    writeBytes(bytes);
  }

  void writeBytes(byte[] bytes) {
    require(bytes.length);
    System.arraycopy(bytes, 0, buffer, position, bytes.length);
    position += bytes.length;
  }

  @SuppressWarnings("deprecation") // it drops the high bytes, and there are none
  void writeText(@Nullable String text) {
    if (text == null) {
      writeNull();
    } else if (StringBytes.isAscii(text)) {
      int length = text.length();
      writeCount(length);
      require(length);
      text.getBytes(0, length, buffer, position);
      position += length;
    } else {
      writeCountedBytes(Serializers.STRING.serialize(text));
    }
  }

  private void require(int bytes) {
    if (bytes > buffer.length - position) {
      grow(bytes);
    }
  }

  private void grow(int bytes) {
    long needed = (long) position + bytes;
    if (needed > MOST_BYTES) {
      throw new ValueException("it is too long for one array");
    }
    buffer = Arrays.copyOf(buffer, (int) Math.min(MOST_BYTES, Math.max(needed, 2L * position)));
  }
}
