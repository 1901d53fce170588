package org.macekv.serialization;

import java.util.List;
import java.util.Map;

/** Conversions of numbers that lose nothing, or as little as those that Java does by itself. */
final class NumberConversion {
  private static final List<Class<?>> NUMBERS =
      List.of(Byte.class, Short.class, Integer.class, Long.class, Float.class, Double.class);

  private static final Map<String, Class<?>> BOXES =
      Map.of(
          "boolean", Boolean.class,
          "byte", Byte.class,
          "short", Short.class,
          "char", Character.class,
          "int", Integer.class,
          "long", Long.class,
          "float", Float.class,
          "double", Double.class);

  private NumberConversion() {}

  static boolean isPrimitive(String typeName) {
    return BOXES.containsKey(typeName);
  }

  /** The box of a primitive type of this name, or what is no primitive type's name. */
  static String boxName(String typeName) {
    Class<?> box = BOXES.get(typeName);
    return box == null ? typeName : box.getName();
  }

  /** Whether each value of one box has a place in another (Java Language Specification, 5.1.2). */
  static boolean isWidening(String from, String to) {
    int target = indexOf(to);
    if (from.equals(Character.class.getName())) {
      return target >= NUMBERS.indexOf(Integer.class);
    }
    int source = indexOf(from);
    return source >= 0 && source <= target;
  }

  private static int indexOf(String box) {
    for (int i = 0; i < NUMBERS.size(); i++) {
      if (NUMBERS.get(i).getName().equals(box)) {
        return i;
      }
    }
    return -1;
  }

  /** The value as another box. Requires: that is a widening. */
  static Object widen(Object value, Class<?> box) {
    Number number = value instanceof Character c ? Integer.valueOf(c) : (Number) value;
    if (box == Short.class) {
      return number.shortValue();
    } else if (box == Integer.class) {
      return number.intValue();
    } else if (box == Long.class) {
      return number.longValue();
    } else if (box == Float.class) {
      return number.floatValue();
    } else if (box == Double.class) {
      return number.doubleValue();
    }
    return value;
  }
}
