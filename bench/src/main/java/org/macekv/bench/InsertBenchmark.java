package org.macekv.bench;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The whole data set into a new store, each entry in a transaction of its own. */
public class InsertBenchmark {

  /** A new store for each iteration, which is one filling. */
  @State(Scope.Benchmark)
  @SuppressWarnings("NullAway.Init") // JMH calls the set-up methods before anything else.
  public static class Empty {
    private Dataset dataset;
    private StoreDirectory directory;
    private ByteStore store;

    /** Makes the entries. */
    @Setup(Level.Trial)
    public void prepare(StoreParameters parameters) {
      dataset = parameters.dataset();
    }

    /** Opens a new store. */
    @Setup(Level.Iteration)
    public void open(StoreParameters parameters) {
      directory = parameters.newDirectory();
      store = parameters.open(directory);
    }

    /** Closes the store and deletes its files. */
    @TearDown(Level.Iteration)
    public void close() {
      store.close();
      directory.close();
    }
  }

  /** All entries, one put each, in random order. */
  @Benchmark
  public void insert(Empty empty) {
    Dataset dataset = empty.dataset;
    for (int i = 0; i < dataset.entryCount(); i++) {
      empty.store.put(dataset.key(i), dataset.value(i));
    }
  }
}
