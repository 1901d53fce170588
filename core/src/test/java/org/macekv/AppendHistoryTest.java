package org.macekv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.macekv.Samples.number;
import static org.macekv.Samples.toNumber;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.macekv.error.ConflictException;
import org.macekv.option.BucketOptions;
import org.macekv.option.Durability;
import org.macekv.option.Isolation;
import org.macekv.option.MaceOptions;
import org.macekv.option.TransactionOptions;

/**
 * Histories of many transactions at a time have no cycle that their isolation forbids, while
 * checkpoints, evictions, cleaning and reopenings go on. And the check finds what broken engines
 * do: those of {@link Engine} that are called so.
 */
@Timeout(120)
class AppendHistoryTest {
  /** Keys that are in use at a time; later transactions use later ones, so lists stay short. */
  private static final int KEYS = 6;

  private static final int TRANSACTIONS_PER_KEY = 12;
  private static final int BALLAST = 2000;

  /** How transactions read and write. */
  private enum Engine {
    SNAPSHOT(Isolation.SNAPSHOT),
    SERIALIZABLE(Isolation.SERIALIZABLE),
    /** Reads what is newest, and no snapshot. */
    BROKEN_READS(Isolation.SNAPSHOT),
    /** Writes without a look at what was committed since the snapshot. */
    BROKEN_WRITES(Isolation.SNAPSHOT),
    /** Checks single keys that were read, and no ranges. */
    BROKEN_RANGES(Isolation.SNAPSHOT);

    private final Isolation isolation;

    Engine(Isolation isolation) {
      this.isolation = isolation;
    }
  }

  /** A transaction that makes one step at a time. */
  private static final class Runner {
    private final Engine engine;
    private final Bucket bucket;
    private final Transaction transaction;
    private final AppendHistory.Entry entry;
    private final Map<Integer, int[]> late = new TreeMap<>(); // written when it has committed
    private final Set<Integer> own = new HashSet<>();

    Runner(Engine engine, Mace store, Bucket bucket, int session) {
      this.engine = engine;
      this.bucket = bucket;
      this.transaction = store.begin(TransactionOptions.defaults().withIsolation(engine.isolation));
      this.entry = new AppendHistory.Entry(session);
    }

    private int[] get(int key) {
      int[] written = late.get(key);
      if (written != null) {
        return written;
      }
      byte[] name = number(key);
      return AppendHistory.decode(
          engine == Engine.BROKEN_READS && !own.contains(key)
              ? bucket.get(name)
              : engine == Engine.BROKEN_RANGES
                  ? transaction.getForUpdate(bucket, name)
                  : transaction.get(bucket, name));
    }

    void read(int key) {
      assertThat(entry.read(key, get(key))).isNull();
    }

    void scan(int from, int to, boolean up) {
      Map<Integer, int[]> found = new TreeMap<>();
      KeyRange range = KeyRange.of(number(from), number(to));
      Cursor cursor = up ? transaction.scan(bucket, range) : transaction.scanReverse(bucket, range);
      while (cursor.next()) {
        found.put((int) toNumber(cursor.key()), AppendHistory.decode(cursor.value()));
      }
      found.putAll(late.isEmpty() ? Map.of() : new TreeMap<>(late).subMap(from, to));
      for (int key = from; key < to; key++) {
        assertThat(entry.read(key, found.getOrDefault(key, new int[0]))).isNull();
      }
    }

    void append(int key, int number) {
      int[] before = get(key);
      assertThat(entry.read(key, before)).isNull();
      int[] list = Arrays.copyOf(before, before.length + 1);
      list[before.length] = number;
      if (engine == Engine.BROKEN_WRITES) {
        late.put(key, list);
      } else {
        transaction.put(bucket, number(key), AppendHistory.encode(list));
      }
      own.add(key);
      entry.appended(key, number);
    }

    AppendHistory.Entry end(boolean commits) {
      try {
        if (commits) {
          transaction.commit();
          late.forEach((key, list) -> bucket.put(number(key), AppendHistory.encode(list)));
          entry.committed();
        } else {
          transaction.rollback();
        }
      } catch (ConflictException e) {
        assertThat(e.bucket()).isEqualTo(bucket.name());
      }
      return entry;
    }
  }

  /** What the transactions of a session do, by its own random numbers. */
  private static final class Session {
    private final int number;
    private final Engine engine;
    private final Random random;
    private final AtomicInteger numbers;
    private @Nullable Runner runner;

    Session(int number, Engine engine, long seed, AtomicInteger numbers) {
      this.number = number;
      this.engine = engine;
      this.random = new Random(seed * 1000 + number);
      this.numbers = numbers;
    }

