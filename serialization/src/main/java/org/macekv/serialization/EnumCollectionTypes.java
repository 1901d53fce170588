package org.macekv.serialization;

import com.esotericsoftware.kryo.kryo5.Kryo;
import com.esotericsoftware.kryo.kryo5.Registration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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

  /** Null for one that is not known any more, where that may be. */
  private static @Nullable EnumSerializer<?> readEnum(Kryo kryo, ValueInput input) {
    Registration registration = kryo.readClass(input);
    if (registration != null && registration.getSerializer() instanceof EnumSerializer<?> known) {
      return known;
    }
    if (registration == null || !input.isSkipping()) {
      throw new ValueException("malformed: no enum where one is expected");
    }
    return null;
  }

  private static final class EnumSetSerializer extends ValueSerializer<Object> {
    @Override
    void write(Kryo kryo, ValueOutput output, Object set) {
      EnumSet<?> value = (EnumSet<?>) set;
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
    Object read(Kryo kryo, ValueInput input) {
      EnumSerializer type = readEnum(kryo, input);
      Collection set = type == null ? new ArrayList<>() : EnumSet.noneOf(type.type());
      for (int size = input.readSize(1); size > 0; size--) {
        String name = input.readRequiredText();
        if (!input.isSkipping() && type != null) {
          set.add(type.constant(name));
        }
      }
      return set;
    }
  }

  private static final class EnumMapSerializer extends ValueSerializer<Object> {
    @Override
    void write(Kryo kryo, ValueOutput output, Object map) {
      EnumMap<?, ?> value = (EnumMap<?, ?>) map;
      CatalogClassResolver classes = (CatalogClassResolver) kryo.getClassResolver();
      kryo.writeClass(output, keyType((EnumMap) value, classes.types()));
      MapSerializer.writeEntries(kryo, output, value);
    }

    @Override
    Object read(Kryo kryo, ValueInput input) {
      EnumSerializer type = readEnum(kryo, input);
      int size = input.readSize(2);
      Map map = type == null || input.isSkipping() ? new HashMap<>() : new EnumMap(type.type());
      kryo.reference(map);
      MapSerializer.readEntries(kryo, input, map, size);
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
}
