package org.macekv.bench;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A {@link Map} of orders, used through the methods of {@code java.util}. */
abstract class MapOfOrders implements OrderMap {

  /** The map; after {@link #load} it may be another one. */
  abstract Map<Long, Order> map();

  @Override
  public final long get(long key) {
    return touched(key, map().get(key));
  }

  @Override
  public final long put(long key, Order order) {
    Order before = map().put(key, order);
    wrote();
    return touched(key, before);
  }

  @Override
  public void set(long key, Order order) {
    map().put(key, order);
    wrote();
  }

  /** Is called after each put. */
  void wrote() {
    // Most have nothing more to do.
  }

  @Override
  public final long iterate() {
    long sum = 0;
    for (Map.Entry<Long, Order> entry : map().entrySet()) {
      sum += entry.getValue().touch(entry.getKey());
    }
    return sum;
  }

  private static long touched(long key, @Nullable Order order) {
    if (order == null) {
      throw new IllegalStateException("there is no order " + key);
    }
    return order.touch(key);
  }
}
