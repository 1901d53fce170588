package org.macekv.bench;

import java.nio.file.Path;
import java.util.Map;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.LongDataType;

/**
 * MVStore as it comes, which commits in the background each second or when its buffer is full, with
 * a cache that has room for all orders. What it gives from the cache are the objects themselves.
 */
final class MvStoreOrders extends MapOfOrders {
  private static final int CACHE_MEGABYTES = 1_024;

  private final Path file;
  private MVStore store;
  private MVMap<Long, Order> map;

  MvStoreOrders(Path directory) {
    file = directory.resolve("orders.mvstore");
    store = open(file);
    map = orders(store);
  }

  private static MVStore open(Path file) {
    return new MVStore.Builder().fileName(file.toString()).cacheSize(CACHE_MEGABYTES).open();
  }

  private static MVMap<Long, Order> orders(MVStore store) {
    return store.openMap(
        "orders",
        new MVMap.Builder<Long, Order>()
            .keyType(LongDataType.INSTANCE)
            .valueType(new MvStoreOrderType()));
  }

  @Override
  Map<Long, Order> map() {
    return map;
  }

  @Override
  public void load(Orders orders) {
    for (int i = 0; i < orders.count(); i++) {
      map.put(Orders.id(i), orders.order(i));
    }
    store.close();
    store = open(file);
    map = orders(store);
  }

  @Override
  public void close() {
    store.closeImmediately();
  }
}
