package org.macekv.bench;

import java.nio.file.Path;

/** Who is measured in {@link TypedMapRun}: typed maps, and the parts that Mace's is made of. */
public enum TypedPeer {
  /** {@link java.util.concurrent.ConcurrentSkipListMap}, which keeps nothing. */
  SKIP_LIST("skip list"),
  /** MapDB's {@code BTreeMap}. */
  MAPDB("MapDB"),
  /** The {@code MVMap} of H2's MVStore. */
  MVSTORE("MVStore"),
  /** Mace's engine with the bytes of keys and values that the typed map would have. */
  ENGINE("engine, bytes"),
  /** Mace's engine, with keys and values to and from bytes as the typed map does it. */
  ENGINE_CODED("engine, coded"),
  /** Mace's engine, with values to and from bytes by an instance of Kryo as it comes. */
  ENGINE_KRYO("engine, raw Kryo"),
  /** Mace's typed map with {@code BinarySerializer}, and without a cache. */
  MACE_PLAIN("Mace, plain binary"),
  /** Mace's typed map. */
  MACE("Mace");

  private final String title;

  TypedPeer(String title) {
    this.title = title;
  }

  /** The name in the table. */
  String title() {
    return title;
  }

  /**
   * Opens a new map.
   *
   * @param directory an empty directory for its files
   * @param cached whether Mace's map may keep values that it has read
   */
  OrderMap open(Path directory, boolean cached) {
    return switch (this) {
      case SKIP_LIST -> new JdkOrders();
      case MAPDB -> new MapDbOrders(directory);
      case MVSTORE -> new MvStoreOrders(directory);
      case ENGINE -> new EngineOrders(directory, new MaceOrderCoder(), EngineOrders.Reading.BYTES);
      case ENGINE_CODED ->
          new EngineOrders(directory, new MaceOrderCoder(), EngineOrders.Reading.ORDERS);
      case ENGINE_KRYO ->
          new EngineOrders(directory, new KryoOrderCoder(), EngineOrders.Reading.ORDERS);
      case MACE_PLAIN -> new MaceOrders(directory, MaceOrders.plain());
      case MACE ->
          new MaceOrders(directory, cached ? MaceOrders.byDefault() : MaceOrders.withoutCache());
    };
  }
}
