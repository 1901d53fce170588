package org.macekv.serialization;

import java.time.DateTimeException;
import java.util.Comparator;
import java.util.function.Function;
import java.util.function.Supplier;

/** A codec of {@link KeyCodecs}, put together from its parts. */
record BuiltInKeyCodec<K>(
    String id,
    Class<K> type,
    Comparator<? super K> comparator,
    int fixedLength,
    boolean prefixFree,
    Function<K, byte[]> encoder,
    Function<byte[], K> decoder)
    implements KeyCodec<K> {

  static final int ANY_LENGTH = -1;

  /**
   * A codec of one length.
   *
   * @param decoder is given arrays of this length; what {@link #refusing} translates is refused
   */
  static <K> KeyCodec<K> fixed(
      String id,
      Class<K> type,
      Comparator<? super K> comparator,
      int length,
      Function<K, byte[]> encoder,
      Function<byte[], K> decoder) {
    return new BuiltInKeyCodec<>(
        id,
        type,
        comparator,
        length,
        true,
        encoder,
        bytes -> {
          FixedBytes.requireLength(bytes, length, id);
          return refusing(id, () -> decoder.apply(bytes));
        });
  }

  /** What a type itself refuses is malformed. */
  static <K> K refusing(String id, Supplier<K> decoder) {
    try {
      return decoder.get();
    } catch (DateTimeException | ArithmeticException e) {
      throw new SerializationException("malformed " + id + ": " + e.getMessage(), e);
    }
  }

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
