package org.macekv.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * All times that were measured, in nanoseconds per operation or entry.
 *
 * @param <L> the lines: what was measured
 * @param <P> the peers: who was measured
 */
final class Scores<L, P> {
  private final Map<L, Map<P, List<Double>>> nanos = new HashMap<>();

  void add(L line, P peer, double value) {
    nanos
        .computeIfAbsent(line, key -> new HashMap<>())
        .computeIfAbsent(peer, key -> new ArrayList<>())
        .add(value);
  }

  /** The median of what was added, the mean of the middle two if they are even in number. */
  OptionalDouble median(L line, P peer) {
    List<Double> sorted =
        new ArrayList<>(nanos.getOrDefault(line, Map.of()).getOrDefault(peer, List.of()));
    if (sorted.isEmpty()) {
      return OptionalDouble.empty();
    }
    Collections.sort(sorted);
    int upper = sorted.size() / 2;
    int lower = (sorted.size() - 1) / 2;
    return OptionalDouble.of((sorted.get(lower) + sorted.get(upper)) / 2);
  }

  /** How many times as fast {@code peer} is as {@code over}. */
  OptionalDouble ratio(L line, P peer, P over) {
    return quotient(median(line, over), median(line, peer), 1);
  }

  /** How many times as much {@code peer} does on the two threads of one line as on that of one. */
  OptionalDouble scaling(L oneThread, L twoThreads, P peer) {
    return quotient(median(oneThread, peer), median(twoThreads, peer), 2);
  }

  private static OptionalDouble quotient(OptionalDouble above, OptionalDouble below, int factor) {
    return above.isPresent() && below.isPresent()
        ? OptionalDouble.of(factor * above.getAsDouble() / below.getAsDouble())
        : OptionalDouble.empty();
  }
}