    /** One step of a transaction. */
    void step(Mace store, Bucket bucket, AppendHistory history) {
      Runner current = runner;
      if (current == null) {
        runner = new Runner(engine, store, bucket, number);
        return;
      }
      int first = history.size() / TRANSACTIONS_PER_KEY;
      int what = random.nextInt(20);
      try {
        if (what < 5) {
          history.add(current.end(what > 0));
          runner = null;
        } else if (what < 9) {
          current.read(first + random.nextInt(KEYS));
        } else if (what < 13) {
          int from = first + random.nextInt(KEYS - 2);
          current.scan(from, from + 3, random.nextBoolean());
        } else {
          current.append(first + random.nextInt(KEYS), numbers.incrementAndGet());
        }
      } catch (AssertionError e) {
        throw new AssertionError("seen by " + current.entry, e);
      }
    }

    void abandon() {
      if (runner != null) {
        runner.transaction.close();
      }
    }

    void run(Mace store, Bucket bucket, AppendHistory history) {
      do {
        step(store, bucket, history);
      } while (runner != null);
    }
  }

  private static void readAtRandom(Bucket ballast, Random random) {
    for (int i = 0; i < 100; i++) {
      assertThat(ballast.get(number(random.nextInt(BALLAST)))).hasSize(500);
    }
  }

  private static Map<Integer, int[]> contents(Bucket bucket) {
    Map<Integer, int[]> lists = new TreeMap<>();
    Cursor cursor = bucket.scan(KeyRange.all());
    while (cursor.next()) {
      lists.put((int) toNumber(cursor.key()), AppendHistory.decode(cursor.value()));
    }
    return lists;
  }

