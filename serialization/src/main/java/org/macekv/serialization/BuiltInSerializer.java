package org.macekv.serialization;

import java.util.function.Function;

/** A serializer of {@link Serializers}, put together from its parts. */
record BuiltInSerializer<T>(String id, Function<T, byte[]> encoder, Function<byte[], T> decoder)
    implements Serializer<T> {

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
