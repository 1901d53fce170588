package org.macekv.bench;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** The JDK's map, in memory and with nothing kept. */
final class JdkOrders extends MapOfOrders {
  private final Map<Long, Order> map = new ConcurrentSkipListMap<>();

  @Override
  Map<Long, Order> map() {
    return map;
  }

  @Override
  public void load(Orders orders) {
    for (int i = 0; i < orders.count(); i++) {
      map.put(Orders.id(i), orders.order(i));
    }
  }

  @Override
  public void close() {
    map.clear();
  }
}
