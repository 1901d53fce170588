package org.macekv.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * One line of a table for one peer, timed by JMH in a JVM of its own.
 *
 * @param pattern fits the one method to run, as a pattern for JMH
 * @param unit what one call of it does
 * @param threads how many threads call it
 * @param jvmArguments the arguments of the JVM
 * @param parameters what the method's states are told, by JMH's name of the parameter
 */
record Measurement(
    String pattern,
    Line.Unit unit,
    int threads,
    List<String> jvmArguments,
    Map<String, String> parameters) {

  /**
   * The same for all. The heap begins small on purpose: G1 copies what survives a collection in the
   * order in which it finds it, which for a skip list is the order of its keys. If all entries fit
   * into one young collection, a walk over the skip list afterwards reads memory from front to back
   * and takes a fifth of the time that it takes in a process that has been filling it for longer.
   */
  static final List<String> JVM_ARGUMENTS = List.of("-XX:+UseG1GC", "-Xms256m", "-Xmx4g");

  /**
   * For puts into a full store, of all peers: the heap is there from the beginning. A heap that
   * grows is touched for the first time while puts are measured, and on a virtual machine that can
   * take longer than all else that they do; in a process that has been running for a while it is
   * over. Filling a store from empty is measured with the growing heap.
   */
  static final List<String> TOUCHED_HEAP =
      List.of("-XX:+UseG1GC", "-Xms4g", "-Xmx4g", "-XX:+AlwaysPreTouch");

  /**
   * The times of one iteration, in nanoseconds per operation or entry.
   *
   * @param elapsed as a clock on the wall shows them
   * @param cpu as {@link WorkerCpuProfiler} takes them
   */
  record Times(double elapsed, double cpu) {}

  /** A line of {@link MaceBench}. */
  static Measurement of(Line line, Peer peer, int entries, Path directory) {
    return new Measurement(
        line.pattern(),
        line.unit(),
        line.threads(),
        line.jvmArguments(),
        Map.of(
            "peer", peer.name(),
            "durability", line.durability().name(),
            "directory", directory.toString(),
            "entries", Integer.toString(entries)));
  }

  /**
   * Runs it.
   *
   * @param entries how many entries the store has
   * @return the times of each iteration that counts
   */
  List<Times> run(Pace pace, int entries) throws RunnerException {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include(pattern)
            .threads(threads)
            .timeUnit(TimeUnit.NANOSECONDS)
            .forks(1)
            .addProfiler(WorkerCpuProfiler.class)
            .jvmArgs(jvmArguments.toArray(String[]::new))
            .shouldFailOnError(true);
    parameters.forEach((name, value) -> options.param(name, value));
    addTimes(options, pace);
    String profiler = pace.profiler();
    if (profiler == null) {
      options.verbosity(VerboseMode.SILENT);
    } else {
      int colon = profiler.indexOf(':');
      if (colon < 0) {
        options.addProfiler(profiler);
      } else {
        options.addProfiler(profiler.substring(0, colon), profiler.substring(colon + 1));
      }
    }
    return times(new Runner(options.build()).runSingle(), entries);
  }

  private void addTimes(ChainedOptionsBuilder options, Pace pace) {
    if (unit == Line.Unit.FILLING) {
      // One filling is one iteration. What the one before left behind is collected in between.
      options
          .mode(Mode.SingleShotTime)
          .warmupIterations(1)
          .measurementIterations(Math.max(1, pace.iterations() - 3))
          .shouldDoGC(true);
    } else {
      // Few walks fit into an iteration, so their code is compiled for good after more of them.
      int factor = unit == Line.Unit.WALK ? 2 : 1;
      options
          .mode(Mode.AverageTime)
          .warmupIterations(factor * pace.warmups())
          .warmupTime(TimeValue.milliseconds(pace.millis()))
          .measurementIterations(pace.iterations())
          .measurementTime(TimeValue.milliseconds(pace.millis()));
    }
  }

  private List<Times> times(RunResult result, int entries) {
    List<Times> times = new ArrayList<>();
    for (BenchmarkResult fork : result.getBenchmarkResults()) {
      for (IterationResult iteration : fork.getIterationResults()) {
        double elapsed = iteration.getPrimaryResult().getScore();
        double cpu = cpu(iteration).getScore();
        times.add(new Times(unit.perOperation(elapsed, entries), unit.perOperation(cpu, entries)));
      }
    }
    return times;
  }

  private static Result<?> cpu(IterationResult iteration) {
    Result<?> result = iteration.getSecondaryResults().get(WorkerCpuProfiler.LABEL);
    if (result == null) {
      throw new IllegalStateException("no processor time was measured");
    }
    return result;
  }
}
