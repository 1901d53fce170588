package org.macekv.serialization;

import java.util.Comparator;
import java.util.function.Function;

/** A codec of {@link KeyCodecs}, put together from its parts. */
record BuiltInKeyCodec<K>(
    String id,
    Class<K> type,
    Comparator<? super K> comparator,
    boolean prefixFree,
    Function<K, byte[]> encoder,
    Function<byte[], K> decoder)
    implements KeyCodec<K> {

  @Override
  public byte[] encode(K key) {
    return encoder.apply(key);
  }

  @Override
  public K decode(byte[] bytes) {
    return decoder.apply(bytes);
  }

  @Override
  public String toString() {
    return id;
  }
}
