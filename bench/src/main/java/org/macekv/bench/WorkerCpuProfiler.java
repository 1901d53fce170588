package org.macekv.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/**
 * The processor time that the calling threads take for an operation. Unlike elapsed time it does
 * not grow when other programs want the processors, too. Not in it is what a store does on threads
 * of its own, and waiting for a device. The last iteration of a fork has the closing of the store
 * in it, which medians leave out. JMH makes the object in the JVM that measures.
 */
public final class WorkerCpuProfiler implements InternalProfiler {
  /** The label of the result, which is in nanoseconds per call. */
  static final String LABEL = "worker-cpu";

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private long nanosBefore;

  @Override
  public String getDescription() {
    return "processor time of the calling threads";
  }

  @Override
  public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
    nanosBefore = workerNanos();
  }

  @Override
  public Collection<? extends Result<?>> afterIteration(
      BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
    long calls = result.getMetadata().getAllOps();
    double nanos = (double) (workerNanos() - nanosBefore) / calls;
    return List.of(new ScalarResult(LABEL, nanos, "ns/op", AggregationPolicy.AVG));
  }

  /** JMH's workers live as long as the fork; before the first iteration there are none. */
  private long workerNanos() {
    long sum = 0;
    for (long id : threads.getAllThreadIds()) {
      ThreadInfo thread = threads.getThreadInfo(id);
      if (thread != null && thread.getThreadName().contains("jmh-worker")) {
        sum += Math.max(0, threads.getThreadCpuTime(id));
      }
    }
    return sum;
  }
}
