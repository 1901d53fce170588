package org.macekv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.macekv.Samples.bytes;
import static org.macekv.Samples.number;
import static org.macekv.Samples.text;

import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.macekv.error.BucketDroppedException;
import org.macekv.error.ConflictException;
import org.macekv.option.BucketOptions;
import org.macekv.option.Durability;
import org.macekv.option.Isolation;
import org.macekv.option.MaceOptions;
import org.macekv.option.TransactionOptions;

/** What a serializable transaction has read must not have been changed when it commits. */
class SerializableTest {
  private static final TransactionOptions SERIALIZABLE =
      TransactionOptions.defaults().withIsolation(Isolation.SERIALIZABLE);

  private final Mace store = Mace.inMemory();
  private final Bucket bucket = store.bucket("b");
  private final Bucket other = store.bucket("other");

  @AfterEach
  void close() {
    store.close();
  }

  /** Whether a transaction that reads, then writes elsewhere, commits beside a change. */
  private boolean commits(Consumer<Transaction> reads, Runnable change) {
    try (Transaction transaction = store.begin(SERIALIZABLE)) {
      reads.accept(transaction);
      change.run();
      transaction.put(other, bytes("mine"), bytes("x"));
      long logged = store.statistics().logBytes();
      try {
        transaction.commit();
        return true;
      } catch (ConflictException e) {
        assertThat(e.bucket()).isEqualTo("b");
        assertThat(store.statistics().logBytes()).isEqualTo(logged);
        assertThat(text(other.get(bytes("mine")))).isNull();
        return false;
      } finally {
        other.delete(bytes("mine"));
      }
    }
  }

  private void fill(String... keys) {
    for (String each : keys) {
      bucket.put(bytes(each), bytes("0"));
    }
  }

  private Runnable put(String key) {
    return () -> bucket.put(bytes(key), bytes("new"));
  }

  private Runnable delete(String key) {
    return () -> bucket.delete(bytes(key));
  }

  @Test
  void keyThatWasReadMustNotChange() {
    fill("a", "b", "c");
    Consumer<Transaction> get = tx -> tx.get(bucket, bytes("b"));
    assertThat(commits(get, put("b"))).isFalse();
    assertThat(commits(get, delete("b"))).isFalse();
    fill("b");
    assertThat(commits(get, put("a"))).isTrue();
    assertThat(commits(get, delete("c"))).isTrue();
    assertThat(commits(tx -> tx.contains(bucket, bytes("b")), put("b"))).isFalse();
    assertThat(commits(tx -> tx.openStream(bucket, bytes("b")).close(), put("b"))).isFalse();
  }

  @Test
  void keyThatWasNotThereMustNotCome() {
    fill("a", "c");
    assertThat(commits(tx -> tx.get(bucket, bytes("b")), put("b"))).isFalse();
    delete("b").run();
    assertThat(commits(tx -> tx.contains(bucket, bytes("b")), put("b"))).isFalse();
    delete("b").run();
    assertThat(commits(tx -> tx.get(bucket, bytes("b")), put("bb"))).isTrue();
  }

  private Consumer<Transaction> scan(KeyRange range, int steps) {
    return tx -> walk(tx.scan(bucket, range), steps);
  }

  private Consumer<Transaction> scanReverse(KeyRange range, int steps) {
    return tx -> walk(tx.scanReverse(bucket, range), steps);
  }

  private static void walk(Cursor cursor, int steps) {
    for (int i = 0; i < steps; i++) {
      cursor.next();
    }
  }

