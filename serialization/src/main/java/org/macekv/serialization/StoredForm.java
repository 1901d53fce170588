package org.macekv.serialization;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One form of a class with stored fields, as the catalog names it: {@code class a.B(int x, long y)}
 * or {@code record a.B(…)}.
 *
 * @param kind {@code class} or {@code record}
 * @param className its binary name
 * @param fields in the order in which they are stored
 */
record StoredForm(String kind, String className, List<Field> fields) {
  static final String CLASS = "class";
  static final String RECORD = "record";

  /**
   * A field.
   *
   * @param typeName the declared type, as {@link Class#getTypeName} gives it
   */
  record Field(String typeName, String name) {}

  static StoredForm of(String kind, Class<?> type, List<StoredFields.Field> fields) {
    return new StoredForm(
        kind,
        type.getName(),
        fields.stream().map(f -> new Field(f.type().getTypeName(), f.name())).toList());
  }

  /** The form of this name; null if it is no name of one. */
  static @Nullable StoredForm parse(String name) {
    int space = name.indexOf(' ');
    int open = name.indexOf('(');
    if (space < 0 || open < space || !name.endsWith(")")) {
      return null;
    }
    String kind = name.substring(0, space);
    if (!kind.equals(CLASS) && !kind.equals(RECORD)) {
      return null;
    }
    List<Field> fields = new ArrayList<>();
    String list = name.substring(open + 1, name.length() - 1);
    for (String each : list.isEmpty() ? new String[0] : list.split(", ", -1)) {
      int end = each.indexOf(' ');
      if (end < 0) {
        return null;
      }
      fields.add(new Field(each.substring(0, end), each.substring(end + 1)));
    }
    return new StoredForm(kind, name.substring(space + 1, open), fields);
  }

  /** What the catalog calls it. */
  String name() {
    return fields.stream()
        .map(field -> field.typeName + " " + field.name)
        .collect(Collectors.joining(", ", kind + " " + className + "(", ")"));
  }
}
