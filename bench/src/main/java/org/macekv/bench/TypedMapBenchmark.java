package org.macekv.bench;

import java.nio.file.Path;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Operations on a map that holds all orders. */
public class TypedMapBenchmark {

  /** A map that was loaded in random order. The parameters are set by {@link TypedMapRun}. */
  @State(Scope.Benchmark)
  @SuppressWarnings("NullAway.Init") // JMH calls load() before anything else.
  public static class Loaded {
    /** Whose map. */
    @Param("MACE")
    public TypedPeer peer = TypedPeer.MACE;

    /** Whether Mace's map may keep values that it has read. */
    @Param("true")
    public boolean cached = true;

    /** Below which directory the store lives. */
    @Param("target")
    public String directory = "target";

    /** The number of entries. */
    @Param("1000000")
    public int entries = 1_000_000;

    private final SplittableRandom random = new SplittableRandom(1);
    private Orders orders;
    private StoreDirectory files;
    private OrderMap map;
    private int puts;

    /** Opens and loads the map, and checks by a walk that every order is there. */
    @Setup(Level.Trial)
    public void load() {
      orders = new Orders(entries);
      files = StoreDirectory.below(Path.of(directory));
      map = peer.open(files.path(), cached);
      map.load(orders);
      long sum = map.iterate();
      if (peer != TypedPeer.ENGINE && sum != orders.checksum()) {
        throw new IllegalStateException(peer + " does not hold what was loaded");
      }
    }

    /** Closes the map and deletes its files. */
    @TearDown(Level.Trial)
    public void close() {
      map.close();
      files.close();
    }
  }

  /** The order of a random key that has one. */
  @Benchmark
  public long get(Loaded loaded) {
    return loaded.map.get(loaded.orders.anyId(loaded.random));
  }

  /** A new order for a random key that has one, which is read. */
  @Benchmark
  public long put(Loaded loaded) {
    long id = loaded.orders.anyId(loaded.random);
    return loaded.map.put(id, loaded.orders.replacement(id, loaded.puts++));
  }

  /** A new order for a random key that has one, which is not read. */
  @Benchmark
  public void set(Loaded loaded) {
    long id = loaded.orders.anyId(loaded.random);
    loaded.map.set(id, loaded.orders.replacement(id, loaded.puts++));
  }

  /** All entries. */
  @Benchmark
  public long iterate(Loaded loaded) {
    return loaded.map.iterate();
  }
}
