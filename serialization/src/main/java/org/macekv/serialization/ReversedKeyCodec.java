package org.macekv.serialization;

import java.util.Comparator;

/**
 * Another codec's keys in the reverse order.
 *
 * <p>The complement of every byte reverses the order of two encodings, except where one is the
 * beginning of the other: the shorter one would still come first. So encodings that are not {@link
 * KeyCodec#prefixFree} are first made so, in the same order ({@link TerminatedBytes}).
 */
record ReversedKeyCodec<K>(KeyCodec<K> forward) implements KeyCodec<K> {

  @Override
  public byte[] encode(K key) {
    byte[] bytes = forward.encode(key);
    return complement(forward.prefixFree() ? bytes : TerminatedBytes.encode(bytes));
  }

  @Override
  public K decode(byte[] bytes) {
    byte[] plain = complement(bytes.clone());
    return forward.decode(
        forward.prefixFree() ? plain : TerminatedBytes.decode(plain, 0, plain.length));
  }

  @Override
  public byte[] encodePrefix(Object... prefix) {
    byte[] bytes = forward.encodePrefix(prefix);
    return complement(forward.prefixFree() ? bytes : TerminatedBytes.encodeBeginning(bytes));
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
  public int fixedLength() {
    return forward.prefixFree() ? forward.fixedLength() : -1;
  }

  @Override
  public KeyCodec<K> reversed() {
    return forward;
  }

  @Override
  public String toString() {
    return id();
  }

  private static byte[] complement(byte[] bytes) {
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) ~bytes[i];
    }
    return bytes;
  }
}
