package org.macekv.serialization;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where {@link BinarySerializer} reads one value from: bytes that are not trusted, and are only
 * read. For one thread.
 *
 * <p>Invariant: each element that a count claims has at least one byte of its own, so what all
 * collections and arrays of one value claim together is never more than there are bytes.
 */
final class BinaryInput {
  private final byte[] bytes;
  private int position;
  private int depth;
  private long claimedBytes;

  BinaryInput(byte[] bytes) {
    this.bytes = bytes;
  }

  int position() {
    return position;
  }

  int remaining() {
    return bytes.length - position;
  }

  /** A record begins that is within one of its own class. */
  void enter() {
    if (++depth > BinarySerializer.MOST_DEPTH) {
      throw new ValueException(
          "malformed: a record is nested in itself more than "
              + BinarySerializer.MOST_DEPTH
              + " deep");
    }
  }

  void leave() {
    depth--;
  }

  boolean readBoolean() {
    byte b = readByte();
    if ((b & ~1) != 0) {
      throw new ValueException("malformed: " + b + " where 0 or 1 is expected");
    }
    return b == 1;
  }

  byte readByte() {
    return bytes[take(Byte.BYTES)];
  }

  short readShort() {
    return FixedBytes.shortAt(bytes, take(Short.BYTES));
  }

  char readChar() {
    return (char) readShort();
  }

  int readInt() {
    int zigzag = readVarInt();
    return (zigzag >>> 1) ^ -(zigzag & 1);
  }

  long readLong() {
    long zigzag = readVarLong();
    return (zigzag >>> 1) ^ -(zigzag & 1);
  }

  float readFloat() {
    return Float.intBitsToFloat(readFixedInt());
  }

  double readDouble() {
    return Double.longBitsToDouble(readFixedLong());
  }

  int readFixedInt() {
    return FixedBytes.intAt(bytes, take(Integer.BYTES));
  }

  long readFixedLong() {
    return FixedBytes.longAt(bytes, take(Long.BYTES));
  }

  int readVarInt() {
    byte first = readByte();
    return first >= 0 ? first : (int) readMore(first, Integer.SIZE);
  }

  long readVarLong() {
    byte first = readByte();
    return first >= 0 ? first : readMore(first, Long.SIZE);
  }

  /** The rest of a varint that began with {@code first}. */
  private long readMore(byte first, int mostBits) {
    long value = first & 0x7F;
    int shift = 7;
    while (true) {
      byte next = readByte();
      int free = mostBits - shift;
      if (next == 0 || (free < 8 && (next & 0xFF) >> free != 0)) {
        throw new ValueException("malformed: a varint too long");
      }
      value |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return value;
      }
      shift += 7;
    }
  }

  /**
   * The count that something begins with, or -1 for null.
   *
   * @param elementBytes the least number of bytes that an element takes
   */
  int readCount(int elementBytes) {
    long count = (readVarInt() & 0xFFFF_FFFFL) - 1;
    if (count > 0) {
      claimedBytes += count * elementBytes;
      if (count * elementBytes > remaining() || claimedBytes > bytes.length) {
        throw new ValueException("malformed: " + count + " elements in " + remaining() + " bytes");
      }
    }
    return (int) count;
  }

  byte @Nullable [] readCountedBytes() {
    int length = readCount(Byte.BYTES);
    return length < 0 ? null : readBytes(length);
  }

  private byte[] readBytes(int length) {
    int start = take(length);
    return Arrays.copyOfRange(bytes, start, start + length);
  }

  @Nullable String readText() {
    int length = readCount(Byte.BYTES);
    return length < 0 ? null : Serializers.decodeString(bytes, take(length), length);
  }

  /** Passes over so many bytes, and says where they begin. */
  int take(int length) {
    int start = position;
    if (length > bytes.length - start) {
      throw new ValueException("malformed: the bytes end too early");
    }
    position = start + length;
    return start;
  }
}
