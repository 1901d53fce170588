package org.macekv.serialization;

import com.esotericsoftware.kryo.kryo5.Kryo;
import com.esotericsoftware.kryo.kryo5.Serializer;
import com.esotericsoftware.kryo.kryo5.io.Input;
import com.esotericsoftware.kryo.kryo5.io.Output;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * A Kryo serializer over our own input and output. All of them are stateless, so every Kryo
 * instance uses the same ones. The bytes of a type never change; a new form gets a new name (see
 * {@link StoredType}).
 */
abstract class ValueSerializer<T> extends Serializer<T> {

  abstract void write(Kryo kryo, ValueOutput output, T value);

  abstract T read(Kryo kryo, ValueInput input);

  @Override
  public final void write(Kryo kryo, Output output, T value) {
    write(kryo, (ValueOutput) output, value);
  }

  @Override
  public final T read(Kryo kryo, Input input, Class<? extends T> type) {
    return read(kryo, (ValueInput) input);
  }

  /** A serializer of something that holds no other objects. */
  static <T> ValueSerializer<T> leaf(
      BiConsumer<ValueOutput, T> writer, Function<ValueInput, T> reader) {
    return new ValueSerializer<>() {
      @Override
      void write(Kryo kryo, ValueOutput output, T value) {
        writer.accept(output, value);
      }

      @Override
      T read(Kryo kryo, ValueInput input) {
        return reader.apply(input);
      }
    };
  }
}
