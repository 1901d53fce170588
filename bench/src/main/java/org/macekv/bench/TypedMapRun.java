package org.macekv.bench;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.runner.RunnerException;

/**
 * Measures Mace's typed map of longs and records beside those of the JDK, MapDB and MVStore, and
 * beside the parts that it is made of: the engine, with its own serialization and with plain Kryo.
 * Mace is {@code BUFFERED}, MVStore commits each second, MapDB syncs after every 1,000 puts.
 *
 * <p>As in {@link MaceBench} each measurement has a JVM of its own and the peers take turns. {@code
 * put} returns the value before, as {@code java.util.Map} has it; {@code set} does not.
 *
 * <pre>
 * java -cp bench/target/mace-bench.jar org.macekv.bench.TypedMapRun
 * </pre>
 */
public final class TypedMapRun {
  private final TypedMapPlan plan;
  private final PrintStream out;
  private final Scores<TypedLine, TypedPeer> elapsed = new Scores<>();
  private final Scores<TypedLine, TypedPeer> cpu = new Scores<>();

  TypedMapRun(TypedMapPlan plan, PrintStream out) {
    this.plan = plan;
    this.out = out;
  }

  /** Runs it; {@code --help} says how. */
  public static void main(String[] arguments) throws RunnerException {
    if (List.of(arguments).contains("--help")) {
      System.out.print(TypedMapPlan.USAGE);
      return;
    }
    try {
      new TypedMapRun(
              TypedMapPlan.parse(List.of(arguments), MaceBench.besideThisProgram()), System.out)
          .run();
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.err.print(TypedMapPlan.USAGE);
      System.exit(2);
    }
  }

  void run() throws RunnerException {
    double loadBefore = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    try (StoreDirectory directory = StoreDirectory.below(plan.directory())) {
      for (int round = 1; round <= plan.rounds(); round++) {
        for (TypedLine line : plan.lines()) {
          measure(round, line, directory.path());
        }
      }
    }
    out.println();
    out.println(conditions(loadBefore));
    out.println();
    out.print(TypedMapTable.format(elapsed, cpu));
  }

  private void measure(int round, TypedLine line, Path directory) throws RunnerException {
    for (TypedPeer peer : line.peers()) {
      if (plan.peers().contains(peer)) {
        List<Measurement.Times> times =
            line.measurement(peer, plan.entries(), directory).run(plan.pace(), plan.entries());
        for (Measurement.Times each : times) {
          elapsed.add(line, peer, each.elapsed());
          cpu.add(line, peer, each.cpu());
        }
        out.printf(
            Locale.ROOT,
            "round %d of %d  %-14s %-17s elapsed %s  cpu %s%n",
            round,
            plan.rounds(),
            line.title(),
            peer.title(),
            MaceBench.joined(times, Measurement.Times::elapsed),
            MaceBench.joined(times, Measurement.Times::cpu));
      }
    }
  }

  private String conditions(double loadBefore) {
    return String.format(
        Locale.ROOT,
        "%,d entries of Long and a record of eight fields in random order; ns per operation or"
            + " entry, cpu: processor time of the calling thread; Java %s, %s (put and set: %s);"
            + " %d processors, load average %.1f before; %d rounds, medians",
        plan.entries(),
        Runtime.version().feature(),
        String.join(" ", Measurement.JVM_ARGUMENTS),
        String.join(" ", Measurement.TOUCHED_HEAP),
        Runtime.getRuntime().availableProcessors(),
        loadBefore,
        plan.rounds());
  }
}