  /** Some sessions on one thread, whose steps are mixed at random: the same for a seed. */
  private static AppendHistory mixed(Engine engine, long seed, Mace store, Bucket bucket) {
    AppendHistory history = new AppendHistory();
    AtomicInteger numbers = new AtomicInteger();
    List<Session> sessions = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      sessions.add(new Session(i, engine, seed, numbers));
    }
    Random random = new Random(seed);
    while (history.size() < 2000) {
      sessions.get(random.nextInt(sessions.size())).step(store, bucket, history);
    }
    sessions.forEach(Session::abandon);
    assertThat(history.committed()).isGreaterThan(500);
    return history;
  }

  @ParameterizedTest
  @CsvSource({
    "SNAPSHOT, SNAPSHOT, ",
    "SERIALIZABLE, SERIALIZABLE, ",
    "SNAPSHOT, SERIALIZABLE, cycle", // snapshot isolation is not serializable
    "BROKEN_WRITES, SNAPSHOT, lost",
    "BROKEN_RANGES, SNAPSHOT, ",
    "BROKEN_RANGES, SERIALIZABLE, cycle",
  })
  void stepsMixedByOneThread(Engine engine, Isolation level, @Nullable String wrong) {
    for (long seed = 1; seed <= 3; seed++) {
      try (Mace store = Mace.inMemory()) {
        Bucket bucket = store.bucket("b");
        AppendHistory history = mixed(engine, seed, store, bucket);
        String found = history.check(contents(bucket), level);
        if (wrong == null) {
          assertThat(found).as("seed %d", seed).isNull();
        } else {
          assertThat(found).as("seed %d", seed).contains(wrong);
        }
      }
    }
  }

  /** It is seen at once that a key has another value the second time, or later by a cycle. */
  @Test
  void readsOfTheMomentAreFound() {
    try (Mace store = Mace.inMemory()) {
      Bucket bucket = store.bucket("b");
      String found;
      try {
        AppendHistory history = mixed(Engine.BROKEN_READS, 1, store, bucket);
        found = history.check(contents(bucket), Isolation.SNAPSHOT);
      } catch (AssertionError e) {
        found = String.valueOf(e.getCause());
      }
      assertThat(found).containsAnyOf("cycle", "was read as");
    }
  }

  private static AppendHistory.Entry entry(int session, Object... what) {
    AppendHistory.Entry entry = new AppendHistory.Entry(session);
    for (int i = 0; i < what.length; i += 2) {
      if (what[i + 1] instanceof int[] list) {
        assertThat(entry.read((Integer) what[i], list)).isNull();
      } else {
        entry.appended((Integer) what[i], (Integer) what[i + 1]);
      }
    }
    entry.committed();
    return entry;
  }

  private static @Nullable String check(
      Isolation level, Map<Integer, int[]> last, AppendHistory.Entry... entries) {
    AppendHistory history = new AppendHistory();
    for (AppendHistory.Entry each : entries) {
      history.add(each);
    }
    return history.check(last, level);
  }

  private static int[] list(int... numbers) {
    return numbers;
  }

  @ParameterizedTest
  @EnumSource
  void smallHistoriesAreJudged(Isolation level) {
    boolean snapshot = level == Isolation.SNAPSHOT;
    // Write skew.
    String skew =
        check(
            level,
            Map.of(1, list(10), 2, list(20)),
            entry(1, 1, list(), 2, list(), 1, 10),
            entry(2, 1, list(), 2, list(), 2, 20));
    assertThat(skew == null).isEqualTo(snapshot);
    // Read skew: half of what another wrote.
    assertThat(
            check(
                level,
                Map.of(1, list(10), 2, list(20)),
                entry(1, 1, 10, 2, 20),
                entry(2, 1, list(10), 2, list())))
        .contains("cycle");
    // Two readers see two writers in different orders.
    assertThat(
            check(
                level,
                Map.of(1, list(10), 2, list(20)),
                entry(1, 1, 10),
                entry(2, 2, 20),
                entry(3, 1, list(10), 2, list()),
                entry(4, 1, list(), 2, list(20))))
        .contains("cycle");
    // A session does not see what it wrote.
    assertThat(check(level, Map.of(1, list(10)), entry(1, 1, 10), entry(1, 1, list())))
        .contains("cycle");
    // An update is lost.
    assertThat(
            check(
                level, Map.of(1, list(20)), entry(1, 1, list(), 1, 10), entry(2, 1, list(), 1, 20)))
        .contains("lost");
    // A part of a transaction is read.
    assertThat(check(level, Map.of(1, list(10, 11)), entry(1, 1, 10, 1, 11), entry(2, 1, list(10))))
        .contains("G1b");
    // What nobody committed is there.
    assertThat(check(level, Map.of(1, list(10)), entry(2, 1, list()))).contains("G1a");
    assertThat(check(level, Map.of(1, list(10)), entry(1, 1, 10), entry(2, 1, list(99))))
        .contains("no beginning");
    // And nothing is wrong.
    assertThat(
            check(
                level,
                Map.of(1, list(10, 11), 2, list(20)),
                entry(1, 1, list(), 1, 10),
                entry(2, 1, list(10), 2, list()),
                entry(2, 1, list(10), 1, 11, 2, 20),
                entry(1, 1, list(10, 11), 2, list(20))))
        .isNull();
  }

  /** Threads, and all that an engine does beside them. */
  @ParameterizedTest
  @EnumSource
  void historiesOfThreadsHaveNoForbiddenCycles(Isolation level) throws Exception {
    Engine engine = level == Isolation.SNAPSHOT ? Engine.SNAPSHOT : Engine.SERIALIZABLE;
    MaceOptions options =
        MaceOptions.defaults()
            .withDurability(Durability.BUFFERED)
            .withCacheBytes(128 << 10)
            .withLogSegmentBytes(256 << 10)
            .withPageFileBytes(64 << 10)
            .withMaxGarbagePercent(10);
    AppendHistory history = new AppendHistory();
    AtomicInteger numbers = new AtomicInteger();
    List<Session> sessions = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      sessions.add(new Session(i, engine, 7, numbers));
    }
    try (StoreDirectory directory = StoreDirectory.createQuick()) {
      for (int opening = 1; opening <= 4; opening++) {
        try (Mace store = Mace.open(directory.path(), options);
            Crew crew = new Crew()) {
          Bucket bucket = store.bucket("b", BucketOptions.defaults().withLeafBytes(256));
          Bucket ballast = store.bucket("ballast"); // so that leaves have to go
          Random random = new Random(opening);
          for (int i = 0; i < BALLAST; i++) {
            ballast.put(number(i), new byte[500]);
          }
          int until = opening * 3000;
          for (Session each : sessions) {
            crew.work(
                () -> {
                  while (history.size() < until) {
                    each.run(store, bucket, history);
                  }
                });
          }
          crew.observe(() -> readAtRandom(ballast, random));
          crew.observe(store::checkpoint);
          crew.observe(store::clean);
          crew.finish();
          assertThat(store.statistics().evictions()).isPositive();
        }
      }
      try (Mace store = Mace.open(directory.path(), options)) {
        assertThat(history.check(contents(store.bucket("b")), level)).isNull();
      }
    }
    assertThat(history.committed()).isGreaterThan(3000);
  }
}
