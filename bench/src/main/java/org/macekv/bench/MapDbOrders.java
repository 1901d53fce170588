package org.macekv.bench;

import java.nio.file.Path;
import java.util.concurrent.ConcurrentMap;
import org.mapdb.DB;
import org.mapdb.DBMaker;
import org.mapdb.Serializer;

/**
 * MapDB with the settings that serve it best and still survive a crash: a memory-mapped file that
 * is not cleared beforehand, the log of {@code transactionEnable()}, a synced commit after every
 * 1,000 puts, {@link Serializer#LONG} for keys, and a serializer written by hand for values. MapDB
 * 3 has no cache of objects. Values are outside of the nodes of its tree, since with a log it reads
 * whole nodes: inside, gets and puts take two to three times as long, and walks the same time.
 */
final class MapDbOrders extends MapOfOrders {
  private static final int PUTS_PER_COMMIT = 1_000;

  private final Path file;
  private DB store;
  private ConcurrentMap<Long, Order> map;
  private int uncommitted;

  MapDbOrders(Path directory) {
    file = directory.resolve("orders.mapdb");
    store = open(file);
    map = orders(store);
  }

  private static DB open(Path file) {
    return DBMaker.fileDB(file.toFile())
        .fileMmapEnableIfSupported()
        .fileMmapPreclearDisable()
        .transactionEnable()
        .make();
  }

  private static ConcurrentMap<Long, Order> orders(DB store) {
    return store
        .treeMap("orders")
        .keySerializer(Serializer.LONG)
        .valueSerializer(new MapDbOrderSerializer())
        .valuesOutsideNodesEnable()
        .createOrOpen();
  }

  @Override
  ConcurrentMap<Long, Order> map() {
    return map;
  }

  @Override
  void wrote() {
    uncommitted++;
    if (uncommitted == PUTS_PER_COMMIT) {
      commit();
    }
  }

  private void commit() {
    store.commit();
    uncommitted = 0;
  }

  @Override
  public void load(Orders orders) {
    for (int i = 0; i < orders.count(); i++) {
      set(Orders.id(i), orders.order(i));
    }
    commit();
    store.close();
    store = open(file);
    map = orders(store);
  }

  @Override
  public void close() {
    commit();
    store.close();
  }
}
