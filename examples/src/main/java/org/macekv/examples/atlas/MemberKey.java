package org.macekv.examples.atlas;

/**
 * The text that stands for a method or field in keys: {@code java.util.List#add(I)V} or {@code
 * java.util.List#size:I}. Members of a class are neighbours, and so are overloads.
 */
final class MemberKey {
  private MemberKey() {}

  static String ofMethod(String className, String name, String descriptor) {
    return className + '#' + name + descriptor;
  }

  static String ofField(String className, String name, String descriptor) {
    return className + '#' + name + ':' + descriptor;
  }

  /** What all members of a class begin with, and nothing else. */
  static String prefixOfMembers(String className) {
    return className + '#';
  }

  /** What all methods of that name in a class begin with, and nothing else. */
  static String prefixOfMethods(String className, String name) {
    return className + '#' + name + '(';
  }

  /** What the fields of that name in a class begin with, and nothing else. */
  static String prefixOfFields(String className, String name) {
    return className + '#' + name + ':';
  }

  /** The member as people write it: {@code java.util.List.add(int)}. */
  static String describe(String key) {
    int name = key.indexOf('#') + 1;
    String qualified = key.substring(0, name - 1) + '.';
    int parameters = key.indexOf('(', name);
    if (parameters < 0) {
      return qualified + key.substring(name, key.indexOf(':', name));
    }
    return qualified
        + key.substring(name, parameters)
        + Descriptors.parameters(key.substring(parameters));
  }
}
