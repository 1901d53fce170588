package org.macekv.serialization;

import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which fields of a class are stored, and in which order. */
final class StoredFields {
  private StoredFields() {}

  /**
   * A field of a class, or a component of a record.
   *
   * @param name what it is stored as
   * @param type its declared type
   * @param genericType the same, with type arguments
   * @param reflected the field of a class; null for a component
   */
  record Field(
      String name, Class<?> type, Type genericType, java.lang.reflect.@Nullable Field reflected) {}

  /**
   * The components of a record; of another class all fields, inherited ones included, that are not
   * static or transient. By name, and where names are equal the most derived class first: a field
   * that hides another one of its name is told apart by its class.
   */
  static List<Field> of(Class<?> type) {
    RecordComponent @Nullable [] components = type.getRecordComponents();
    List<Field> result = new ArrayList<>();
    if (components != null) {
      for (RecordComponent each : components) {
        result.add(new Field(each.getName(), each.getType(), each.getGenericType(), null));
      }
      result.sort(Comparator.comparing(Field::name));
      return result;
    }
    List<java.lang.reflect.Field> declared = new ArrayList<>();
    for (@Nullable Class<?> c = type; c != null; c = c.getSuperclass()) {
      for (java.lang.reflect.Field field : c.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers())
            && !Modifier.isTransient(field.getModifiers())) {
          declared.add(field);
        }
      }
    }
    declared.sort(Comparator.comparing(java.lang.reflect.Field::getName)); // stable
    Set<String> names = new HashSet<>();
    for (java.lang.reflect.Field field : declared) {
      boolean hiding = !names.add(field.getName());
      String prefix = hiding ? field.getDeclaringClass().getName() + "." : "";
      result.add(
          new Field(prefix + field.getName(), field.getType(), field.getGenericType(), field));
    }
    return result;
  }
}
