package org.macekv.bench;

/**
 * What the measurements of typed maps do to a map. Whatever is read is looked at, by {@link
 * Order#touch}, which refuses another key's order. For one thread. One JVM only ever loads one
 * implementation, so that calls through this interface cost what direct calls do.
 */
interface OrderMap extends AutoCloseable {

  /**
   * Puts every order and brings the map into the state to be read from: closed and opened again if
   * it has files, as an application finds it.
   */
  void load(Orders orders);

  /** Reads the order of a key that has one. */
  long get(long key);

  /** Sets the order of a key that has one and reads the one before. */
  long put(long key, Order order);

  /** Sets the order of a key without the one before, where there is a difference. */
  void set(long key, Order order);

  /** Walks over all entries and returns the sum of what was read. */
  long iterate();

  @Override
  void close();
}
