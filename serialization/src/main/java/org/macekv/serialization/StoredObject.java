package org.macekv.serialization;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An object as it was stored, in a form that its class has no more: for migrations (see {@link
 * Evolution}). Numbers are boxed; other objects are what they are today. Immutable.
 */
public final class StoredObject {
  private final String className;
  private final Map<String, @Nullable Object> fields;

  StoredObject(String className, Map<String, @Nullable Object> fields) {
    this.className = className;
    this.fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
  }

  /** The name that the class had. */
  public String className() {
    return className;
  }

  /** The names of its fields, in the order of the names. */
  public Set<String> fields() {
    return fields.keySet();
  }

  /** Whether it has a field of this name. */
  public boolean has(String field) {
    return fields.containsKey(field);
  }

  /**
   * The value of a field.
   *
   * @throws IllegalArgumentException if there is none of this name
   */
  public @Nullable Object get(String field) {
    if (!has(field)) {
      throw new IllegalArgumentException(this + " has no field '" + field + "'");
    }
    return fields.get(field);
  }

  /** For messages. */
  @Override
  public String toString() {
    return "stored " + className + fields.keySet();
  }
}
