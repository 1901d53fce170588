package org.macekv;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.macekv.option.Durability;

/**
 * Kills a process that commits, again and again on the same store, and looks at what it left. A
 * kill loses nothing that the operating system has, so {@code WRITE} holds like {@code SYNC}.
 */
class KillTest {
  private static final int ROUNDS = Boolean.getBoolean("mace.soak") ? 100 : 10;
  private static final int THREADS = CommittingProcess.THREADS.size();

  /** For each thread the highest number that was acknowledged, -1 if none was. */
  private final long[] acknowledgedPairs = new long[THREADS];

  /** For each thread the numbers whose single put was acknowledged. */
  private final List<NavigableSet<Long>> acknowledgedSingles = new ArrayList<>();

  @Test
  void acknowledgedCommitsSurviveAKillAndNoneIsThereByHalf() throws Exception {
    Arrays.fill(acknowledgedPairs, -1);
    CommittingProcess.THREADS.forEach(thread -> acknowledgedSingles.add(new TreeSet<>()));
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    try (StoreDirectory directory = StoreDirectory.create()) {
      for (int round = 0; round < ROUNDS; round++) {
        int acknowledgements = random.nextInt(round % 3 == 0 ? 20 : 2000);
        runAndKill(directory.path(), acknowledgements);
        try (Mace store = Mace.open(directory.path(), CommittingProcess.options())) {
          for (int thread = 0; thread < THREADS; thread++) {
            check(store, thread, "seed " + seed + ", round " + round + ", thread " + thread);
          }
        }
      }
    }
  }

  private void runAndKill(Path directory, int acknowledgements) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx200m",
                "-XX:TieredStopAtLevel=1",
                "-ea",
                "-cp",
                System.getProperty("java.class.path"),
                CommittingProcess.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      int count = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        assertThat(line).doesNotStartWith("failed");
        note(line);
        if (count == acknowledgements) {
          process.destroyForcibly();
        }
        count++;
      }
      assertThat(count).as("acknowledged before the kill").isGreaterThan(acknowledgements);
    } catch (IOException e) {
      // The pipe may break when the process dies; what was read before counts.
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private void note(String line) {
    // The last line may have been cut off by the kill: then its end is missing and it counts less.
    String[] words = line.split(" ", -1);
    if (words.length == 4 && words[3].equals(".")) {
      int thread = Integer.parseInt(words[1]);
      long number = Long.parseLong(words[2]);
      if (words[0].equals("single")) {
        acknowledgedSingles.get(thread).add(number);
      }
      // A single put is synced, and so is what the thread committed before it, however it did.
      if (words[0].equals("single")
          || CommittingProcess.THREADS.get(thread) != Durability.BUFFERED) {
        acknowledgedPairs[thread] = number;
      }
    }
  }

  private void check(Mace store, int thread, String when) {
    Bucket left = store.findBucket(CommittingProcess.LEFT);
    Bucket right = store.findBucket(CommittingProcess.RIGHT);
    Bucket single = store.findBucket(CommittingProcess.SINGLE);
    if (left == null || right == null || single == null) {
      assertThat(acknowledgedPairs[thread]).as(when).isEqualTo(-1);
      return;
    }
    long pairs = checkPairs(left, thread, when);
    assertThat(checkPairs(right, thread, when))
        .as(when + ": half of a transaction")
        .isEqualTo(pairs);
    byte[] last = left.get(Samples.bytes("last of " + thread));
    assertThat(last == null ? -1 : Samples.toNumber(last)).as(when).isEqualTo(pairs);
    assertThat(pairs).as(when).isGreaterThanOrEqualTo(acknowledgedPairs[thread]);
    NavigableSet<Long> singles = checkSingles(single, thread, when);
    assertThat(singles).as(when).containsAll(acknowledgedSingles.get(thread));
    // A thread's commits come back in their order: no single put without the pair before it.
    assertThat(singles.isEmpty() ? -1 : singles.last()).as(when).isLessThanOrEqualTo(pairs);
  }

  /** All of the thread's numbers, without a gap and with their values; returns the highest. */
  private static long checkPairs(Bucket bucket, int thread, String when) {
    Cursor cursor = bucket.scan(KeyRange.prefix(new byte[] {(byte) thread}));
    long number = 0;
    for (; cursor.next(); number++) {
      assertThat(cursor.key()).as(when).isEqualTo(CommittingProcess.key(thread, number));
      checkValue(cursor, thread, number, when);
    }
    return number - 1;
  }

  private static NavigableSet<Long> checkSingles(Bucket bucket, int thread, String when) {
    NavigableSet<Long> numbers = new TreeSet<>();
    Cursor cursor = bucket.scan(KeyRange.prefix(new byte[] {(byte) thread}));
    while (cursor.next()) {
      byte[] key = cursor.key();
      long number = Samples.toNumber(Arrays.copyOfRange(key, 1, key.length));
      checkValue(cursor, thread, number, when);
      numbers.add(number);
    }
    return numbers;
  }

  private static void checkValue(Cursor cursor, int thread, long number, String when) {
    assertThat(Samples.describe(cursor.value()))
        .as(when)
        .isEqualTo(Samples.describe(CommittingProcess.value(thread, number)));
  }
}
