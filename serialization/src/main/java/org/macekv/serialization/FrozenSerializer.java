package org.macekv.serialization;

import com.esotericsoftware.kryo.kryo5.Kryo;
import java.util.Collection;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Stores what can only be made when all its parts are there ({@code List.of}, {@code Optional},
 * wrappers, …) as those parts.
 */
final class FrozenSerializer<T> extends ValueSerializer<Object> {
  private final Function<T, @Nullable Object[]> parts;
  private final Function<@Nullable Object[], T> maker;

  /**
   * @param maker may keep the array
   */
  FrozenSerializer(Function<T, @Nullable Object[]> parts, Function<@Nullable Object[], T> maker) {
    this.parts = parts;
    this.maker = maker;
  }

  /** A collection, by its elements. */
  static <T extends Collection<?>> FrozenSerializer<T> ofCollection(
      Function<@Nullable Object[], T> maker) {
    return new FrozenSerializer<>(Collection::toArray, maker);
  }

  /** A map, by its keys and values in turn. */
  static <T extends Map<?, ?>> FrozenSerializer<T> ofMap(Function<@Nullable Object[], T> maker) {
    return new FrozenSerializer<>(FrozenSerializer::keysAndValues, maker);
  }

  @Override
  @SuppressWarnings("unchecked") // it is registered for these
  void write(Kryo kryo, ValueOutput output, Object value) {
    GraphReferences references = (GraphReferences) kryo.getReferenceResolver();
    references.begin(value);
    @Nullable Object[] elements = parts.apply((T) value);
    output.writeSize(elements.length);
    Elements.write(kryo, output, elements);
    references.end();
  }

  @Override
  Object read(Kryo kryo, ValueInput input) {
    @Nullable Object[] elements = new @Nullable Object[input.readSize(1)];
    Elements.read(kryo, input, elements);
    return input.orStandIn(() -> maker.apply(elements));
  }

  private static @Nullable Object[] keysAndValues(Map<?, ?> map) {
    @Nullable Object[] parts = new @Nullable Object[2 * map.size()];
    int i = 0;
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      parts[i++] = entry.getKey();
      parts[i++] = entry.getValue();
    }
    return parts;
  }
}
