package org.macekv.serialization;

import java.util.Arrays;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** Another codec's keys, and null before all of them: for parts of keys. */
record NullsFirstKeyCodec<K>(KeyCodec<K> inner) implements KeyCodec<K> {
  private static final byte[] NULL = {0};
  private static final byte PRESENT = 1;

  @Override
  public byte[] encode(@Nullable K key) {
    return key == null ? NULL.clone() : marked(inner.encode(key));
  }

  @Override
  public byte[] encodePrefix(Object... prefix) {
    return marked(inner.encodePrefix(prefix));
  }

  private static byte[] marked(byte[] bytes) {
    byte[] result = new byte[1 + bytes.length];
    result[0] = PRESENT;
    System.arraycopy(bytes, 0, result, 1, bytes.length);
    return result;
  }

  @Override
  @SuppressWarnings("NullAway") // null is a key of this codec, and of no other
  public K decode(byte[] bytes) {
    if (Arrays.equals(bytes, NULL)) {
      return null;
    }
    if (bytes.length == 0 || bytes[0] != PRESENT) {
      throw new SerializationException("malformed key that may be null");
    }
    return inner.decode(Arrays.copyOfRange(bytes, 1, bytes.length));
  }

  @Override
  public String id() {
    return "nulls-first(" + inner.id() + ")";
  }

  @Override
  public Comparator<? super K> comparator() {
    return Comparator.nullsFirst(inner.comparator());
  }

  @Override
  public Class<K> type() {
    return inner.type();
  }

  @Override
  public boolean prefixFree() {
    return inner.prefixFree();
  }

  @Override
  public String toString() {
    return id();
  }
}
