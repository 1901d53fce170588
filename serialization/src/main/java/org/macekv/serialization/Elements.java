package org.macekv.serialization;

import com.esotericsoftware.kryo.kryo5.Kryo;
import org.jspecify.annotations.Nullable;

/** Objects one after the other, each with its class; a failure names the index. */
final class Elements {
  private Elements() {}

  static void write(Kryo kryo, ValueOutput output, @Nullable Object[] elements) {
    int i = 0;
    try {
      for (; i < elements.length; i++) {
        kryo.writeClassAndObject(output, elements[i]);
      }
    } catch (RuntimeException e) {
      throw ValueException.at("[" + i + "]", e);
    }
  }

  static void read(Kryo kryo, ValueInput input, @Nullable Object[] elements) {
    int i = 0;
    try {
      for (; i < elements.length; i++) {
        elements[i] = kryo.readClassAndObject(input);
      }
    } catch (RuntimeException e) {
      throw ValueException.at("[" + i + "]", e);
    }
  }

  /** A map's entry as a step of a path. Only names keys whose text is no user's code. */
  static String step(@Nullable Object key, int index) {
    if (key instanceof String || key instanceof Integer || key instanceof Long) {
      String text = String.valueOf(key);
      return "[" + text.substring(0, Math.min(text.length(), 40)) + "]";
    }
    return key instanceof Enum<?> constant ? "[" + constant.name() + "]" : "[entry " + index + "]";
  }
}
