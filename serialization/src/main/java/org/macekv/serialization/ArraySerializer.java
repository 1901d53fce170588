package org.macekv.serialization;

import com.esotericsoftware.kryo.kryo5.Kryo;
import java.lang.reflect.Array;
import org.jspecify.annotations.Nullable;

/** Stores an array of objects, or of arrays, as its length and elements. */
final class ArraySerializer extends ValueSerializer<@Nullable Object[]> {
  private final Class<?> componentType;

  ArraySerializer(Class<?> componentType) {
    this.componentType = componentType;
  }

  @Override
  void write(Kryo kryo, ValueOutput output, @Nullable Object[] value) {
    output.writeSize(value.length);
    Elements.write(kryo, output, value);
  }

  @Override
  @Nullable Object[] read(Kryo kryo, ValueInput input) {
    @Nullable Object[] array =
        (@Nullable Object[]) Array.newInstance(componentType, input.readSize(1));
    kryo.reference(array);
    Elements.read(kryo, input, array);
    return array;
  }
}
