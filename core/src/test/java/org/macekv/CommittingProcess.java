package org.macekv;

import static org.macekv.Samples.bytes;
import static org.macekv.Samples.number;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.macekv.option.Durability;
import org.macekv.option.MaceOptions;
import org.macekv.option.TransactionOptions;

/**
 * The process that {@link KillTest} kills. Each thread commits transactions that write its next
 * number into both buckets, and a single put into a third after each, and prints one line for each
 * commit that was acknowledged. Ends when its standard input does, so that it never outlives the
 * test.
 */
final class CommittingProcess {
  /** What each of the threads asks for; the number of a thread is its place here. */
  static final List<Durability> THREADS =
      List.of(Durability.SYNC, Durability.WRITE, Durability.BUFFERED, Durability.SYNC);

  static final String LEFT = "left";
  static final String RIGHT = "right";
  static final String SINGLE = "single";

  private CommittingProcess() {}

  static MaceOptions options() {
    // Small enough that checkpoints, evictions and deletions of files go on all the time.
    return MaceOptions.defaults()
        .withLogSegmentBytes(64 << 10)
        .withFlushIntervalMillis(5)
        .withCacheBytes(256 << 10)
        .withPageFileBytes(64 << 10)
        .withCheckpointLogBytes(128 << 10)
        .withCheckpointIntervalMillis(20);
  }

  /** The key that the thread writes for its number. */
  static byte[] key(int thread, long number) {
    byte[] key = new byte[1 + Long.BYTES];
    key[0] = (byte) thread;
    System.arraycopy(number(number), 0, key, 1, Long.BYTES);
    return key;
  }

  /** The value that belongs to the number; now and then a large one. */
  static byte[] value(int thread, long number) {
    return Samples.value(number % 50 == 7 ? 20_000 : 40, 1000 * number + thread);
  }

  public static void main(String[] arguments) throws IOException {
    PrintStream out = System.out;
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, failure) -> {
          failure.printStackTrace();
          out.println("failed " + failure);
          out.flush();
          Runtime.getRuntime().halt(1);
        });
    try (Mace store = Mace.open(Path.of(arguments[0]), options())) {
      Bucket left = store.bucket(LEFT);
      Bucket right = store.bucket(RIGHT);
      Bucket single = store.bucket(SINGLE);
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < THREADS.size(); i++) {
        int thread = i;
        threads.add(new Thread(() -> work(store, left, right, single, thread, out)));
      }
      threads.forEach(Thread::start);
      while (System.in.read() >= 0) {
        // Nothing is said on it; it ends with the parent.
      }
      Runtime.getRuntime().halt(0);
    }
  }

  private static void work(
      Mace store, Bucket left, Bucket right, Bucket single, int thread, PrintStream out) {
    TransactionOptions options = TransactionOptions.defaults().withDurability(THREADS.get(thread));
    for (long number = next(left, thread); ; number++) {
      byte[] key = key(thread, number);
      byte[] value = value(thread, number);
      try (Transaction transaction = store.begin(options)) {
        transaction.put(left, key, value);
        transaction.put(right, key, value);
        transaction.put(left, bytes("last of " + thread), number(number));
        transaction.commit();
      }
      out.println("pair " + thread + " " + number + " .");
      if (number % 4 == 0) {
        single.put(key, value);
        out.println("single " + thread + " " + number + " .");
      }
      out.flush();
    }
  }

  private static long next(Bucket left, int thread) {
    byte[] last = left.get(bytes("last of " + thread));
    return last == null ? 0 : Samples.toNumber(last) + 1;
  }
}
