package org.macekv.bench;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
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
  private final Scores<Line, Peer> elapsed = new Scores<>();
  private final Scores<Line, Peer> cpu = new Scores<>();

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
  static Path besideThisProgram() {
    try {
      Path program =
          Path.of(MaceBench.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return program.toAbsolutePath().resolveSibling("stores");
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private void run() throws RunnerException {
    double loadBefore = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    try (StoreDirectory directory = StoreDirectory.below(plan.directory())) {
      for (int round = 1; round <= plan.rounds(); round++) {
        for (Line line : plan.lines()) {
          measure(round, line, directory.path());
        }
      }
    }
    out.println();
    out.println(conditions(loadBefore));
    out.println();
    out.println("Elapsed time:");
    out.print(RatioTable.format(elapsed));
    out.println();
    out.println(
        "Processor time of the calling threads, which other programs on the machine disturb less"
            + " (not in it: what a store does on threads of its own, and waiting):");
    out.print(RatioTable.format(cpu));
  }

  private void measure(int round, Line line, Path directory) throws RunnerException {
    for (Peer peer : line.peers()) {
      if (plan.peers().contains(peer)) {
        List<Measurement.Times> times =
            Measurement.of(line, peer, plan.entries(), directory).run(plan.pace(), plan.entries());
        for (Measurement.Times each : times) {
          elapsed.add(line, peer, each.elapsed());
          cpu.add(line, peer, each.cpu());
        }
        report(round, line, peer, times);
      }
    }
  }

  private void report(int round, Line line, Peer peer, List<Measurement.Times> times) {
    out.printf(
        Locale.ROOT,
        "round %d of %d  %-16s %-10s elapsed %s  cpu %s%n",
        round,
        plan.rounds(),
        line.title(),
        peer.title(),
        joined(times, Measurement.Times::elapsed),
        joined(times, Measurement.Times::cpu));
  }

  static String joined(List<Measurement.Times> times, ToDoubleFunction<Measurement.Times> field) {
    return String.join(
        " ", times.stream().map(each -> rounded(field.applyAsDouble(each))).toList());
  }

  private static String rounded(double nanos) {
    return String.format(Locale.ROOT, "%,.0f", nanos);
  }

  private String conditions(double loadBefore) {
    return String.format(
        Locale.ROOT,
        "%,d entries of %d B keys and %d B values in random order; Java %s, %s (puts into a full"
            + " store: %s); %d processors,"
            + " load average %.1f before; %d rounds, medians",
        plan.entries(),
        Dataset.KEY_BYTES,
        Dataset.VALUE_BYTES,
        Runtime.version().feature(),
        String.join(" ", Measurement.JVM_ARGUMENTS),
        String.join(" ", Measurement.TOUCHED_HEAP),
        Runtime.getRuntime().availableProcessors(),
        loadBefore,
        plan.rounds());
  }
}
