package org.macekv.serialization;

import com.esotericsoftware.kryo.kryo5.Kryo;
import com.esotericsoftware.kryo.kryo5.Registration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;

/**
 * {@code EnumSet} and {@code EnumMap}: the enum, then the constants by name. Neither tells its enum
 * when it is empty, so that is found by trying.
 */
@SuppressWarnings({"unchecked", "rawtypes"}) // the enum is known when the program runs, not before
final class EnumCollectionTypes {
  private EnumCollectionTypes() {}

  static List<StoredType> all() {
    return List.of(
        new StoredType("java.util.EnumSet", EnumSet.class, true, new EnumSetSerializer()),
        new StoredType("java.util.EnumMap", EnumMap.class, true, new EnumMapSerializer()));
  }

  private static Class<? extends Enum> readEnumClass(Kryo kryo, ValueInput input) {
    Registration registration = kryo.readClass(input);
    if (registration == null || !registration.getType().isEnum()) {
      throw new ValueException("malformed: no enum where one is expected");
    }
    return registration.getType();
  }

  private static final class EnumSetSerializer extends ValueSerializer<EnumSet<?>> {
    @Override
    void write(Kryo kryo, ValueOutput output, EnumSet<?> value) {
      EnumSet known = value.isEmpty() ? EnumSet.complementOf((EnumSet) value) : value;
      if (known.isEmpty()) {
        throw new ValueException("an EnumSet of an enum without constants can't be stored");
      }
      kryo.writeClass(output, ((Enum<?>) known.iterator().next()).getDeclaringClass());
      output.writeSize(value.size());
      for (Enum<?> constant : value) {
        output.writeText(constant.name());
      }
    }

    @Override
    EnumSet<?> read(Kryo kryo, ValueInput input) {
      Class type = readEnumClass(kryo, input);
      EnumSet set = EnumSet.noneOf(type);
      for (int size = input.readSize(1); size > 0; size--) {
        set.add(constant(type, input.readRequiredText()));
      }
      return set;
    }
  }

  private static final class EnumMapSerializer extends ValueSerializer<EnumMap<?, ?>> {
    @Override
    void write(Kryo kryo, ValueOutput output, EnumMap<?, ?> value) {
      CatalogClassResolver classes = (CatalogClassResolver) kryo.getClassResolver();
      kryo.writeClass(output, keyType((EnumMap) value, classes.types()));
      MapSerializer.writeEntries(kryo, output, value);
    }

    @Override
    EnumMap<?, ?> read(Kryo kryo, ValueInput input) {
      Class type = readEnumClass(kryo, input);
      int size = input.readSize(2);
      EnumMap map = new EnumMap(type);
      kryo.reference(map);
      MapSerializer.readEntries(kryo, input, (Map) map, size);
      return map;
    }

    private static Class<?> keyType(EnumMap map, TypeTable types) {
      if (!map.isEmpty()) {
        return ((Enum<?>) map.keySet().iterator().next()).getDeclaringClass();
      }
      for (Class<?> candidate : types.enums()) {
        if (takes(map.clone(), candidate)) {
          return candidate;
        }
      }
      throw new ValueException("an empty EnumMap whose enum is not registered");
    }

    private static boolean takes(EnumMap copy, Class<?> candidate) {
      Object[] constants = candidate.getEnumConstants();
      if (constants == null || constants.length == 0) {
        return false;
      }
      try {
        copy.put((Enum) constants[0], true);
        return true;
      } catch (ClassCastException e) {
        return false;
      }
    }
  }

  private static Enum constant(Class type, String name) {
    try {
      return Enum.valueOf(type, name);
    } catch (IllegalArgumentException e) {
      throw new ValueException(
          "the enum "
              + type.getName()
              + " has no constant "
              + name
              + "; was it renamed or removed?");
    }
  }
}
