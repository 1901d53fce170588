package org.macekv.option;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How one transaction runs.
 *
 * @param durability what its commit promises on return; null for the store's own
 * @param isolation what it is kept apart from; default {@link Isolation#SNAPSHOT}
 */
public record TransactionOptions(@Nullable Durability durability, Isolation isolation) {

  private static final TransactionOptions DEFAULTS =
      new TransactionOptions(null, Isolation.SNAPSHOT);

  /** Checks the values. */
  public TransactionOptions {
    Objects.requireNonNull(isolation, "isolation");
  }

  /** The store's own durability, and snapshot isolation. */
  public static TransactionOptions defaults() {
    return DEFAULTS;
  }

  /** With this durability. */
  public TransactionOptions withDurability(Durability value) {
    return new TransactionOptions(value, isolation);
  }

  /** With this isolation. */
  public TransactionOptions withIsolation(Isolation value) {
    return new TransactionOptions(durability, value);
  }
}
