package org.macekv.collections;

import java.util.Arrays;
import java.util.Comparator;
import org.macekv.serialization.KeyCodec;
import org.macekv.serialization.SerializationException;

/**
 * Keys of another codec behind bytes that are always the same: those of a range of a collection, by
 * what differs between them.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared for equality
record SuffixKeyCodec<K>(byte[] prefix, KeyCodec<K> suffixes) implements KeyCodec<K> {

  @Override
  public byte[] encode(K key) {
    return behindPrefix(suffixes.encode(key));
  }

  private byte[] behindPrefix(byte[] bytes) {
    byte[] all = Arrays.copyOf(prefix, prefix.length + bytes.length);
    System.arraycopy(bytes, 0, all, prefix.length, bytes.length);
    return all;
  }

  @Override
  public K decode(byte[] bytes) {
    int at = Arrays.mismatch(bytes, prefix);
    if (at >= 0 && at < prefix.length) {
      throw new SerializationException("malformed key: it does not begin as it must");
    }
    return suffixes.decode(Arrays.copyOfRange(bytes, prefix.length, bytes.length));
  }

  @Override
  public byte[] encodePrefix(Object... parts) {
    return behindPrefix(suffixes.encodePrefix(parts));
  }

  @Override
  public String id() {
    return suffixes.id();
  }

  @Override
  public Comparator<? super K> comparator() {
    return suffixes.comparator();
  }

  @Override
  public Class<K> type() {
    return suffixes.type();
  }

  @Override
  public boolean prefixFree() {
    return suffixes.prefixFree();
  }
}
