package org.macekv.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.macekv.Bucket;
import org.macekv.Cursor;
import org.macekv.KeyRange;
import org.macekv.Mace;
import org.macekv.StoreStatistics;
import org.macekv.View;
import org.macekv.option.BucketOptions;
import org.macekv.option.Durability;
import org.macekv.option.MaceOptions;

/**
 * A store much larger than the heap, from loading to deleting, with every value checked: how fast,
 * how much memory, how much space, how much was written. Run in a JVM whose {@code -Xmx} is small:
 *
 * <pre>
 * java -Xmx512m -cp bench/target/mace-bench.jar org.macekv.bench.LargeStoreRun
 * </pre>
 */
public final class LargeStoreRun {
  private static final String USAGE =
      """
      Options:
        --mib N          size of the data in MiB (4096)
        --value N        bytes of a value; over 4096 they are large values (1000)
        --overwrites N   how often as many random entries as there are, are overwritten (1)
        --view           keeps a view open while overwriting, and checks it at the end
        --dir D          where the store goes (beside the program)
      """;
  private static final int KEY_BYTES = 16;

  private final int valueBytes;
  private final int entries;
  private final int overwrites;
  private final boolean withView;
  private final Path directory;
  private final byte[] template;
  private final byte[] versions; // of each entry, the low 8 bits
  private long mostResident;
  private long mostDirty;
  private double mostGarbage; // share of the page files, of the present phase
  private long mostDirect;
  private long userBytes;

  private LargeStoreRun(
      long mib, int valueBytes, int overwrites, boolean withView, Path directory) {
    this.valueBytes = valueBytes;
    this.entries = Math.toIntExact((mib << 20) / (KEY_BYTES + valueBytes));
    this.overwrites = overwrites;
    this.withView = withView;
    this.directory = directory;
    this.template = new byte[valueBytes];
    this.versions = new byte[entries];
    new SplittableRandom(1).nextBytes(template);
  }

  /** Runs it; {@code --help} says how. */
  public static void main(String[] arguments) {
    long mib = 4096;
    int value = 1000;
    int overwrites = 1;
    boolean withView = false;
    Path where = MaceBench.besideThisProgram();
    Iterator<String> words = List.of(arguments).iterator();
    try {
      while (words.hasNext()) {
        String option = words.next();
        switch (option) {
          case "--mib" -> mib = Long.parseLong(words.next());
          case "--value" -> value = Integer.parseInt(words.next());
          case "--overwrites" -> overwrites = Integer.parseInt(words.next());
          case "--dir" -> where = Path.of(words.next());
          case "--view" -> withView = true;
          default -> throw new IllegalArgumentException("there is no option " + option);
        }
      }
      if (mib < 1 || value < 10) {
        throw new IllegalArgumentException("expected --mib 1 or more, and --value 10 or more");
      }
    } catch (NoSuchElementException | IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.err.print(USAGE);
      System.exit(2);
    }
    try (StoreDirectory directory = StoreDirectory.below(where)) {
      new LargeStoreRun(mib, value, overwrites, withView, directory.path().resolve("store")).run();
    }
  }

  private void run() {
    System.out.printf(
        Locale.ROOT,
        "%,d entries of %d B keys and %,d B values; Java %s, heap of at most %,d MiB%n",
        entries,
        KEY_BYTES,
        valueBytes,
        Runtime.version().feature(),
        Runtime.getRuntime().maxMemory() >> 20);
    try (Mace store = open()) {
      Bucket bucket = store.bucket("entries", BucketOptions.defaults());
      phase("load, random order", entries, store, () -> load(store, bucket));
      phase("get, random", entries / 4, store, () -> get(store, bucket));
      phase("scan", entries, store, () -> scan(store, bucket.scan(KeyRange.all()), versions));
      phase("scan, reverse", entries, store, () -> reverse(store, bucket));
      byte[] then = versions.clone();
      View view = withView ? store.view() : null;
      for (int i = 0; i < overwrites; i++) {
        phase("overwrite, random", entries, store, () -> overwrite(store, bucket));
      }
      if (view != null) {
        phase(
            "scan of the view",
            entries,
            store,
            () -> scan(store, view.scan(bucket, KeyRange.all()), then));
        view.close();
      }
      phase("clean", 1, store, store::clean);
      phase("scan", entries, store, () -> scan(store, bucket.scan(KeyRange.all()), versions));
      phase("close", 1, store, store::close);
    }
    long begun = System.nanoTime();
    try (Mace store = open()) {
      Bucket bucket = store.bucket("entries");
      byte[] value = bucket.get(key(entries / 2));
      System.out.printf(
          Locale.ROOT,
          "opened, and the first get answered, in %.1f ms; %,d commits replayed%n",
          (System.nanoTime() - begun) / 1e6,
          store.recoveryReport().commits());
      check(entries / 2, value == null ? new byte[0] : value, versions);
      phase("get, random", entries / 4, store, () -> get(store, bucket));
      phase("delete all", entries, store, () -> deleteAll(store, bucket));
      phase("clean", 1, store, store::clean);
      if (bucket.count() != 0) {
        throw new IllegalStateException("not empty");
      }
    }
    System.out.printf(
        Locale.ROOT,
        "most: leaves in memory %,d MiB, of these changed %,d MiB, direct memory %,d KiB, heap used %,d MiB%n",
        mostResident >> 20,
        mostDirty >> 20,
        mostDirect >> 10,
        peakHeap() >> 20);
  }

