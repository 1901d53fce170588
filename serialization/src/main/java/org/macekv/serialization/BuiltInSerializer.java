package org.macekv.serialization;

import java.util.Set;
import java.util.function.Function;

/**
 * A serializer of {@link Serializers}, put together from its parts.
 *
 * @param ids all identities that it has or had
 */
record BuiltInSerializer<T>(
    String id, Set<String> ids, Function<T, byte[]> encoder, Function<byte[], T> decoder)
    implements Serializer<T> {

  BuiltInSerializer(String id, Function<T, byte[]> encoder, Function<byte[], T> decoder) {
    this(id, Set.of(id), encoder, decoder);
  }

  @Override
  public boolean readsId(String storedId) {
    return ids.contains(storedId);
  }

  @Override
  public byte[] serialize(T value) {
    return encoder.apply(value);
  }

  @Override
  public T deserialize(byte[] bytes) {
    return decoder.apply(bytes);
  }

  @Override
  public String toString() {
    return id;
  }
}
