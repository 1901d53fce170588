package org.macekv.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import java.util.stream.Stream;
import org.apache.commons.rng.sampling.distribution.RejectionInversionZipfSampler;
import org.apache.commons.rng.sampling.distribution.SharedStateDiscreteSampler;
import org.macekv.Bucket;
import org.macekv.Mace;
import org.macekv.option.Durability;
import org.macekv.option.MaceOptions;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.CompressionType;
import org.rocksdb.FlushOptions;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Statistics;
import org.rocksdb.TickerType;

/**
 * How many bytes a store writes to its files for each byte of keys and values that it is given, and
 * how much space it takes then: Mace as it counts at its storage, log reserve included, RocksDB by
 * its own statistics (log, flushes, compactions). A second figure is what the kernel counts for the
 * process (Linux only): pages that become dirty, so that what is written twice before it goes to
 * the device, as reserve that is filled with zeros, counts once. Both stores have the same memory,
 * and data of a multiple of it; each phase ends when all that is due has been written.
 *
 * <pre>
 * java -cp bench/target/mace-bench.jar org.macekv.bench.WrittenBytesRun
 * </pre>
 */
public final class WrittenBytesRun {
  private static final String USAGE =
      """
      Options:
        --cache N        memory of a store for data in MiB (64)
        --times N        data, as a multiple of that (10)
        --value N        bytes of a value (1000)
        --updates N      how often as many updates as there are entries (2)
        --dir D          where the stores go (beside the program)
      """;
  private static final int KEY_BYTES = 16;
  private static final double ZIPF_EXPONENT = 0.99; // as YCSB has it

  private final long cacheBytes;
  private final int entries;
  private final int valueBytes;
  private final int updates;
  private final Path directory;
  private final byte[] template;

  private WrittenBytesRun(long cacheBytes, int times, int valueBytes, int updates, Path directory) {
    this.cacheBytes = cacheBytes;
    this.valueBytes = valueBytes;
    this.updates = updates;
    this.entries = Math.toIntExact(cacheBytes * times / (KEY_BYTES + valueBytes));
    this.directory = directory;
    this.template = new byte[valueBytes];
    new SplittableRandom(1).nextBytes(template);
  }

  /** Runs it; {@code --help} says how. */
  public static void main(String[] arguments) {
    int cache = 64;
    int times = 10;
    int value = 1000;
    int updates = 2;
    Path where = MaceBench.besideThisProgram();
    Iterator<String> words = List.of(arguments).iterator();
    try {
      while (words.hasNext()) {
        String option = words.next();
        switch (option) {
          case "--cache" -> cache = Integer.parseInt(words.next());
          case "--times" -> times = Integer.parseInt(words.next());
          case "--value" -> value = Integer.parseInt(words.next());
          case "--updates" -> updates = Integer.parseInt(words.next());
          case "--dir" -> where = Path.of(words.next());
          default -> throw new IllegalArgumentException("there is no option " + option);
        }
      }
      if (cache < 1 || times < 1 || value < 8 || updates < 1) {
        throw new IllegalArgumentException("expected numbers of 1 or more, and --value 8 or more");
      }
    } catch (NoSuchElementException | IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.err.print(USAGE);
      System.exit(2);
    }
    try (StoreDirectory directory = StoreDirectory.below(where)) {
      new WrittenBytesRun((long) cache << 20, times, value, updates, directory.path()).run();
    }
  }

  private void run() {
    System.out.printf(
        Locale.ROOT,
        "%,d entries of %d B keys and %,d B values, %,d MiB, %,d MiB of memory for them%n",
        entries,
        KEY_BYTES,
        valueBytes,
        userBytes(entries) >> 20,
        cacheBytes >> 20);
    System.out.printf(
        Locale.ROOT,
        "%-8s %-10s %10s %24s %24s %24s%n",
        "",
        "updates",
        "per s",
        "written by the user's",
        "kernel's by the user's",
        "on disk by the data's");
    for (boolean skewed : new boolean[] {false, true}) {
      measure("Mace", skewed, new MaceUnderTest(directory.resolve("mace" + skewed)));
      measure("RocksDB", skewed, new RocksUnderTest(directory.resolve("rocksdb" + skewed)));
    }
  }

  private long userBytes(long operations) {
    return operations * (KEY_BYTES + valueBytes);
  }

  /** A store whose written bytes are counted. */
  private interface UnderTest extends AutoCloseable {
    void put(byte[] key, byte[] value);

    /** Returns when all that is due has been written. */
    void settle();

    long writtenBytes();

    Path directory();

    @Override
    void close();
  }

  private void measure(String name, boolean skewed, UnderTest store) {
    try (store) {
      List<Integer> order = new ArrayList<>();
      for (int i = 0; i < entries; i++) {
        order.add(i);
      }
      Collections.shuffle(order, new Random(2));
      for (int i : order) {
        store.put(key(i), value(i, 0));
      }
      store.settle();
      long before = store.writtenBytes();
      long kernelBefore = kernelBytes();
      long begun = System.nanoTime();
      IntSupplier next = skewed ? zipf() : uniform();
      long operations = (long) updates * entries;
      for (long n = 0; n < operations; n++) {
        int i = next.getAsInt();
        store.put(key(i), value(i, n));
      }
      double seconds = (System.nanoTime() - begun) / 1e9;
      store.settle();
      System.out.printf(
          Locale.ROOT,
          "%-8s %-10s %,10.0f %24.2f %24.2f %24.2f%n",
          name,
          skewed ? "skewed" : "uniform",
          operations / seconds,
          (double) (store.writtenBytes() - before) / userBytes(operations),
          (double) (kernelBytes() - kernelBefore) / userBytes(operations),
          (double) bytesOnDisk(store.directory()) / userBytes(entries));
    }
  }

