package org.macekv.option;

import java.util.Objects;

/**
 * How a store is opened. Immutable; every {@code with} method gives a changed copy.
 *
 * @param durability the durability of commits that do not name one; default {@link Durability#SYNC}
 * @param logSegmentBytes the size at which a log segment ends and the next begins, 4 KiB to 1 GiB;
 *     default 64 MiB. A single record may be longer than a segment that is chosen very small.
 * @param flushIntervalMillis after how long at most the background begins to write and sync what
 *     {@link Durability#BUFFERED} commits left in memory, 1 to 60,000; default 100
 * @param createIfMissing whether a store that does not exist is created; default true
 * @param maxAttempts how often {@code Mace.transact} runs its work before it gives up with a {@code
 *     ConflictException}, 1 or more; default 64
 */
public record MaceOptions(
    Durability durability,
    int logSegmentBytes,
    int flushIntervalMillis,
    boolean createIfMissing,
    int maxAttempts) {

  private static final MaceOptions DEFAULTS =
      new MaceOptions(Durability.SYNC, 64 << 20, 100, true, 64);

  /** Checks the ranges. */
  public MaceOptions {
    Objects.requireNonNull(durability, "durability");
    requireRange("logSegmentBytes", logSegmentBytes, 4 << 10, 1 << 30);
    requireRange("flushIntervalMillis", flushIntervalMillis, 1, 60_000);
    requireRange("maxAttempts", maxAttempts, 1, Integer.MAX_VALUE);
  }

  /** The defaults. */
  public static MaceOptions defaults() {
    return DEFAULTS;
  }

  /** With this durability for commits that do not name one. */
  public MaceOptions withDurability(Durability value) {
    return new MaceOptions(
        value, logSegmentBytes, flushIntervalMillis, createIfMissing, maxAttempts);
  }

  /** With log segments of this size in bytes. */
  public MaceOptions withLogSegmentBytes(int value) {
    return new MaceOptions(durability, value, flushIntervalMillis, createIfMissing, maxAttempts);
  }

  /** With this longest stay of buffered commits in memory, in milliseconds. */
  public MaceOptions withFlushIntervalMillis(int value) {
    return new MaceOptions(durability, logSegmentBytes, value, createIfMissing, maxAttempts);
  }

  /** With or without creation of a store that does not exist. */
  public MaceOptions withCreateIfMissing(boolean value) {
    return new MaceOptions(durability, logSegmentBytes, flushIntervalMillis, value, maxAttempts);
  }

  /** With this bound on the attempts of {@code Mace.transact}. */
  public MaceOptions withMaxAttempts(int value) {
    return new MaceOptions(
        durability, logSegmentBytes, flushIntervalMillis, createIfMissing, value);
  }

  static void requireRange(String option, long value, long low, long high) {
    if (value < low || value > high) {
      throw new IllegalArgumentException(
          "option " + option + " is " + value + ", expected " + low + " to " + high);
    }
  }
}
