package org.macekv.option;

import org.jspecify.annotations.Nullable;

/**
 * How one transaction runs.
 *
 * @param durability what its commit promises on return; null for the store's own
 */
public record TransactionOptions(@Nullable Durability durability) {

  private static final TransactionOptions DEFAULTS = new TransactionOptions(null);

  /** The store's own durability. */
  public static TransactionOptions defaults() {
    return DEFAULTS;
  }

  /** With this durability. */
  public TransactionOptions withDurability(Durability value) {
    return new TransactionOptions(value);
  }
}
