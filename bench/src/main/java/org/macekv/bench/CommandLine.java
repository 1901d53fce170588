package org.macekv.bench;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Options as the command line gives them, each at most once: a later one replaces the earlier. */
final class CommandLine {
  private final Map<String, String> options;

  private CommandLine(Map<String, String> options) {
    this.options = options;
  }

  /**
   * Reads the words of a command line.
   *
   * @param alone the options that stand alone
   * @param withValue the options that a value follows
   * @throws IllegalArgumentException if there is another option, or a value is missing
   */
  static CommandLine parse(List<String> arguments, Set<String> alone, Set<String> withValue) {
    Map<String, String> options = new HashMap<>();
    Iterator<String> rest = arguments.iterator();
    while (rest.hasNext()) {
      String option = rest.next();
      if (alone.contains(option)) {
        options.put(option, "");
      } else if (!withValue.contains(option)) {
        throw new IllegalArgumentException("unknown option " + option);
      } else if (!rest.hasNext()) {
        throw new IllegalArgumentException(option + " needs a value");
      } else {
        options.put(option, rest.next());
      }
    }
    return new CommandLine(options);
  }

  /** Whether the option is there. */
  boolean has(String option) {
    return options.containsKey(option);
  }

  /** The value as it is, or null. */
  @Nullable String text(String option) {
    return options.get(option);
  }

  /** The value as a path. */
  Path path(String option, Path otherwise) {
    String text = options.get(option);
    return text == null ? otherwise : Path.of(text);
  }

  /**
   * The value as a number.
   *
   * @throws IllegalArgumentException if it is none from 1 to 99,999,999
   */
  int number(String option, int otherwise) {
    String text = options.get(option);
    if (text == null) {
      return otherwise;
    }
    if (!text.matches("[1-9][0-9]{0,7}")) {
      throw new IllegalArgumentException(
          option + " is " + text + ", expected a number from 1 to 99999999");
    }
    return Integer.parseInt(text);
  }

  /**
   * The value as names of constants with commas between them.
   *
   * @throws IllegalArgumentException if one is no constant
   */
  <E extends Enum<E>> Set<E> constants(String option, Class<E> type, Set<E> otherwise) {
    String text = options.get(option);
    if (text == null) {
      return otherwise;
    }
    Set<E> result = EnumSet.noneOf(type);
    for (String name : text.split(",", -1)) {
      result.add(constant(type, option, name));
    }
    return result;
  }

  private static <E extends Enum<E>> E constant(Class<E> type, String option, String name) {
    for (E candidate : type.getEnumConstants()) {
      if (nameOf(candidate).equals(name)) {
        return candidate;
      }
    }
    throw new IllegalArgumentException(
        option + " has '" + name + "', expected one of " + names(type.getEnumConstants()));
  }

  /** What the command line calls these constants. */
  static String names(Enum<?>[] constants) {
    return String.join(", ", List.of(constants).stream().map(CommandLine::nameOf).toList());
  }

  private static String nameOf(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
