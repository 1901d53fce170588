package org.macekv.bench;

import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.runner.RunnerException;

/**
 * Measures Mace beside other stores and prints a table of ratios.
 *
 * <p>Peers take turns within each line and lines within each round, so that whatever else the
 * machine does meanwhile hits all of them alike; what counts is the medians' ratio.
 */
public final class MaceBench {
  private final Plan plan;
  private final PrintStream out;
  private final Scores scores = new Scores();

  private MaceBench(Plan plan, PrintStream out) {
    this.plan = plan;
    this.out = out;
  }

  /** Runs the bench; {@code --help} says how. */
  public static void main(String[] arguments) throws RunnerException {
    if (List.of(arguments).contains("--help")) {
      System.out.print(Plan.USAGE);
      return;
    }
    try {
      new MaceBench(Plan.parse(List.of(arguments), besideThisProgram()), System.out).run();
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.err.print(Plan.USAGE);
      System.exit(2);
    }
  }

  /**
   * The build's output directory, which is on a disk and not in memory as a temporary one may be.
   */
  private static Path besideThisProgram() {
    try {
      Path program =
          Path.of(MaceBench.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return program.toAbsolutePath().resolveSibling("stores");
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private void run() throws RunnerException {
    try (StoreDirectory directory = StoreDirectory.below(plan.directory())) {
      for (int round = 1; round <= plan.rounds(); round++) {
        for (Line line : plan.lines()) {
          measure(round, line, directory.path());
        }
      }
    }
    out.println();
    out.println(conditions());
    out.println();
    out.print(RatioTable.format(scores));
  }

  private void measure(int round, Line line, Path directory) throws RunnerException {
    for (Peer peer : line.peers()) {
      if (!plan.peers().contains(peer)) {
        continue;
      }
      List<Double> figures = new Measurement(line, peer).run(plan, directory);
      figures.forEach(figure -> scores.add(line, peer, figure));
      out.printf(
          Locale.ROOT,
          "round %d of %d  %-16s %-10s %s%n",
          round,
          plan.rounds(),
          line.title(),
          peer.title(),
          String.join(" ", figures.stream().map(MaceBench::rounded).toList()));
    }
  }

  private static String rounded(double nanos) {
    return String.format(Locale.ROOT, "%,.0f", nanos);
  }

  private String conditions() {
    return String.format(
        Locale.ROOT,
        "%,d entries of %d B keys and %d B values in random order; Java %s, %s; %d processors;"
            + " %d rounds, medians",
        plan.entries(),
        Dataset.KEY_BYTES,
        Dataset.VALUE_BYTES,
        Runtime.version().feature(),
        String.join(" ", Measurement.JVM_ARGUMENTS),
        Runtime.getRuntime().availableProcessors(),
        plan.rounds());
  }
}
