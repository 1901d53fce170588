package org.macekv.bench;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.macekv.Bucket;
import org.macekv.Mace;
import org.macekv.option.Durability;
import org.macekv.option.MaceOptions;
import org.rocksdb.OptimisticTransactionDB;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.rocksdb.Transaction;
import org.rocksdb.WriteOptions;

/**
 * Many threads increment few counters, each in a transaction that reads and writes it: Mace's
 * {@code transact} beside RocksDB's optimistic transactions with {@code getForUpdate} and a loop
 * that tries again at once. Both hand commits to the operating system and do not sync. Every
 * increment must be counted.
 *
 * <pre>
 * java -cp bench/target/mace-bench.jar org.macekv.bench.CounterRun
 * </pre>
 */
public final class CounterRun {
  private static final String USAGE =
      """
      Options:
        --threads N   threads (16)
        --counters N  counters (10)
        --millis N    how long each measurement takes (3000)
        --rounds N    measurements of each store, of which the median counts (5)
        --dir D       where the stores go (beside the program)
      """;

  private final Path where;
  private final int threads;
  private final int counters;
  private final int millis;
  private final int rounds;

  private CounterRun(Path where, int threads, int counters, int millis, int rounds) {
    this.where = where;
    this.threads = threads;
    this.counters = counters;
    this.millis = millis;
    this.rounds = rounds;
  }

  /** What is measured. */
  private interface Counters extends AutoCloseable {
    /** Adds one to a counter, in a transaction. */
    void increment(byte[] key);

    /** What a counter has. */
    long read(byte[] key);

    /** How many transactions lost. */
    long conflicts();

    @Override
    void close();
  }

  /** A measurement. */
  private record Result(double perSecond, double conflictsPerIncrement, long least, long most) {}

  /** Runs it; {@code --help} says how. */
  public static void main(String[] arguments) throws InterruptedException {
    int threads = 16;
    int counters = 10;
    int millis = 3000;
    int rounds = 5;
    Path where = MaceBench.besideThisProgram();
    Iterator<String> words = List.of(arguments).iterator();
    try {
      while (words.hasNext()) {
        String option = words.next();
        switch (option) {
          case "--threads" -> threads = Integer.parseInt(words.next());
          case "--counters" -> counters = Integer.parseInt(words.next());
          case "--millis" -> millis = Integer.parseInt(words.next());
          case "--rounds" -> rounds = Integer.parseInt(words.next());
          case "--dir" -> where = Path.of(words.next());
          default -> throw new IllegalArgumentException("there is no option " + option);
        }
      }
    } catch (NoSuchElementException | IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.err.print(USAGE);
      System.exit(2);
    }
    new CounterRun(where, threads, counters, millis, rounds).run();
  }

  private void run() throws InterruptedException {
    System.out.printf(
        Locale.ROOT, "%d threads, %d counters, %d ms each%n", threads, counters, millis);
    Result[] mace = new Result[rounds];
    Result[] rocks = new Result[rounds];
    for (int round = -1; round < rounds; round++) { // the first so that it is compiled
      Result one = measure(true);
      Result other = measure(false);
      if (round >= 0) {
        mace[round] = one;
        rocks[round] = other;
        print("Mace", one);
        print("RocksDB", other);
      }
    }
    double ours = median(mace);
    double theirs = median(rocks);
    System.out.printf(
        Locale.ROOT,
        "medians: Mace %,.0f per s, RocksDB %,.0f per s: %.2f x%n",
        ours,
        theirs,
        ours / theirs);
  }

  private static void print(String name, Result result) {
    System.out.printf(
        Locale.ROOT,
        "%-8s %,9.0f increments per s, %5.2f lost attempts each, by thread %,d to %,d%n",
        name,
        result.perSecond,
        result.conflictsPerIncrement,
        result.least,
        result.most);
  }

  private static double median(Result[] results) {
    double[] all = Arrays.stream(results).mapToDouble(Result::perSecond).sorted().toArray();
    return all[all.length / 2];
  }

  private Result measure(boolean ours) throws InterruptedException {
    try (StoreDirectory directory = StoreDirectory.below(where)) {
      Path path = directory.path().resolve("store");
      try (Counters store = ours ? new MaceCounters(path) : new RocksCounters(path)) {
        Crowd crowd = Crowd.run(threads, millis, number -> increments(store, number));
        long counted = 0;
        for (int i = 0; i < counters; i++) {
          counted += store.read(key(i));
        }
        if (counted != crowd.sum()) {
          throw new IllegalStateException(
              crowd.sum() + " increments, and the counters have " + counted);
        }
        return new Result(
            crowd.perSecond(), (double) store.conflicts() / counted, crowd.least(), crowd.most());
      }
    }
  }

  private Runnable increments(Counters store, int number) {
    SplittableRandom random = new SplittableRandom(number);
    return () -> store.increment(key(random.nextInt(counters)));
  }

  private static byte[] key(int i) {
    byte[] key = new byte[8];
    Dataset.putLong(key, 0, i);
    return key;
  }

  private static byte[] plusOne(byte @Nullable [] value) {
    byte[] more = new byte[8];
    Dataset.putLong(more, 0, value(value) + 1);
    return more;
  }

  private static long value(byte @Nullable [] value) {
    return value == null ? 0 : Dataset.getLong(value, 0);
  }

  /** Mace as an application would use it. */
  private static final class MaceCounters implements Counters {
    private final Mace store;
    private final Bucket bucket;

    MaceCounters(Path directory) {
      store = Mace.open(directory, MaceOptions.defaults().withDurability(Durability.WRITE));
      bucket = store.bucket("counters");
    }

    @Override
    public void increment(byte[] key) {
      store.transact(
          tx -> {
            tx.put(bucket, key, plusOne(tx.get(bucket, key)));
            return true;
          });
    }

    @Override
    public long read(byte[] key) {
      return value(bucket.get(key));
    }

    @Override
    public long conflicts() {
      return store.statistics().conflicts();
    }

    @Override
    public void close() {
      store.close();
    }
  }

  /** RocksDB's optimistic transactions. */
  private static final class RocksCounters implements Counters {
    static {
      RocksDB.loadLibrary();
    }

    private final LongAdder conflicts = new LongAdder();
    private final Options options;
    private final ReadOptions reading = new ReadOptions();
    private final WriteOptions writing = new WriteOptions();
    private final OptimisticTransactionDB store;

    RocksCounters(Path directory) {
      options = new Options().setCreateIfMissing(true);
      try {
        store = OptimisticTransactionDB.open(options, directory.toString());
      } catch (RocksDBException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void increment(byte[] key) {
      while (!tryToIncrement(key)) {
        conflicts.increment();
      }
    }

    private boolean tryToIncrement(byte[] key) {
      try (Transaction transaction = store.beginTransaction(writing)) {
        transaction.put(key, plusOne(transaction.getForUpdate(reading, key, true)));
        transaction.commit();
        return true;
      } catch (RocksDBException e) {
        Status status = e.getStatus();
        Status.Code code = status == null ? null : status.getCode();
        if (code == Status.Code.Busy || code == Status.Code.TryAgain) {
          return false;
        }
        throw new IllegalStateException(e);
      }
    }

    @Override
    public long read(byte[] key) {
      try {
        return value(store.get(reading, key));
      } catch (RocksDBException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public long conflicts() {
      return conflicts.sum();
    }

    @Override
    public void close() {
      store.close();
      writing.close();
      reading.close();
      options.close();
    }
  }
}
