package org.macekv.serialization;

import com.esotericsoftware.kryo.kryo5.io.Output;
import org.jspecify.annotations.Nullable;

/** Kryo's output with our own form of strings and a buffer that does not stay large. */
final class ValueOutput extends Output {
  private static final int SMALL_BYTES = 512;
  private static final int LARGE_BYTES = 64 * 1024;

  ValueOutput() {
    super(SMALL_BYTES, -1);
  }

  /** A count of elements that follow, for {@link ValueInput#readSize}. */
  void writeSize(int size) {
    writeVarInt(size, true);
  }

  /** The bytes of {@link Serializers#STRING} after their number plus one, or 0 for null. */
  void writeText(@Nullable String text) {
    if (text == null) {
      writeVarInt(0, true);
      return;
    }
    if (StringBytes.isAscii(text)) {
      writeAsciiText(text);
      return;
    }
    byte[] bytes = Serializers.STRING.serialize(text);
    if (bytes.length == Integer.MAX_VALUE) {
      throw new ValueException("a string is too long");
    }
    writeVarInt(bytes.length + 1, true);
    writeBytes(bytes, 0, bytes.length);
  }

  @SuppressWarnings("deprecation") // it drops the high bytes, and there are none
  private void writeAsciiText(String text) {
    int length = text.length();
    if (length == Integer.MAX_VALUE) {
      throw new ValueException("a string is too long");
    }
    writeVarInt(length + 1, true);
    require(length);
    text.getBytes(0, length, buffer, position);
    position += length;
  }

  /** Makes it ready for the next value, and gives back what one large value took. */
  void clear() {
    if (getBuffer().length > LARGE_BYTES) {
      setBuffer(new byte[SMALL_BYTES], -1);
    } else {
      reset();
    }
  }
}
