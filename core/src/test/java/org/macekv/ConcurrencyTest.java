package org.macekv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.macekv.Samples.bytes;
import static org.macekv.Samples.number;
import static org.macekv.Samples.toNumber;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.macekv.error.BucketDroppedException;
import org.macekv.error.ConflictException;
import org.macekv.option.BucketOptions;
import org.macekv.option.Durability;
import org.macekv.option.MaceOptions;

/** Laws that hold whatever several threads do at once. */
class ConcurrencyTest {
  private static final int FACTOR = Boolean.getBoolean("mace.soak") ? 20 : 1;
  private static final BucketOptions SMALL_LEAVES = BucketOptions.defaults().withLeafBytes(256);

  private final Mace store =
      Mace.inMemory(
          MaceOptions.defaults()
              .withDurability(Durability.BUFFERED)
              .withMaxAttempts(Integer.MAX_VALUE));
  private final Bucket bucket = store.bucket("bucket", SMALL_LEAVES);

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void transfersNeverChangeTheSumThatAnybodySees() throws Exception {
    int accounts = 60;
    Bucket other = store.bucket("other", SMALL_LEAVES.withCounted(false));
    List<Bucket> banks = List.of(bucket, other);
    for (Bucket bank : banks) {
      for (int i = 0; i < accounts; i++) {
        bank.put(number(i), number(1000));
      }
    }
    try (Crew crew = new Crew()) {
      for (int i = 0; i < 3; i++) {
        Random random = new Random(i);
        crew.work(
            () -> {
              for (int n = 0; n < 10_000 * FACTOR; n++) {
                transfer(banks, accounts, random);
              }
            });
      }
      crew.observe(() -> requireSum(banks, 2000L * accounts));
      crew.finish();
    }
    requireSum(banks, 2000L * accounts);
  }

  private void transfer(List<Bucket> banks, int accounts, Random random) {
    Bucket from = banks.get(random.nextInt(2));
    Bucket to = banks.get(random.nextInt(2));
    byte[] payer = number(random.nextInt(accounts));
    byte[] payee = number(random.nextInt(accounts));
    int amount = random.nextInt(100);
    store.transact(
        tx -> {
          // An account with nothing in it has no entry at all: entries come and go.
          move(tx, from, payer, -amount);
          move(tx, to, payee, amount);
          return 0;
        });
  }

  private static void move(Transaction transaction, Bucket bank, byte[] account, long amount) {
    byte[] before = transaction.get(bank, account);
    long after = (before == null ? 0 : toNumber(before)) + amount;
    if (after == 0) {
      transaction.delete(bank, account);
    } else {
      transaction.put(bank, account, number(after));
    }
  }

  private void requireSum(List<Bucket> banks, long expected) {
    try (View view = store.view();
        Transaction transaction = store.begin()) {
      for (SnapshotReader reader : List.of(view, transaction)) {
        long up = 0;
        long down = 0;
        for (Bucket bank : banks) {
          up += sum(reader.scan(bank, KeyRange.all()));
          down += sum(reader.scanReverse(bank, KeyRange.all()));
        }
        assertThat(up).isEqualTo(expected);
        assertThat(down).isEqualTo(expected);
      }
    }
  }

  private static long sum(Cursor cursor) {
    long sum = 0;
    while (cursor.next()) {
      sum += toNumber(cursor.value());
    }
    return sum;
  }

  @Test
  void incrementsOfManyThreadsAreAllCounted() throws Exception {
    int counters = 3;
    int threads = 4;
    int increments = 10_000 * FACTOR;
    try (Crew crew = new Crew()) {
      for (int i = 0; i < threads; i++) {
        Random random = new Random(i);
        crew.work(
            () -> {
              for (int n = 0; n < increments; n++) {
                byte[] key = number(random.nextInt(counters));
                store.transact(
                    tx -> {
                      byte[] before = tx.get(bucket, key);
                      tx.put(bucket, key, number(before == null ? 1 : toNumber(before) + 1));
                      return 0;
                    });
              }
            });
      }
      crew.finish();
    }
    assertThat(sum(bucket.scan(KeyRange.all()))).isEqualTo((long) threads * increments);
  }

