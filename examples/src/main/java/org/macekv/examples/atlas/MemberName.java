package org.macekv.examples.atlas;

import org.macekv.examples.CommandFailure;

/**
 * A method or field as people write it, such as {@code String.intern}, {@code
 * java.util.List#add(int, java.lang.Object)} or {@code java.lang.System.out}.
 *
 * @param className the class, with or without its package
 * @param name the name of the member
 * @param parameters the parameters in parentheses; empty where all overloads are meant, or a field
 */
record MemberName(String className, String name, String parameters) {

  /**
   * Takes it apart.
   *
   * @throws CommandFailure if it has no class
   */
  static MemberName parse(String text) {
    int parameters = text.indexOf('(');
    String qualified = parameters < 0 ? text : text.substring(0, parameters);
    int separator = Math.max(qualified.lastIndexOf('.'), qualified.lastIndexOf('#'));
    if (separator <= 0) {
      throw new CommandFailure(text + " is not a member such as java.lang.String.intern");
    }
    return new MemberName(
        qualified.substring(0, separator),
        qualified.substring(separator + 1),
        parameters < 0 ? "" : spaced(text.substring(parameters)));
  }

  /** Parameters as {@link MemberKey#describe} writes them. */
  private static String spaced(String parameters) {
    return parameters.replace(" ", "").replace(",", ", ");
  }

  /** Whether the member of this {@link MemberKey}, of this class and name, is meant. */
  boolean includes(String memberKey) {
    return parameters.isEmpty() || MemberKey.describe(memberKey).endsWith(name + parameters);
  }
}
