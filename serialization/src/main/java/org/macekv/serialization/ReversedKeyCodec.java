package org.macekv.serialization;

import java.util.Arrays;
import java.util.Comparator;

/**
 * Another codec's keys in the reverse order.
 *
 * <p>The complement of every byte reverses the order of two encodings, except where one is the
 * beginning of the other: the shorter one would still come first. So encodings that are not {@link
 * KeyCodec#prefixFree} are first made so, in the same order: a zero byte becomes {@code 00 FF}, and
 * {@code 00 00} ends the key.
 */
final class ReversedKeyCodec<K> implements KeyCodec<K> {
  private static final byte ZERO = 0;
  private static final byte ESCAPED = (byte) 0xFF;

  private final KeyCodec<K> forward;

  ReversedKeyCodec(KeyCodec<K> forward) {
    this.forward = forward;
  }

  @Override
  public byte[] encode(K key) {
    byte[] bytes = forward.encode(key);
    return complement(forward.prefixFree() ? bytes : terminated(bytes));
  }

  @Override
  public K decode(byte[] bytes) {
    byte[] plain = complement(bytes.clone());
    return forward.decode(forward.prefixFree() ? plain : unterminated(plain));
  }

  @Override
  public String id() {
    return "reversed(" + forward.id() + ")";
  }

  @Override
  public Comparator<? super K> comparator() {
    return forward.comparator().reversed();
  }

  @Override
  public Class<K> type() {
    return forward.type();
  }

  @Override
  public boolean prefixFree() {
    return true;
  }

  @Override
  public KeyCodec<K> reversed() {
    return forward;
  }

  private static byte[] complement(byte[] bytes) {
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) ~bytes[i];
    }
    return bytes;
  }

  private static byte[] terminated(byte[] bytes) {
    byte[] result = new byte[bytes.length + zeros(bytes) + 2];
    int length = 0;
    for (byte b : bytes) {
      result[length++] = b;
      if (b == ZERO) {
        result[length++] = ESCAPED;
      }
    }
    return result;
  }

  private static byte[] unterminated(byte[] bytes) {
    byte[] result = new byte[bytes.length];
    int length = 0;
    int end = bytes.length - 2;
    int i = 0;
    while (i < end) {
      byte b = bytes[i++];
      if (b == ZERO && bytes[i++] != ESCAPED) {
        throw malformed();
      }
      result[length++] = b;
    }
    if (i != end || bytes[end] != ZERO || bytes[end + 1] != ZERO) {
      throw malformed();
    }
    return Arrays.copyOf(result, length);
  }

  private static int zeros(byte[] bytes) {
    int count = 0;
    for (byte b : bytes) {
      if (b == ZERO) {
        count++;
      }
    }
    return count;
  }

  private static SerializationException malformed() {
    return new SerializationException("malformed bytes of a reversed key");
  }
}
