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

/**
 * What one run of the bench does, as the command line says.
 *
 * @param entries the number of entries
 * @param rounds how often everything is measured; each time in a new JVM
 * @param warmups iterations of each measurement that do not count
 * @param iterations iterations of each measurement that count
 * @param millis how long an iteration takes
 * @param lines what is measured
 * @param peers who is measured
 * @param directory where stores live while they are measured
 * @param profiler a profiler of JMH, as JMH's own {@code -prof} names it, or null
 */
record Plan(
    int entries,
    int rounds,
    int warmups,
    int iterations,
    int millis,
    Set<Line> lines,
    Set<Peer> peers,
    Path directory,
    @Nullable String profiler) {

  private static final String QUICK = "--quick";
  private static final Set<String> WITH_VALUE =
      Set.of("--entries", "--rounds", "--lines", "--peers", "--dir", "--profiler");

  private static final Set<Line> QUICK_LINES =
      EnumSet.complementOf(EnumSet.of(Line.SCAN_REVERSE, Line.PUT_WRITE));

  static final String USAGE =
      """
      usage: java -jar mace-bench.jar [options]
        --quick            one short round of the main lines in place of
                           three longer ones of all
        --entries N        entries in the store, default 1000000
        --rounds N         how often everything is measured
        --lines A,B        only these: %s
        --peers A,B        only these: %s
        --dir DIRECTORY    where the stores live while they are measured,
                           default: beside this program
        --profiler NAME    a profiler of JMH, such as gc, stack or jfr:dir=DIRECTORY
      """
          .formatted(names(Line.values()), names(Peer.values()));

  /**
   * Reads the command line.
   *
   * @param directory where stores live unless the command line says otherwise
   * @throws IllegalArgumentException if it cannot be understood; the message says why
   */
  static Plan parse(List<String> arguments, Path directory) {
    Map<String, String> options = options(arguments);
    boolean quick = options.containsKey(QUICK);
    return new Plan(
        number(options, "--entries", 1_000_000),
        number(options, "--rounds", quick ? 1 : 3),
        4,
        quick ? 3 : 5,
        quick ? 300 : 400,
        constants(options, "--lines", Line.class, quick ? QUICK_LINES : EnumSet.allOf(Line.class)),
        constants(options, "--peers", Peer.class, EnumSet.allOf(Peer.class)),
        options.containsKey("--dir") ? Path.of(options.get("--dir")) : directory,
        options.get("--profiler"));
  }

  private static Map<String, String> options(List<String> arguments) {
    Map<String, String> options = new HashMap<>();
    Iterator<String> rest = arguments.iterator();
    while (rest.hasNext()) {
      String option = rest.next();
      if (option.equals(QUICK)) {
        options.put(option, "");
      } else if (!WITH_VALUE.contains(option)) {
        throw new IllegalArgumentException("unknown option " + option);
      } else if (!rest.hasNext()) {
        throw new IllegalArgumentException(option + " needs a value");
      } else {
        options.put(option, rest.next());
      }
    }
    return options;
  }

  private static int number(Map<String, String> options, String option, int otherwise) {
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

  private static <E extends Enum<E>> Set<E> constants(
      Map<String, String> options, String option, Class<E> type, Set<E> otherwise) {
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

  private static String names(Enum<?>[] constants) {
    return String.join(", ", List.of(constants).stream().map(Plan::nameOf).toList());
  }

  private static String nameOf(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
