package org.macekv.bench;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.SplittableRandom;
import org.macekv.Bucket;
import org.macekv.Mace;
import org.macekv.option.Durability;
import org.macekv.option.MaceOptions;

/**
 * How long a store takes to open and answer its first get: after it was closed, and when its log
 * has some length since the last checkpoint, as a kill leaves it.
 *
 * <pre>
 * java -cp bench/target/mace-bench.jar org.macekv.bench.ReopenRun
 * </pre>
 */
public final class ReopenRun {
  private static final String USAGE =
      """
      Options:
        --mib N     size of the data in MiB (1024)
        --dir D     where the store goes (beside the program)
      """;
  private static final int VALUE_BYTES = 1000;
  private static final int OPENINGS = 5;

  /** A cache that makes no checkpoint before the log has the length that is wanted. */
  private static final MaceOptions OPTIONS =
      MaceOptions.defaults()
          .withDurability(Durability.BUFFERED)
          .withCacheBytes(1L << 30)
          .withCheckpointIntervalMillis(Integer.MAX_VALUE)
          .withCheckpointLogBytes(1L << 40);

  private final Path directory;
  private final int entries;
  private final SplittableRandom random = new SplittableRandom(1);

  private ReopenRun(Path directory, int mib) {
    this.directory = directory;
    this.entries = Math.toIntExact(((long) mib << 20) / (8 + VALUE_BYTES));
  }

  /** Runs it; {@code --help} says how. */
  public static void main(String[] arguments) {
    int mib = 1024;
    Path where = MaceBench.besideThisProgram();
    Iterator<String> words = List.of(arguments).iterator();
    try {
      while (words.hasNext()) {
        String option = words.next();
        switch (option) {
          case "--mib" -> mib = Integer.parseInt(words.next());
          case "--dir" -> where = Path.of(words.next());
          default -> throw new IllegalArgumentException("there is no option " + option);
        }
      }
    } catch (NoSuchElementException | IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.err.print(USAGE);
      System.exit(2);
    }
    try (StoreDirectory directory = StoreDirectory.below(where)) {
      new ReopenRun(directory.path().resolve("store"), mib).run();
    }
  }

  private static byte[] key(int i) {
    byte[] key = new byte[8];
    Dataset.putLong(key, 0, i);
    return key;
  }

  private void put(Bucket bucket, int i) {
    byte[] value = new byte[VALUE_BYTES];
    Dataset.putLong(value, 0, i);
    bucket.put(key(i), value);
  }

  private void run() {
    MaceOptions loading =
        MaceOptions.defaults().withDurability(Durability.BUFFERED).withCacheBytes(256 << 20);
    try (Mace store = Mace.open(directory, loading)) {
      Bucket bucket = store.bucket("entries");
      for (int i = 0; i < entries; i++) {
        put(bucket, i);
      }
    }
    open("closed");
    for (int logMib : new int[] {1, 8, 64, 256}) {
      try (Mace store = Mace.open(directory, OPTIONS.withCheckpointOnClose(false))) {
        Bucket bucket = store.bucket("entries");
        for (int n = 0; n < (logMib << 20) / VALUE_BYTES; n++) {
          put(bucket, random.nextInt(entries));
        }
      }
      open(logMib + " MiB of log since the last checkpoint");
      try (Mace store = Mace.open(directory, OPTIONS)) {
        store.checkpoint();
      }
    }
  }

  /** Opens the store some times, without leaving a checkpoint. */
  private void open(String state) {
    double[] millis = new double[OPENINGS];
    long commits = 0;
    for (int n = 0; n < OPENINGS; n++) {
      long begun = System.nanoTime();
      try (Mace store = Mace.open(directory, OPTIONS.withCheckpointOnClose(false))) {
        int i = random.nextInt(entries);
        byte[] value = store.bucket("entries").get(key(i));
        millis[n] = (System.nanoTime() - begun) / 1e6;
        if (value == null || Dataset.getLong(value, 0) != i) {
          throw new IllegalStateException("entry " + i + " has a wrong value");
        }
        commits = store.recoveryReport().commits();
      }
    }
    Arrays.sort(millis);
    System.out.printf(
        Locale.ROOT,
        "%-42s first answer after %,8.1f ms (median of %d), %,d commits replayed%n",
        state,
        millis[OPENINGS / 2],
        OPENINGS,
        commits);
  }
}
