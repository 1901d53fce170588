package org.macekv.serialization;

import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * A type that may occur in values.
 *
 * @param name what the catalog knows it by. It stands for one form of the bytes: where the fields
 *     of a class are stored, it lists them, so a changed class has another name
 * @param type the class, or one that stands for several that are stored alike
 * @param tracked whether identity counts: an object met twice in one value is stored once and read
 *     as one object, which also makes cycles possible. Not for plain immutable values
 */
record StoredType(String name, Class<?> type, boolean tracked, ValueSerializer<?> serializer) {

  /** A type whose instances are no more than what they say: identity is not kept. */
  static <T> StoredType value(
      Class<T> type, BiConsumer<ValueOutput, T> writer, Function<ValueInput, T> reader) {
    return new StoredType(type.getTypeName(), type, false, ValueSerializer.leaf(writer, reader));
  }

  /** A type whose instances can be changed: one that occurs twice is read as one. */
  static <T> StoredType object(
      Class<T> type, BiConsumer<ValueOutput, T> writer, Function<ValueInput, T> reader) {
    return new StoredType(type.getTypeName(), type, true, ValueSerializer.leaf(writer, reader));
  }
}
