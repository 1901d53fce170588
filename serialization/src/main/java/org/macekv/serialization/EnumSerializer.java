package org.macekv.serialization;

import com.esotericsoftware.kryo.kryo5.Kryo;
import java.util.Map;

/** Stores an enum constant as its name. */
final class EnumSerializer<E extends Enum<E>> extends ValueSerializer<E> {
  /** What the catalog knows an enum by, before the name of its class. */
  static final String NAME_PREFIX = "enum ";

  private final Class<E> type;
  private final Map<String, E> constants;

  /**
   * @param constants by all names that may be stored
   */
  EnumSerializer(Class<E> type, Map<String, E> constants) {
    this.type = type;
    this.constants = constants;
  }

  static <E extends Enum<E>> StoredType typeOf(Class<E> type, Evolution evolution) {
    return new StoredType(
        NAME_PREFIX + type.getName(),
        type,
        false,
        new EnumSerializer<>(type, evolution.constants(type)));
  }

  Class<E> type() {
    return type;
  }

  @Override
  void write(Kryo kryo, ValueOutput output, E value) {
    output.writeText(value.name());
  }

  @Override
  E read(Kryo kryo, ValueInput input) {
    return constant(input.readRequiredText());
  }

  /** The constant that has this name, or had it. */
  E constant(String name) {
    return EnumConstants.find(constants, name, type);
  }
}
