package org.macekv.serialization;

import java.util.Comparator;

/**
 * Turns keys into bytes and back, and keeps their order: for all keys {@code a} and {@code b},
 *
 * <pre>{@code
 * signum(Arrays.compareUnsigned(encode(a), encode(b))) == signum(comparator().compare(a, b))
 * }</pre>
 *
 * <p>Two keys are the same key exactly if their bytes are equal. An implementation must be safe for
 * use by many threads at once. {@link KeyCodecs} has the built-in ones.
 *
 * @param <K> the type of the keys; never null
 */
public interface KeyCodec<K> {

  /**
   * The bytes of a key: a new array that the caller owns.
   *
   * @throws SerializationException if this key cannot be written
   */
  byte[] encode(K key);

  /**
   * The key of these bytes. The array is only read, and the result keeps no reference to it.
   *
   * @throws SerializationException if the bytes are none that {@link #encode} makes
   */
  K decode(byte[] bytes);

  /**
   * The identity of this encoding and its order. It is stored with a collection, and opening the
   * collection with another one is refused; so it must never change its meaning.
   */
  String id();

  /** The order of the bytes, as an order of the keys. It takes no nulls. */
  Comparator<? super K> comparator();

  /** The class of the keys; an enum's own class for its constants. */
  Class<K> type();

  /**
   * Whether no key's bytes begin with the whole of another key's bytes, as with all encodings of
   * one fixed length. Such bytes can stand before others without a separator, and be complemented
   * as they are. False is always a safe answer, and the default.
   */
  default boolean prefixFree() {
    return false;
  }

  /** The length of all keys' bytes, if it is one and the same; else, and by default, -1. */
  default int fixedLength() {
    return -1;
  }

  /**
   * What the bytes of exactly those keys begin with that have a prefix: of a string its beginning,
   * of a tuple or record its first components, at least one and not all.
   *
   * @throws UnsupportedOperationException if such keys have no prefixes, which is the default
   * @throws IllegalArgumentException if the number of components does not fit
   */
  default byte[] encodePrefix(Object... prefix) {
    throw new UnsupportedOperationException("keys of " + id() + " have no prefixes");
  }

  /** The same keys in the reverse order. */
  default KeyCodec<K> reversed() {
    return new ReversedKeyCodec<>(this);
  }
}
