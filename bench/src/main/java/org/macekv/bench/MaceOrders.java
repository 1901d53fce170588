package org.macekv.bench;

import java.nio.file.Path;
import java.util.Map;
import org.macekv.collections.MapDefinition;
import org.macekv.collections.PersistentNavigableMap;
import org.macekv.collections.PersistentStore;
import org.macekv.option.Durability;
import org.macekv.option.MaceOptions;
import org.macekv.serialization.BinarySerializer;

/** Mace's typed map: {@code BUFFERED}, with a read cache that has room for all orders. */
final class MaceOrders extends MapOfOrders {
  private static final int PUTS_PER_LOADING_TRANSACTION = 1_000;
  private static final long READ_CACHE_BYTES = 512L << 20;

  private final Path directory;
  private final MapDefinition<Long, Order> definition;
  private PersistentStore store;
  private PersistentNavigableMap<Long, Order> map;

  MaceOrders(Path directory, MapDefinition<Long, Order> definition) {
    this.directory = directory;
    this.definition = definition;
    store = open(directory);
    map = store.navigableMap(definition);
  }

  static MapDefinition<Long, Order> byDefault() {
    return MapDefinition.of("orders", Long.class, Order.class);
  }

  static MapDefinition<Long, Order> withoutCache() {
    return byDefault().withoutSharedValues();
  }

  static MapDefinition<Long, Order> plain() {
    return MapDefinition.of("orders", Long.class, BinarySerializer.of(Order.class))
        .withoutSharedValues();
  }

  private static PersistentStore open(Path directory) {
    return PersistentStore.builder(directory)
        .options(MaceOptions.defaults().withDurability(Durability.BUFFERED))
        .readCacheBytes(READ_CACHE_BYTES)
        .readCacheLeastValueBytes(0) // orders are smaller than what it takes by default
        .open();
  }

  @Override
  Map<Long, Order> map() {
    return map;
  }

  @Override
  public void set(long key, Order order) {
    map.set(key, order);
  }

  @Override
  public void load(Orders orders) {
    for (int from = 0; from < orders.count(); from += PUTS_PER_LOADING_TRANSACTION) {
      int first = from;
      int to = Math.min(orders.count(), from + PUTS_PER_LOADING_TRANSACTION);
      store.transact(
          () -> {
            for (int i = first; i < to; i++) {
              map.set(Orders.id(i), orders.order(i));
            }
          });
    }
    store.close();
    store = open(directory);
    map = store.navigableMap(definition);
  }

  @Override
  public void close() {
    store.close();
  }
}
