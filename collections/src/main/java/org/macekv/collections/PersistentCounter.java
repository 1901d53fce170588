package org.macekv.collections;

/**
 * A number that many threads and scopes add to at the same time without conflicts, as to a {@link
 * java.util.concurrent.atomic.LongAdder}. What a scope adds is a part of it: it counts when the
 * scope is committed, and never if it is rolled back. Sums wrap around as those of {@code long} do.
 *
 * <p>Adding writes an entry of its own and reads nothing; entries are added up now and then, some
 * hundreds at a time, by a thread that adds. {@link #get()} reads those that there are: it costs
 * more than to read a value of a map.
 *
 * <p>Thread-safe. Inside a scope it is confined as {@link TransactionScope} says.
 */
public interface PersistentCounter {

  /** The name of the collection in its store. */
  String name();

  /** Adds {@code change}, which may be negative. */
  void add(long change);

  /** Adds 1. */
  default void increment() {
    add(1);
  }

  /**
   * The sum: of all that is committed, or in a scope or snapshot, of its state and what the scope
   * has added itself.
   */
  long get();

  /**
   * This counter as part of {@code scope}, whatever thread uses it; see {@link
   * PersistentNavigableMap#in}.
   *
   * @throws IllegalArgumentException if the scope is of another store
   * @throws UnsupportedOperationException if this counter is of a {@link Snapshot}
   */
  PersistentCounter in(TransactionScope scope);
}