  @Test
  void oneOfManyCommittersOfAKeyWins() throws Exception {
    int threads = 3;
    int rounds = 3000 * FACTOR;
    AtomicInteger wins = new AtomicInteger();
    CyclicBarrier barrier = new CyclicBarrier(threads);
    try (Crew crew = new Crew()) {
      for (int i = 0; i < threads; i++) {
        byte[] mine = number(i);
        crew.work(
            () -> {
              for (int round = 0; round < rounds; round++) {
                Transaction transaction = store.begin();
                transaction.put(bucket, number(round), mine);
                transaction.put(bucket, number(-1), mine);
                barrier.await();
                try {
                  transaction.commit();
                  wins.incrementAndGet();
                } catch (ConflictException e) {
                  assertThat(toNumber(e.key())).isIn((long) round, -1L);
                }
                barrier.await();
              }
            });
      }
      crew.finish();
    }
    assertThat(wins).hasValue(rounds);
    assertThat(bucket.count()).isEqualTo(rounds + 1L);
  }

  @Test
  void everyValueThatWasExchangedComesOutOnce() throws Exception {
    int threads = 3;
    int exchanges = 50_000 * FACTOR;
    ConcurrentLinkedQueue<Long> out = new ConcurrentLinkedQueue<>();
    byte[] key = bytes("key");
    try (Crew crew = new Crew()) {
      for (int i = 0; i < threads; i++) {
        int thread = i;
        crew.work(
            () -> {
              for (long n = 0; n < exchanges; n++) {
                byte[] before =
                    n % 5 == 4
                        ? bucket.getAndDelete(key)
                        : bucket.getAndPut(key, number(n * threads + thread));
                if (before != null) {
                  out.add(toNumber(before));
                }
              }
            });
      }
      crew.finish();
    }
    byte[] last = bucket.get(key);
    if (last != null) {
      out.add(toNumber(last));
    }
    List<Long> expected = new ArrayList<>();
    for (long n = 0; n < exchanges; n++) {
      for (int thread = 0; thread < threads && n % 5 != 4; thread++) {
        expected.add(n * threads + thread);
      }
    }
    List<Long> found = new ArrayList<>(out);
    Collections.sort(found);
    assertThat(found).isEqualTo(expected);
  }

  @Test
  void acknowledgedCommitsAreSeenByWhoeverLooksLater() throws Exception {
    AtomicLong acknowledged = new AtomicLong();
    byte[] key = bytes("key");
    bucket.put(key, number(0));
    try (Crew crew = new Crew()) {
      crew.work(
          () -> {
            for (long n = 1; n <= 200_000L * FACTOR; n++) {
              bucket.put(key, number(n));
              acknowledged.set(n);
            }
          });
      crew.observe(
          () -> {
            long least = acknowledged.get();
            long direct = toNumber(bucket.get(key));
            assertThat(direct).isGreaterThanOrEqualTo(least);
            try (View view = store.view();
                Transaction transaction = store.begin()) {
              long inView = toNumber(view.get(bucket, key));
              assertThat(inView).isGreaterThanOrEqualTo(direct);
              assertThat(toNumber(transaction.get(bucket, key))).isGreaterThanOrEqualTo(inView);
              assertThat(toNumber(view.get(bucket, key))).isEqualTo(inView);
            }
          });
      crew.finish();
    }
  }

  /**
   * Blocks of neighbouring keys come and go as a whole, so leaves split and merge all the time; in
   * every view each block is whole or absent, in both directions, and the count is right.
   */
  @Test
  void viewsAreWholeWhileLeavesSplitAndMerge() throws Exception {
    int blocks = 40;
    try (Crew crew = new Crew()) {
      for (int i = 0; i < 2; i++) {
        Random random = new Random(i);
        crew.work(
            () -> {
              for (int n = 0; n < 6000 * FACTOR; n++) {
                changeBlock(random.nextInt(blocks), random);
              }
            });
      }
      crew.observe(this::requireWholeBlocks);
      crew.finish();
    }
    requireWholeBlocks();
  }

  private static final int BLOCK = 40;

  private void changeBlock(int block, Random random) {
    boolean delete = random.nextInt(3) == 0;
    byte[] value = number(random.nextLong());
    store.transact(
        tx -> {
          for (int i = 0; i < BLOCK; i++) {
            byte[] key = number((long) block * BLOCK + i);
            if (delete) {
              tx.delete(bucket, key);
            } else {
              tx.put(bucket, key, value);
            }
          }
          return 0;
        });
  }

