package org.macekv.bench;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Operations on a store that holds the whole data set. */
public class StoreBenchmark {

  /** A store that was loaded in random order; one for all threads. */
  @State(Scope.Benchmark)
  @SuppressWarnings("NullAway.Init") // JMH calls load() before anything else.
  public static class Loaded {
    private Dataset dataset;
    private StoreDirectory directory;
    private ByteStore store;

    /** Opens and loads the store, and checks by a scan each way that every entry is there. */
    @Setup(Level.Trial)
    public void load(StoreParameters parameters) {
      dataset = parameters.dataset();
      directory = parameters.newDirectory();
      store = parameters.open(directory);
      store.load(dataset);
      long expected = dataset.checksum();
      if (store.scan() != expected || store.scanReverse() != expected) {
        throw new IllegalStateException(parameters.peer + " does not hold what was loaded");
      }
    }

    /** Closes the store and deletes its files. */
    @TearDown(Level.Trial)
    public void close() {
      store.close();
      directory.close();
    }
  }

  /** Where a thread is in the random order of accesses. */
  @State(Scope.Thread)
  public static class Walk {
    private final byte[] key = new byte[Dataset.KEY_BYTES];
    private int index;
    private long valueNumber;

    /** Begins anywhere, so that threads do not follow each other. */
    @Setup(Level.Trial)
    public void begin(StoreParameters parameters) {
      index = (int) (Thread.currentThread().getId() * 7_919 % parameters.entries);
    }

    private int next(int entryCount) {
      int current = index;
      index = current + 1 == entryCount ? 0 : current + 1;
      return current;
    }
  }

  /** The value of a random key that has one. */
  @Benchmark
  public long get(Loaded loaded, Walk walk) {
    Dataset dataset = loaded.dataset;
    dataset.copyAccessKey(walk.next(dataset.entryCount()), walk.key);
    byte[] value = loaded.store.get(walk.key);
    if (value == null) {
      throw new IllegalStateException("a key that was loaded is not there");
    }
    return Touch.value(value);
  }

  /** A new value for a random key that has one. */
  @Benchmark
  public void put(Loaded loaded, Walk walk) {
    Dataset dataset = loaded.dataset;
    byte[] key = dataset.accessKey(walk.next(dataset.entryCount()));
    loaded.store.put(key, dataset.value(walk.valueNumber++));
  }

  /** All entries, upwards. */
  @Benchmark
  public long scan(Loaded loaded) {
    return loaded.store.scan();
  }

  /** All entries, downwards. */
  @Benchmark
  public long scanReverse(Loaded loaded) {
    return loaded.store.scanReverse();
  }
}
