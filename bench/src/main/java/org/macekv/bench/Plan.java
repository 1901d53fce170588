package org.macekv.bench;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What one run of the bench does, as the command line says.
 *
 * @param entries the number of entries
 * @param rounds how often everything is measured; each time in a new JVM
 * @param pace how long each measurement takes
 * @param lines what is measured
 * @param peers who is measured
 * @param directory where stores live while they are measured
 */
record Plan(int entries, int rounds, Pace pace, Set<Line> lines, Set<Peer> peers, Path directory) {

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
          .formatted(CommandLine.names(Line.values()), CommandLine.names(Peer.values()));

  /**
   * Reads the command line.
   *
   * @param directory where stores live unless the command line says otherwise
   * @throws IllegalArgumentException if it cannot be understood; the message says why
   */
  static Plan parse(List<String> arguments, Path directory) {
    CommandLine options = CommandLine.parse(arguments, Set.of(QUICK), WITH_VALUE);
    boolean quick = options.has(QUICK);
    return new Plan(
        options.number("--entries", 1_000_000),
        options.number("--rounds", quick ? 1 : 3),
        new Pace(4, quick ? 3 : 5, quick ? 300 : 400, options.text("--profiler")),
        options.constants("--lines", Line.class, quick ? QUICK_LINES : EnumSet.allOf(Line.class)),
        options.constants("--peers", Peer.class, EnumSet.allOf(Peer.class)),
        options.path("--dir", directory));
  }
}
