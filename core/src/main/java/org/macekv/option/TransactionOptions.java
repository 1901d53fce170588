package org.macekv.option;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How one transaction runs.
 *
 * @param durability what its commit promises on return; null for the store's own
 * @param isolation what it is kept apart from; default {@link Isolation#SNAPSHOT}
 * @param timeoutMillis how long it may be open before it is rolled back, 0 or more; default 0: as
 *     the store's option {@code transactionTimeoutMillis} says
 */
public record TransactionOptions(
    @Nullable Durability durability, Isolation isolation, int timeoutMillis) {

  private static final TransactionOptions DEFAULTS =
      new TransactionOptions(null, Isolation.SNAPSHOT, 0);

  /** Checks the values. */
  public TransactionOptions {
    Objects.requireNonNull(isolation, "isolation");
    MaceOptions.requireRange("timeoutMillis", timeoutMillis, 0, Integer.MAX_VALUE);
  }

  /** The store's own durability, and snapshot isolation. */
  public static TransactionOptions defaults() {
    return DEFAULTS;
  }

  /** With this durability. */
  public TransactionOptions withDurability(Durability value) {
    return new TransactionOptions(value, isolation, timeoutMillis);
  }

  /** With this isolation. */
  public TransactionOptions withIsolation(Isolation value) {
    return new TransactionOptions(durability, value, timeoutMillis);
  }

  /** With this timeout in milliseconds; 0 for the store's. */
  public TransactionOptions withTimeoutMillis(int value) {
    return new TransactionOptions(durability, isolation, value);
  }
}