  private Mace open() {
    return Mace.open(directory, MaceOptions.defaults().withDurability(Durability.BUFFERED));
  }

  private static long peakHeap() {
    long sum = 0;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      if (pool.getType() == MemoryType.HEAP) {
        sum += pool.getPeakUsage().getUsed();
      }
    }
    return Math.min(sum, Runtime.getRuntime().maxMemory());
  }

  private static byte[] key(int i) {
    byte[] key = new byte[KEY_BYTES];
    long hash = mix(i + 1L);
    Dataset.putLong(key, 0, hash);
    Dataset.putLong(key, 8, i);
    return key;
  }

  /** The finalizer of SplitMix64 (Steele, Lea and Flood, 2014). */
  private static long mix(long seed) {
    long z = seed * 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  private byte[] value(int i, byte version) {
    byte[] value = template.clone();
    Dataset.putLong(value, 0, i);
    value[8] = version;
    value[valueBytes - 1] = version;
    return value;
  }

  private void check(int i, byte[] value, byte[] expected) {
    if (!Arrays.equals(value, value(i, expected[i]))) {
      throw new IllegalStateException("entry " + i + " has a wrong value");
    }
  }

  private interface Work {
    void run();
  }

  private void phase(String name, long operations, Mace store, Work work) {
    StoreStatistics before = store.statistics();
    long bytesBefore = userBytes;
    mostGarbage = 0;
    long begun = System.nanoTime();
    work.run();
    double seconds = (System.nanoTime() - begun) / 1e9;
    if (name.equals("close")) {
      System.out.printf(Locale.ROOT, "%-20s %8.1f s%n", name, seconds);
      return;
    }
    StoreStatistics after = store.statistics();
    watch(after);
    long user = userBytes - bytesBefore;
    long written = after.writtenBytes() - before.writtenBytes();
    System.out.printf(
        Locale.ROOT,
        "%-20s %8.1f s %,10.0f per s  on disk %,6d MiB (%.2f x the data)  leaves in memory %,4d MiB%s%s%n",
        name,
        seconds,
        operations / seconds,
        bytesOnDisk() >> 20,
        (double) bytesOnDisk() / ((long) entries * (KEY_BYTES + valueBytes)),
        after.residentBytes() >> 20,
        user == 0
            ? ""
            : String.format(
                Locale.ROOT,
                "  written %.1f x the user's bytes, at most %.1f %% of the page files garbage",
                (double) written / user,
                100 * mostGarbage),
        after.writeFlow().delayMillis() == before.writeFlow().delayMillis()
            ? ""
            : String.format(
                Locale.ROOT,
                "  writers waited %.1f s",
                (after.writeFlow().delayMillis() - before.writeFlow().delayMillis()) / 1e3));
  }

  private void watch(StoreStatistics statistics) {
    mostResident = Math.max(mostResident, statistics.residentBytes());
    mostDirty = Math.max(mostDirty, statistics.dirtyBytes());
    StoreStatistics.Space space = statistics.space();
    if (space.pageBytes() > 0) {
      double live = (double) space.livePageBytes() / space.pageBytes();
      mostGarbage = Math.max(mostGarbage, 1 - live);
    }
    for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
      mostDirect = Math.max(mostDirect, pool.getMemoryUsed());
    }
  }

  private void watch(Mace store, int operation) {
    if (operation % 20_000 == 0) {
      watch(store.statistics());
    }
  }

  private long bytesOnDisk() {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.mapToLong(file -> Files.isRegularFile(file) ? file.toFile().length() : 0).sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (UncheckedIOException e) {
      return bytesOnDisk(); // a file was deleted meanwhile
    }
  }

  private void load(Mace store, Bucket bucket) {
    for (int i = 0; i < entries; i++) {
      bucket.put(key(i), value(i, versions[i]));
      userBytes += KEY_BYTES + valueBytes;
      watch(store, i);
    }
  }

  private void get(Mace store, Bucket bucket) {
    SplittableRandom random = new SplittableRandom(2);
    for (int n = 0; n < entries / 4; n++) {
      int i = random.nextInt(entries);
      byte[] value = bucket.get(key(i));
      check(i, value == null ? new byte[0] : value, versions);
      watch(store, n);
    }
  }

  private void reverse(Mace store, Bucket bucket) {
    scan(store, bucket.scanReverse(KeyRange.all()), versions);
  }

  private void scan(Mace store, Cursor cursor, byte[] expected) {
    int count = 0;
    while (cursor.next()) {
      int i = (int) Dataset.getLong(cursor.key(), 8);
      check(i, cursor.value(), expected);
      watch(store, count++);
    }
    if (count != entries) {
      throw new IllegalStateException(count + " entries, expected " + entries);
    }
  }

  private void overwrite(Mace store, Bucket bucket) {
    SplittableRandom random = new SplittableRandom(userBytes);
    for (int n = 0; n < entries; n++) {
      int i = random.nextInt(entries);
      bucket.put(key(i), value(i, ++versions[i]));
      userBytes += KEY_BYTES + valueBytes;
      watch(store, n);
    }
  }

  private void deleteAll(Mace store, Bucket bucket) {
    for (int i = 0; i < entries; i++) {
      bucket.delete(key(i));
      watch(store, i);
    }
  }
}
