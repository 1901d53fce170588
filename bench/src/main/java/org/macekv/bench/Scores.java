package org.macekv.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** All times that were measured, in nanoseconds per operation or entry. */
final class Scores {
  private final Map<Line, Map<Peer, List<Double>>> nanos = new EnumMap<>(Line.class);

  void add(Line line, Peer peer, double value) {
    nanos
        .computeIfAbsent(line, key -> new EnumMap<>(Peer.class))
        .computeIfAbsent(peer, key -> new ArrayList<>())
        .add(value);
  }

  /** The median of what was added, the mean of the middle two if they are even in number. */
  OptionalDouble median(Line line, Peer peer) {
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
  OptionalDouble ratio(Line line, Peer peer, Peer over) {
    return quotient(median(line, over), median(line, peer), 1);
  }

  /** How many times as many gets {@code peer} does on two threads as on one. */
  OptionalDouble scaling(Peer peer) {
    return quotient(median(Line.GET, peer), median(Line.GET_2_THREADS, peer), 2);
  }

  private static OptionalDouble quotient(OptionalDouble above, OptionalDouble below, int factor) {
    return above.isPresent() && below.isPresent()
        ? OptionalDouble.of(factor * above.getAsDouble() / below.getAsDouble())
        : OptionalDouble.empty();
  }
}
