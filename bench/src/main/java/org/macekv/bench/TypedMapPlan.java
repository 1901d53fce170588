package org.macekv.bench;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What {@link TypedMapRun} does, as the command line says.
 *
 * @param entries the number of entries
 * @param rounds how often everything is measured; each time in a new JVM
 * @param pace how long each measurement takes
 * @param lines what is measured
 * @param peers who is measured
 * @param directory where stores live while they are measured
 */
record TypedMapPlan(
    int entries,
    int rounds,
    Pace pace,
    Set<TypedLine> lines,
    Set<TypedPeer> peers,
    Path directory) {

  private static final String QUICK = "--quick";
  private static final Set<String> WITH_VALUE =
      Set.of("--entries", "--rounds", "--lines", "--peers", "--dir", "--profiler");

  static final String USAGE =
      """
      usage: java -cp mace-bench.jar org.macekv.bench.TypedMapRun [options]
        --quick            one short round of 100000 entries in place of
                           three longer ones of 1000000
        --entries N        entries in the map
        --rounds N         how often everything is measured
        --lines A,B        only these: %s
        --peers A,B        only these: %s
        --dir DIRECTORY    where the stores live while they are measured,
                           default: beside this program
        --profiler NAME    a profiler of JMH, such as gc, stack or jfr:dir=DIRECTORY
        --help             this text
      """
          .formatted(CommandLine.names(TypedLine.values()), CommandLine.names(TypedPeer.values()));

  /**
   * Reads the command line.
   *
   * @param directory where stores live unless the command line says otherwise
   * @throws IllegalArgumentException if it cannot be understood; the message says why
   */
  static TypedMapPlan parse(List<String> arguments, Path directory) {
    CommandLine options = CommandLine.parse(arguments, Set.of(QUICK), WITH_VALUE);
    boolean quick = options.has(QUICK);
    return new TypedMapPlan(
        options.number("--entries", quick ? 100_000 : 1_000_000),
        options.number("--rounds", quick ? 1 : 3),
        new Pace(4, quick ? 3 : 5, quick ? 300 : 400, options.text("--profiler")),
        options.constants("--lines", TypedLine.class, EnumSet.allOf(TypedLine.class)),
        options.constants("--peers", TypedPeer.class, EnumSet.allOf(TypedPeer.class)),
        options.path("--dir", directory));
  }
}
