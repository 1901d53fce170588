package org.macekv.bench;

import org.jspecify.annotations.Nullable;

/**
 * How long each measurement takes.
 *
 * @param warmups iterations that do not count
 * @param iterations iterations that count
 * @param millis how long an iteration takes
 * @param profiler a profiler of JMH, as JMH's own {@code -prof} names it, or null
 */
record Pace(int warmups, int iterations, int millis, @Nullable String profiler) {}
