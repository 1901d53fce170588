package org.macekv.internal.txn;

import java.util.function.LongSupplier;
import org.macekv.option.Durability;

/**
 * How a transaction runs.
 *
 * @param durability what its commit promises
 * @param serializable whether nothing that it reads may have been changed when it commits writes
 * @param timeoutMillis how long it may be open; 0: as long as it likes
 * @param maxWrites how many keys it may write
 * @param maxBytes about how many bytes of heap its writes may take until it commits
 * @param maxLogBytes how many bytes of log may be kept for it until it is decided
 * @param nanoTime the clock
 */
public record TransactionSettings(
    Durability durability,
    boolean serializable,
    int timeoutMillis,
    long maxWrites,
    long maxBytes,
    long maxLogBytes,
    LongSupplier nanoTime) {}