  @Test
  void rangeMustNotChangeAsFarAsACursorCame() {
    fill("b", "d", "f", "h");
    KeyRange range = KeyRange.of(bytes("b"), bytes("h"));
    assertThat(commits(scan(range, 4), put("c"))).isFalse(); // a phantom
    delete("c").run();
    assertThat(commits(scan(range, 4), put("g"))).isFalse(); // at the end
    delete("g").run();
    assertThat(commits(scan(range, 4), delete("d"))).isFalse();
    fill("d");
    assertThat(commits(scan(range, 4), put("a"))).isTrue();
    assertThat(commits(scan(range, 4), put("h"))).isTrue();
    // The cursor stopped at d.
    assertThat(commits(scan(range, 2), put("d"))).isFalse();
    assertThat(commits(scan(range, 2), put("c"))).isFalse();
    delete("c").run();
    assertThat(commits(scan(range, 2), put("e"))).isTrue();
    delete("e").run();
    assertThat(commits(scan(range, 0), put("b"))).isTrue();
    assertThat(commits(scan(KeyRange.all(), 9), put("zz"))).isFalse();
  }

  @Test
  void rangeMustNotChangeAsFarAsACursorCameDown() {
    fill("b", "d", "f", "h");
    KeyRange range = KeyRange.of(bytes("b"), bytes("h"));
    assertThat(commits(scanReverse(range, 4), put("c"))).isFalse();
    delete("c").run();
    assertThat(commits(scanReverse(range, 1), put("g"))).isFalse(); // it came past that
    delete("g").run();
    assertThat(commits(scanReverse(range, 1), put("f"))).isFalse();
    assertThat(commits(scanReverse(range, 1), put("e"))).isTrue();
    delete("e").run();
    assertThat(commits(scanReverse(range, 4), put("h"))).isTrue();
    assertThat(commits(scanReverse(KeyRange.all(), 9), put("\0"))).isFalse();
  }

  @Test
  void cursorsThatGoOnAreAskedAgain() {
    for (int i = 0; i < 300; i++) {
      bucket.put(number(i), bytes("0"));
    }
    try (Transaction transaction = store.begin(SERIALIZABLE)) {
      Cursor first = transaction.scan(bucket, KeyRange.all());
      first.next();
      for (int n = 0; n < 200; n++) { // more than are asked at the end only
        walk(transaction.scan(bucket, KeyRange.all()), 1);
      }
      walk(first, 100);
      bucket.put(number(90), bytes("new"));
      transaction.put(other, bytes("mine"), bytes("x"));
      assertThatThrownBy(transaction::commit)
          .isInstanceOfSatisfying(
              ConflictException.class, e -> assertThat(e.key()).isEqualTo(number(90)));
    }
  }

  @Test
  void numberOfEntriesMustNotChange() {
    fill("a", "b");
    Consumer<Transaction> count = tx -> assertThat(tx.count(bucket)).isEqualTo(2);
    assertThat(commits(count, put("a"))).isTrue(); // as many as before
    assertThat(commits(count, put("c"))).isFalse();
    delete("c").run();
    Bucket uncounted = store.bucket("u", BucketOptions.defaults().withCounted(false));
    try (Transaction transaction = store.begin(SERIALIZABLE)) {
      assertThat(transaction.count(uncounted)).isZero();
      uncounted.put(bytes("a"), bytes("0"));
      transaction.put(other, bytes("mine"), bytes("x"));
      assertThatThrownBy(transaction::commit).isInstanceOf(ConflictException.class);
    }
  }

  @Test
  void conflictOfACountHasNoKey() {
    try (Transaction transaction = store.begin(SERIALIZABLE)) {
      transaction.count(bucket);
      fill("a");
      transaction.put(other, bytes("mine"), bytes("x"));
      assertThatThrownBy(transaction::commit)
          .isInstanceOfSatisfying(ConflictException.class, e -> assertThat(e.key()).isNull())
          .hasMessageContaining("number of its entries");
    }
  }

  @Test
  void ownWritesAreNoReads() {
    fill("a");
    try (Transaction transaction = store.begin(SERIALIZABLE)) {
      transaction.put(other, bytes("k"), bytes("1"));
      assertThat(text(transaction.get(other, bytes("k")))).isEqualTo("1");
      put("a").run();
      transaction.commit();
    }
    assertThat(text(other.get(bytes("k")))).isEqualTo("1");
  }

