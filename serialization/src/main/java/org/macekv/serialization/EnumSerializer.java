package org.macekv.serialization;

import com.esotericsoftware.kryo.kryo5.Kryo;
import java.util.Map;

/** Stores an enum constant as its name. */
final class EnumSerializer<E extends Enum<E>> extends ValueSerializer<E> {
  private final Class<E> type;
  private final Map<String, E> constants;

  EnumSerializer(Class<E> type) {
    this.type = type;
    this.constants = EnumConstants.byName(type);
  }

  static <E extends Enum<E>> StoredType typeOf(Class<E> type) {
    return new StoredType("enum " + type.getName(), type, false, new EnumSerializer<>(type));
  }

  @Override
  void write(Kryo kryo, ValueOutput output, E value) {
    output.writeText(value.name());
  }

  @Override
  E read(Kryo kryo, ValueInput input) {
    return EnumConstants.find(constants, input.readRequiredText(), type);
  }
}
