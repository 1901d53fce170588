package org.macekv.serialization;

/**
 * Turns values into bytes and back. Two methods are enough for a serializer of your own.
 *
 * <p>An implementation must be safe for use by many threads at once, and {@code
 * deserialize(serialize(v))} must equal {@code v}. Order means nothing here; for keys see {@link
 * KeyCodec}.
 *
 * @param <T> the type of the values; never null
 */
public interface Serializer<T> {

  /**
   * The bytes of a value: a new array that the caller owns, of any length, empty included.
   *
   * @throws SerializationException if this value cannot be written
   */
  byte[] serialize(T value);

  /**
   * The value of these bytes. The array is only read, and the result keeps no reference to it.
   *
   * @throws SerializationException if the bytes are none that {@link #serialize} makes, or need a
   *     class that is not allowed
   */
  T deserialize(byte[] bytes);

  /**
   * The identity of this format. It is stored with a collection, and opening the collection with
   * another one is refused; so it must stay the same as long as the bytes can be read. By default
   * the implementing class's name.
   */
  default String id() {
    return getClass().getName();
  }

  /**
   * Whether this reads what was stored by a serializer of that identity: its own, which is the
   * default, and those that it has had.
   */
  default boolean readsId(String storedId) {
    return storedId.equals(id());
  }
}