  private void requireWholeBlocks() {
    try (View view = store.view()) {
      Map<Long, Long> up = entries(view.scan(bucket, KeyRange.all()), true);
      Map<Long, Long> down = entries(view.scanReverse(bucket, KeyRange.all()), false);
      assertThat(down).isEqualTo(up);
      assertThat(view.count(bucket)).isEqualTo(up.size());
      assertThat(up.size() % BLOCK).isZero();
      up.forEach(
          (key, value) -> assertThat(value).as("in " + key).isEqualTo(up.get(key / BLOCK * BLOCK)));
      assertThat(entries(view.scan(bucket, KeyRange.all()), true)).isEqualTo(up);
    }
  }

  private static Map<Long, Long> entries(Cursor cursor, boolean up) {
    Map<Long, Long> entries = new TreeMap<>();
    long last = up ? -1 : Long.MAX_VALUE;
    while (cursor.next()) {
      long key = toNumber(cursor.key());
      assertThat(key > last).isEqualTo(up);
      assertThat(key).isNotEqualTo(last);
      last = key;
      entries.put(key, toNumber(cursor.value()));
    }
    return entries;
  }

  @Test
  void weaklyConsistentScansMissNoEntryThatStays() throws Exception {
    int entries = 300;
    for (int i = 0; i < entries; i++) {
      bucket.put(number(1000L * i), number(i));
    }
    try (Crew crew = new Crew()) {
      for (int i = 0; i < 2; i++) {
        int writer = i;
        crew.work(
            () -> {
              for (int n = 0; n < 150 * FACTOR; n++) {
                fillAndEmpty(1000L * (2 * n + writer) + 1, 600);
              }
            });
      }
      crew.observe(
          () -> {
            requireStaying(bucket.scan(KeyRange.all()), entries, true);
            requireStaying(bucket.scanReverse(KeyRange.all()), entries, false);
          });
      crew.finish();
    }
    assertThat(bucket.count()).isEqualTo(entries);
  }

  private void fillAndEmpty(long from, int count) {
    for (long key = from; key < from + count; key++) {
      bucket.put(number(key), number(key));
    }
    for (long key = from; key < from + count; key++) {
      bucket.delete(number(key));
    }
  }

  private static void requireStaying(Cursor cursor, int entries, boolean up) {
    int found = 0;
    long last = up ? -1 : Long.MAX_VALUE;
    while (cursor.next()) {
      long key = toNumber(cursor.key());
      assertThat(up ? key > last : key < last).as("%d after %d", key, last).isTrue();
      last = key;
      if (key % 1000 == 0) {
        found++;
      } else {
        assertThat(toNumber(cursor.value())).isEqualTo(key);
      }
    }
    assertThat(found).isEqualTo(entries);
  }

  @Test
  void bucketsThatAreDroppedUnderTheirUsersRefuseThemAndNoMore() throws Exception {
    try (Crew crew = new Crew()) {
      crew.work(
          () -> {
            for (int n = 0; n < 5000 * FACTOR; n++) {
              store.bucket("coming and going").put(number(n), number(n));
              assertThat(store.dropBucket("coming and going")).isTrue();
            }
          });
      crew.observe(this::useBucketThatComesAndGoes);
      crew.observe(this::useBucketThatComesAndGoes);
      crew.finish();
    }
    assertThat(store.bucketNames()).containsExactly("bucket");
  }

  private void useBucketThatComesAndGoes() {
    Bucket found = store.findBucket("coming and going");
    if (found == null) {
      return;
    }
    try (View view = store.view();
        Transaction transaction = store.begin()) {
      transaction.put(bucket, number(found.id()), number(0));
      transaction.put(found, bytes("key"), bytes("value"));
      found.put(bytes("other"), bytes("value"));
      Cursor cursor = view.scan(found, KeyRange.all());
      while (cursor.next()) {
        assertThat(cursor.value()).isNotEmpty();
      }
      transaction.commit();
    } catch (BucketDroppedException | ConflictException e) {
      // That is what happens to those who hold a bucket that somebody drops.
    }
  }
}
