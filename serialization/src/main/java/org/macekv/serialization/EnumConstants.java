package org.macekv.serialization;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** The constants of an enum by what stands for them in bytes. */
final class EnumConstants {
  private EnumConstants() {}

  static <E extends Enum<E>> Map<String, E> byName(Class<E> type) {
    return by(type, Enum::name);
  }

  static <E extends Enum<E>> Map<Integer, E> byCode(Class<E> type, ToIntFunction<E> code) {
    return by(type, code::applyAsInt);
  }

  static <T, E> E find(Map<T, E> constants, T key, Class<?> type) {
    @Nullable E constant = constants.get(key);
    if (constant == null) {
      throw new SerializationException(
          "the enum "
              + type.getName()
              + " has no constant "
              + key
              + "; was it renamed or removed?");
    }
    return constant;
  }

  private static <T, E extends Enum<E>> Map<T, E> by(Class<E> type, Function<E, T> key) {
    E @Nullable [] constants = type.getEnumConstants();
    if (constants == null) {
      throw new IllegalArgumentException(
          type.getName() + " is not an enum, or is the class of one of its constants");
    }
    Map<T, E> map = new HashMap<>();
    for (E constant : constants) {
      E other = map.putIfAbsent(key.apply(constant), constant);
      if (other != null) {
        throw new IllegalArgumentException(
            type.getName()
                + "."
                + constant
                + " and "
                + other
                + " have the same code "
                + key.apply(constant));
      }
    }
    return Map.copyOf(map);
  }
}
