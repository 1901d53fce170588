package org.macekv.bench;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import org.macekv.Bucket;
import org.macekv.BulkLoader;
import org.macekv.Cursor;
import org.macekv.KeyRange;
import org.macekv.Mace;
import org.macekv.StoreStatistics;
import org.macekv.Transaction;
import org.macekv.option.BucketOptions;
import org.macekv.option.BulkLoadOptions;
import org.macekv.option.Durability;
import org.macekv.option.MaceOptions;

/**
 * How long it takes to fill a bucket, and what is written for it: by transactions of 1,000 puts,
 * and by a bulk load, of entries in random order and in the order of their keys.
 *
 * <pre>
 * java -Xmx512m -cp bench/target/mace-bench.jar org.macekv.bench.LoadRun
 * </pre>
 */
public final class LoadRun {
  private static final String USAGE =
      """
      Options:
        --mib N    size of the data in MiB (1024)
        --value N  bytes of a value (100)
        --dir D    where the stores go (beside the program)
      """;
  private static final int KEY_BYTES = 16;
  private static final int PUTS_PER_TRANSACTION = 1_000;
  private static final long MIX = 0x9E37_79B9_7F4A_7C15L; // odd: a bijection

  private final Path where;
  private final long entries;
  private final int valueBytes;

  private LoadRun(Path where, int mib, int valueBytes) {
    this.where = where;
    this.entries = ((long) mib << 20) / (KEY_BYTES + valueBytes);
    this.valueBytes = valueBytes;
  }

  /** Fills a bucket. */
  private interface Filling {
    void run(Mace store);
  }

  /** Runs it; {@code --help} says how. */
  public static void main(String[] arguments) {
    int mib = 1024;
    int value = 100;
    Path where = MaceBench.besideThisProgram();
    Iterator<String> words = List.of(arguments).iterator();
    try {
      while (words.hasNext()) {
        String option = words.next();
        switch (option) {
          case "--mib" -> mib = Integer.parseInt(words.next());
          case "--value" -> value = Integer.parseInt(words.next());
          case "--dir" -> where = Path.of(words.next());
          default -> throw new IllegalArgumentException("there is no option " + option);
        }
      }
      if (mib < 1 || value < 8) {
        throw new IllegalArgumentException("expected --mib 1 or more, and --value 8 or more");
      }
    } catch (NoSuchElementException | IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.err.print(USAGE);
      System.exit(2);
    }
    new LoadRun(where, mib, value).run();
  }

  private void run() {
    System.out.printf(
        Locale.ROOT, "%,d entries of %d B keys and %d B values%n", entries, KEY_BYTES, valueBytes);
    fill("bulk load, in order", store -> load(store, true));
    fill("bulk load, random order", store -> load(store, false));
    fill("transactions, in order", store -> put(store, true));
    fill("transactions, random order", store -> put(store, false));
  }

  private byte[] key(long i, boolean inOrder) {
    byte[] key = new byte[KEY_BYTES];
    Dataset.putLong(key, 0, inOrder ? i : i * MIX);
    return key;
  }

  private byte[] value(long i) {
    byte[] value = new byte[valueBytes];
    Dataset.putLong(value, 0, i);
    return value;
  }

  private void load(Mace store, boolean inOrder) {
    BulkLoadOptions options = BulkLoadOptions.defaults().withSorted(inOrder);
    try (BulkLoader loader = store.bulkLoad("entries", BucketOptions.defaults(), options)) {
      for (long i = 0; i < entries; i++) {
        loader.put(key(i, inOrder), value(i));
      }
      loader.commit();
    }
  }

  private void put(Mace store, boolean inOrder) {
    Bucket bucket = store.bucket("entries");
    for (long i = 0; i < entries; ) {
      try (Transaction transaction = store.begin()) {
        long to = Math.min(entries, i + PUTS_PER_TRANSACTION);
        for (; i < to; i++) {
          transaction.put(bucket, key(i, inOrder), value(i));
        }
        transaction.commit();
      }
    }
    store.checkpoint();
  }

  private void fill(String name, Filling filling) {
    try (StoreDirectory directory = StoreDirectory.below(where);
        Mace store =
            Mace.open(
                directory.path().resolve("store"),
                MaceOptions.defaults().withDurability(Durability.BUFFERED))) {
      long begun = System.nanoTime();
      filling.run(store);
      double seconds = (System.nanoTime() - begun) / 1e9;
      store.checkpoint(); // which knows what the disk has
      StoreStatistics statistics = store.statistics();
      double data = (double) entries * (KEY_BYTES + valueBytes);
      System.out.printf(
          Locale.ROOT,
          "%-28s %7.1f s  %,11.0f per s  written %5.2f x the data  on disk %5.2f x the data%n",
          name,
          seconds,
          entries / seconds,
          statistics.writtenBytes() / data,
          statistics.space().pageBytes() / data);
      check(store.bucket("entries"));
    }
  }

  /** That all of them are there. */
  private void check(Bucket bucket) {
    long count = 0;
    long sum = 0;
    Cursor cursor = bucket.scan(KeyRange.all());
    while (cursor.next()) {
      count++;
      sum += cursor.valueBuffer().getLong(0);
    }
    if (count != entries || sum != entries * (entries - 1) / 2) {
      throw new IllegalStateException("the bucket has " + count + " entries, whose sum is " + sum);
    }
  }
}
