package org.macekv.internal.engine;

import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntUnaryOperator;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.macekv.internal.mvcc.Probe;

/**
 * Time, chance, and what a test may hold up: so that tests can have their own.
 *
 * @param clockMillis milliseconds since 1970
 * @param nanoTime nanoseconds since some moment
 * @param random a random number from 0 to below its argument; thread-safe
 * @param storeIds identities for new stores
 * @param probe told where threads are
 */
public record Environment(
    LongSupplier clockMillis,
    LongSupplier nanoTime,
    IntUnaryOperator random,
    Supplier<UUID> storeIds,
    Probe probe) {

  /** The machine's clock and unpredictable numbers. */
  public static Environment system() {
    return new Environment(
        System::currentTimeMillis,
        System::nanoTime,
        bound -> ThreadLocalRandom.current().nextInt(bound),
        UUID::randomUUID,
        Probe.NONE);
  }

  /** The machine's clock and the numbers of a seed. */
  public static Environment seeded(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    IntUnaryOperator next =
        bound -> {
          synchronized (random) {
            return random.nextInt(bound);
          }
        };
    return new Environment(
        System::currentTimeMillis,
        System::nanoTime,
        next,
        () -> new UUID(random.nextLong(), random.nextLong()),
        Probe.NONE);
  }

  /** The same with another probe. */
  public Environment withProbe(Probe other) {
    return new Environment(clockMillis, nanoTime, random, storeIds, other);
  }
}