  /** What this process has written, as the kernel counts it; 0 where it does not. */
  private static long kernelBytes() {
    Path counts = Path.of("/proc/self/io");
    try {
      return Files.isReadable(counts)
          ? Files.readAllLines(counts).stream()
              .filter(line -> line.startsWith("write_bytes: "))
              .mapToLong(line -> Long.parseLong(line.substring("write_bytes: ".length())))
              .findAny()
              .orElse(0)
          : 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private IntSupplier uniform() {
    SplittableRandom random = new SplittableRandom(3);
    return () -> random.nextInt(entries);
  }

  /** The keys' order has nothing to do with how hot they are, since they begin with a hash. */
  private IntSupplier zipf() {
    SplittableRandom random = new SplittableRandom(4);
    SharedStateDiscreteSampler ranks =
        RejectionInversionZipfSampler.of(random::nextLong, entries, ZIPF_EXPONENT);
    return () -> ranks.sample() - 1;
  }

  private static byte[] key(int i) {
    byte[] key = new byte[KEY_BYTES];
    Dataset.putLong(key, 0, new SplittableRandom(i).nextLong());
    Dataset.putLong(key, 8, i);
    return key;
  }

  private byte[] value(int i, long version) {
    byte[] value = template.clone();
    Dataset.putLong(value, 0, i * 31L + version);
    return value;
  }

  private static long bytesOnDisk(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      long sum = 0;
      for (Path each : files.filter(Files::isRegularFile).toList()) {
        sum += Files.size(each);
      }
      return sum;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private final class MaceUnderTest implements UnderTest {
    private final Path path;
    private final Mace store;
    private final Bucket bucket;

    MaceUnderTest(Path path) {
      this.path = path;
      this.store =
          Mace.open(
              path,
              MaceOptions.defaults().withDurability(Durability.WRITE).withCacheBytes(cacheBytes));
      this.bucket = store.bucket("entries");
    }

    @Override
    public void put(byte[] key, byte[] value) {
      bucket.put(key, value);
    }

    @Override
    public void settle() {
      store.checkpoint();
    }

    @Override
    public long writtenBytes() {
      return store.statistics().writtenBytes();
    }

    @Override
    public Path directory() {
      return path;
    }

    @Override
    public void close() {
      store.close();
    }
  }

  /** Half of the memory for write buffers, half for the block cache; else as it comes. */
  private final class RocksUnderTest implements UnderTest {
    private final Path path;
    private final List<AutoCloseable> resources = new ArrayList<>();
    private final Statistics statistics;
    private final RocksDB store;

    RocksUnderTest(Path path) {
      this.path = path;
      RocksDB.loadLibrary();
      statistics = own(new Statistics());
      BlockBasedTableConfig tables =
          new BlockBasedTableConfig()
              .setBlockCache(own(new LRUCache(cacheBytes / 2)))
              .setFilterPolicy(own(new BloomFilter(10)));
      Options options =
          own(new Options())
              .setCreateIfMissing(true)
              .setStatistics(statistics)
              .setTableFormatConfig(tables)
              .setCompressionType(CompressionType.NO_COMPRESSION)
              .setWriteBufferSize(cacheBytes / 4)
              .setMaxWriteBufferNumber(2)
              .setIncreaseParallelism(Runtime.getRuntime().availableProcessors());
      try {
        Files.createDirectories(path);
        store = own(RocksDB.open(options, path.toString()));
      } catch (RocksDBException e) {
        throw new IllegalStateException(e);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private <T extends AutoCloseable> T own(T resource) {
      resources.add(resource);
      return resource;
    }

    @Override
    public void put(byte[] key, byte[] value) {
      try {
        store.put(key, value);
      } catch (RocksDBException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void settle() {
      try (FlushOptions flush = new FlushOptions().setWaitForFlush(true)) {
        store.flush(flush);
        while (store.getLongProperty("rocksdb.compaction-pending")
                + store.getLongProperty("rocksdb.num-running-compactions")
            > 0) {
          LockSupport.parkNanos(10_000_000);
        }
      } catch (RocksDBException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public long writtenBytes() {
      return statistics.getTickerCount(TickerType.WAL_FILE_BYTES)
          + statistics.getTickerCount(TickerType.FLUSH_WRITE_BYTES)
          + statistics.getTickerCount(TickerType.COMPACT_WRITE_BYTES);
    }

    @Override
    public Path directory() {
      return path;
    }

    @Override
    public void close() {
      Collections.reverse(resources);
      for (AutoCloseable each : resources) {
        try {
          each.close();
        } catch (Exception e) {
          throw new IllegalStateException(e);
        }
      }
    }
  }
}
