package org.macekv.serialization;

import com.esotericsoftware.kryo.kryo5.io.Input;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Kryo's input over bytes that are not trusted, and that others may be reading: it never asks for
 * more memory than the bytes can fill, and it never writes into them. (Kryo's own {@code
 * readString} does both: it believes the length that it reads, and clears and sets again a bit in
 * the buffer.)
 *
 * <p>Invariant: each claimed element has at least one byte of its own, so what all arrays and
 * collections of one value have claimed together is never more than the value's length.
 */
final class ValueInput extends Input {
  private static final byte[] NOTHING = {};

  private long claimedBytes;
  private int skipping;

  ValueInput() {
    super(NOTHING);
  }

  void begin(byte[] bytes) {
    setBuffer(bytes);
    claimedBytes = 0;
    skipping = 0;
  }

  /** Lets go of the bytes. */
  void clear() {
    setBuffer(NOTHING);
  }

  /** What is read now is for nobody: of a field that is gone. Its class may be gone, too. */
  void beginSkipping() {
    skipping++;
  }

  /** Ends what the last {@link #beginSkipping} began. */
  void endSkipping() {
    skipping--;
  }

  boolean isSkipping() {
    return skipping > 0;
  }

  /** What is made of parts that were read; of what is passed over, it may be impossible now. */
  Object orStandIn(Supplier<?> maker) {
    if (!isSkipping()) {
      return maker.get();
    }
    try {
      return maker.get();
    } catch (RuntimeException e) {
      return new Object();
    }
  }

  int remaining() {
    return limit() - position();
  }

  /**
   * The number of elements that follow.
   *
   * @param elementBytes the least number of bytes that an element takes
   */
  int readSize(int elementBytes) {
    int size = readVarInt(true);
    long bytes = (long) size * elementBytes;
    claimedBytes += bytes;
    if (size < 0 || bytes > remaining() || claimedBytes > limit()) {
      throw new ValueException(
          "malformed: " + (size & 0xFFFF_FFFFL) + " elements in " + remaining() + " bytes");
    }
    return size;
  }

  @Nullable String readText() {
    int lengthPlusOne = readVarInt(true);
    if (lengthPlusOne == 0) {
      return null;
    }
    int length = lengthPlusOne - 1;
    if (length < 0 || length > remaining()) {
      throw new ValueException("malformed: a string longer than the bytes that are left");
    }
    int start = position();
    skip(length);
    return Serializers.decodeString(getBuffer(), start, length);
  }

  /** Text that is never null. */
  String readRequiredText() {
    String text = readText();
    if (text == null) {
      throw new ValueException("malformed: null where a string is expected");
    }
    return text;
  }
}
