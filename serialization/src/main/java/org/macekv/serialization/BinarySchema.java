package org.macekv.serialization;

import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a type once and finds its form and what its schema is called. A record is written out
 * where it is met first, and named from then on; so also those within themselves have an end.
 */
final class BinarySchema {
  private static final Map<Class<?>, BinaryForm<?>> SCALARS = BinaryScalars.all();

  private final Class<?> top;
  private final String topName;
  private final StringBuilder text = new StringBuilder();
  private final Map<Class<?>, BinaryForm<?>> records = new HashMap<>();

  /**
   * A schema with nothing in it.
   *
   * @param top the type of the values
   * @param topName what it is called, a record or an enum
   */
  BinarySchema(Class<?> top, String topName) {
    this.top = top;
    this.topName = topName;
  }

  /** What was looked at, as text. */
  String text() {
    return text.toString();
  }

  /** The form of the values. */
  BinaryForm<?> form() {
    return form(top, "");
  }

  private BinaryForm<?> form(Type type, String where) {
    if (type instanceof Class<?> c) {
      return ofClass(c, where);
    } else if (type instanceof ParameterizedType parameterized) {
      return ofCollection(parameterized, where);
    } else if (type instanceof WildcardType wildcard && wildcard.getLowerBounds().length == 0) {
      return form(wildcard.getUpperBounds()[0], where);
    }
    throw refusal(type, where);
  }

  private BinaryForm<?> ofClass(Class<?> type, String where) {
    BinaryForm<?> scalar = SCALARS.get(type);
    if (scalar != null) {
      text.append(type.getSimpleName());
      return scalar;
    } else if (type.isEnum()) {
      text.append("enum ").append(nameOf(type));
      return ofEnum(type);
    } else if (type.isRecord()) {
      return ofRecord(type);
    }
    throw refusal(type, where);
  }

  private String nameOf(Class<?> type) {
    return type == top ? topName : type.getName();
  }

  // The forms are made from the types that they are given.
  @SuppressWarnings({"unchecked", "rawtypes"})
  private BinaryForm<?> ofCollection(ParameterizedType type, String where) {
    Type raw = type.getRawType();
    Type[] arguments = type.getActualTypeArguments();
    if (!Set.of(List.class, Set.class, Map.class).contains(raw)) {
      throw refusal(type, where);
    }
    text.append(((Class<?>) raw).getSimpleName()).append('<');
    BinaryForm first = form(arguments[0], where);
    @Nullable BinaryForm second = null;
    if (arguments.length > 1) {
      text.append(',');
      second = form(arguments[1], where);
    }
    text.append('>');
    if (second != null) {
      return new BinaryCollections.OfMap(first, second);
    }
    return raw == List.class
        ? new BinaryCollections.OfList(first)
        : new BinaryCollections.OfSet(first);
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // it is an enum
  private static BinaryForm<?> ofEnum(Class<?> type) {
    Map<String, Enum<?>> constants = EnumConstants.byName((Class) type);
    return new BinaryScalars.Counted<Enum<?>>(
        (output, value) -> output.writeText(value.name()),
        input -> {
          String name = input.readText();
          return name == null ? null : EnumConstants.find(constants, name, type);
        });
  }

  @SuppressWarnings("unchecked") // the form of a record takes any object
  private BinaryForm<?> ofRecord(Class<?> type) {
    BinaryForm<?> known = records.get(type);
    if (known != null) {
      text.append('@').append(nameOf(type));
      return known;
    }
    RecursiveBinaryForm itself = new RecursiveBinaryForm();
    records.put(type, itself);
    text.append(nameOf(type)).append('(');
    RecordComponent[] components = type.getRecordComponents();
    List<BinaryHandles.Part> parts = new ArrayList<>();
    for (RecordComponent component : components) {
      text.append(parts.isEmpty() ? "" : ",").append(component.getName()).append(':');
      parts.add(part(component, type));
    }
    text.append(')');
    BinaryRecord form = compose(type, components, parts);
    itself.complete(form);
    records.put(type, form);
    return form;
  }

  private BinaryHandles.Part part(RecordComponent component, Class<?> type) {
    BinaryHandles.@Nullable Part primitive = BinaryHandles.primitive(component.getType());
    if (primitive != null) {
      text.append(component.getType());
      return primitive;
    }
    String where = "component '" + component.getName() + "' of the record " + type.getName();
    return BinaryHandles.object(component.getType(), form(component.getGenericType(), where));
  }

  private static BinaryRecord compose(
      Class<?> type, RecordComponent[] components, List<BinaryHandles.Part> parts) {
    try {
      return BinaryHandles.record(type, components, parts);
    } catch (InaccessibleObjectException e) {
      throw new IllegalArgumentException(
          "the components of the record "
              + type.getName()
              + " can't be read: "
              + e.getMessage()
              + ". Open its package to this module, or give a Serializer of your own",
          e);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "the record "
              + type.getName()
              + " has too many components: "
              + components.length
              + ". Put some of them into a record of their own",
          e);
    }
  }

  /** Says what is not supported, and what to do. */
  private static IllegalArgumentException refusal(Type type, String where) {
    String what =
        where.isEmpty()
            ? "values of the type " + type.getTypeName() + " have"
            : where + " has the type " + type.getTypeName() + " in it, which has";
    return new IllegalArgumentException(what + " no plain binary form" + advice(type));
  }

  private static String advice(Type type) {
    if (type instanceof Class<?> c) {
      if (c.isPrimitive()) {
        return ": values are objects; take its box";
      } else if (c.isArray()) {
        return ": declare a List instead of an array of objects, or use KryoSerialization";
      } else if (c == List.class || c == Set.class || c == Map.class) {
        return ": declare what it holds, as in List<String>, within a record";
      }
    }
    return ": declare a record, a List, Set or Map, or a simple type instead, or use"
        + " KryoSerialization";
  }
}