  @Test
  void whoOnlyReadsAlwaysCommits() {
    fill("a", "b");
    try (Transaction transaction = store.begin(SERIALIZABLE)) {
      walk(transaction.scan(bucket, KeyRange.all()), 9);
      transaction.count(bucket);
      put("a").run();
      delete("b").run();
      long commits = store.statistics().commits();
      transaction.commit();
      assertThat(store.statistics().commits()).isEqualTo(commits);
    }
  }

  @Test
  void bucketThatWasReadMustNotBeDropped() {
    fill("a");
    try (Transaction transaction = store.begin(SERIALIZABLE)) {
      transaction.get(bucket, bytes("a"));
      store.dropBucket("b");
      transaction.put(other, bytes("mine"), bytes("x"));
      assertThatThrownBy(transaction::commit).isInstanceOf(BucketDroppedException.class);
    }
    assertThat(text(other.get(bytes("mine")))).isNull();
  }

  @Test
  void readForUpdateIsCheckedInASnapshotTransaction() {
    fill("a", "b");
    try (Transaction transaction = store.begin()) {
      assertThat(text(transaction.getForUpdate(bucket, bytes("a")))).isEqualTo("0");
      transaction.get(bucket, bytes("b"));
      transaction.put(other, bytes("mine"), bytes("x"));
      put("b").run();
      put("a").run();
      assertThatThrownBy(transaction::commit)
          .isInstanceOfSatisfying(
              ConflictException.class, e -> assertThat(text(e.key())).isEqualTo("a"));
    }
    try (Transaction transaction = store.begin();
        Transaction beside = store.begin()) {
      transaction.getForUpdate(bucket, bytes("a"));
      beside.getForUpdate(bucket, bytes("a"));
      transaction.put(other, bytes("one"), bytes("x"));
      beside.put(other, bytes("two"), bytes("x"));
      transaction.commit();
      beside.commit(); // nobody has changed it
    }
  }

  /**
   * Doctors on call: each goes off duty if another one stays. With snapshot isolation all may go.
   * Leaves are split, merged, evicted and written meanwhile.
   */
  @Test
  void oneStaysOnDutyHoweverManyLeaveAtATime() throws Exception {
    MaceOptions options =
        MaceOptions.defaults()
            .withDurability(Durability.BUFFERED)
            .withCacheBytes(256 << 10)
            .withLogSegmentBytes(1 << 20)
            .withPageFileBytes(1 << 20);
    try (StoreDirectory directory = StoreDirectory.createQuick();
        Mace disk = Mace.open(directory.path(), options);
        Crew crew = new Crew()) {
      Bucket duty = disk.bucket("duty", BucketOptions.defaults().withLeafBytes(256));
      int teams = 40;
      int size = 6;
      for (int team = 0; team < teams; team++) {
        for (int i = 0; i < size; i++) {
          duty.put(number(team * 1000L + i), bytes("on"));
        }
      }
      for (int thread = 0; thread < 4; thread++) {
        Random random = new Random(thread);
        crew.work(
            () -> {
              for (int n = 0; n < 4000; n++) {
                int team = random.nextInt(teams);
                byte[] who = number(team * 1000L + random.nextInt(size));
                boolean leaves = random.nextBoolean();
                disk.transact(
                    SERIALIZABLE,
                    tx -> {
                      if (!leaves) {
                        tx.put(duty, who, bytes("on"));
                      } else if (onDuty(tx, duty, team).size() > 1) {
                        tx.delete(duty, who);
                      }
                      return 0;
                    });
              }
            });
      }
      crew.observe(
          () -> {
            try (View view = disk.view()) {
              for (int team = 0; team < teams; team++) {
                assertThat(onDuty(view, duty, team)).isNotEmpty();
              }
            }
            disk.checkpoint();
          });
      crew.finish();
      assertThat(disk.statistics().conflicts()).isPositive();
    }
  }

  private static List<String> onDuty(SnapshotReader reader, Bucket duty, int team) {
    return Samples.keys(
        reader.scan(duty, KeyRange.of(number(team * 1000L), number(team * 1000L + 999))));
  }
}
