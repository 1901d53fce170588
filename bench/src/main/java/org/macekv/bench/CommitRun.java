package org.macekv.bench;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import org.macekv.option.Durability;

/**
 * How many synced commits a second some threads make, each a put in a transaction of its own: what
 * sharing syncs (group commit) gains. Mace and RocksDB take turns, each with a new store.
 *
 * <pre>
 * java -cp bench/target/mace-bench.jar org.macekv.bench.CommitRun
 * </pre>
 */
public final class CommitRun {
  private static final String USAGE =
      """
      Options:
        --millis N  how long each measurement takes (2000)
        --rounds N  measurements of each kind, of which the median counts (3)
        --dir D     where the stores go (beside the program)
      """;
  private static final int[] THREADS = {1, 2, 4, 8, 16, 32};
  private static final List<Peer> PEERS = List.of(Peer.MACE, Peer.ROCKSDB);

  private final Path where;
  private final int millis;
  private final int rounds;

  private CommitRun(Path where, int millis, int rounds) {
    this.where = where;
    this.millis = millis;
    this.rounds = rounds;
  }

  /** Runs it; {@code --help} says how. */
  public static void main(String[] arguments) throws InterruptedException {
    int millis = 2000;
    int rounds = 3;
    Path where = MaceBench.besideThisProgram();
    Iterator<String> words = List.of(arguments).iterator();
    try {
      while (words.hasNext()) {
        String option = words.next();
        switch (option) {
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
    new CommitRun(where, millis, rounds).run();
  }

  private void run() throws InterruptedException {
    for (Peer peer : PEERS) {
      measure(peer, 4); // so that it is compiled
    }
    double[] alone = new double[PEERS.size()];
    for (int threads : THREADS) {
      double[][] perSecond = new double[PEERS.size()][rounds];
      for (int round = 0; round < rounds; round++) {
        for (int peer = 0; peer < PEERS.size(); peer++) {
          perSecond[peer][round] = measure(PEERS.get(peer), threads);
        }
      }
      StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%2d threads", threads));
      for (int peer = 0; peer < PEERS.size(); peer++) {
        Arrays.sort(perSecond[peer]);
        double median = perSecond[peer][rounds / 2];
        alone[peer] = threads == 1 ? median : alone[peer];
        line.append(
            String.format(
                Locale.ROOT,
                "   %s %,9.0f per s, %5.1f x one thread",
                PEERS.get(peer).title(),
                median,
                median / alone[peer]));
      }
      System.out.println(line);
    }
  }

  private double measure(Peer peer, int threads) throws InterruptedException {
    try (StoreDirectory directory = StoreDirectory.below(where);
        ByteStore store = peer.open(directory.path().resolve("store"), Durability.SYNC)) {
      byte[] value = new byte[Dataset.VALUE_BYTES];
      return Crowd.run(threads, millis, number -> puts(store, number, value)).perSecond();
    }
  }

  /** Puts under keys of a thread's own. */
  private static Runnable puts(ByteStore store, int number, byte[] value) {
    long[] count = new long[1];
    return () -> {
      byte[] key = new byte[Dataset.KEY_BYTES];
      Dataset.putLong(key, 0, number);
      Dataset.putLong(key, 8, count[0]++);
      store.put(key, value);
    };
  }
}
