package org.macekv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.macekv.Samples.bytes;
import static org.macekv.Samples.text;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.macekv.error.BucketDroppedException;
import org.macekv.error.ConflictException;
import org.macekv.error.StoreClosedException;
import org.macekv.option.Durability;
import org.macekv.option.TransactionOptions;

class TransactionTest {
  private final Mace store = Mace.inMemory();
  private final Bucket bucket = store.bucket("bucket");
  private final Bucket second = store.bucket("second");

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void commitMakesAllChangesVisibleAtOnce() {
    bucket.put(bytes("deleted"), bytes("value"));
    try (Transaction transaction = store.begin()) {
      transaction.put(bucket, bytes("key"), bytes("1"));
      transaction.put(second, bytes("key"), bytes("2"));
      transaction.delete(bucket, bytes("deleted"));
      assertThat(contents(bucket)).containsExactly("deleted=value");
      assertThat(contents(second)).isEmpty();
      transaction.commit();
    }
    assertThat(contents(bucket)).containsExactly("key=1");
    assertThat(contents(second)).containsExactly("key=2");
  }

  @Test
  void leavingTheBlockWithoutCommitRollsBack() {
    try (Transaction transaction = store.begin()) {
      transaction.put(bucket, bytes("key"), bytes("value"));
    }
    assertThat(contents(bucket)).isEmpty();
  }

  @Test
  void rollbackForgetsTheChangesAndEndsTheTransaction() {
    Transaction transaction = store.begin();
    transaction.put(bucket, bytes("key"), bytes("value"));
    transaction.rollback();
    requireEnded(transaction);
    assertThat(contents(bucket)).isEmpty();
  }

  @Test
  void committedTransactionIsEnded() {
    Transaction transaction = store.begin();
    transaction.put(bucket, bytes("key"), bytes("value"));
    assertThat(transaction.isOpen()).isTrue();
    transaction.commit();
    requireEnded(transaction);
    assertThat(contents(bucket)).containsExactly("key=value");
  }

  @Test
  void readsSeeTheOwnWritesOnTopOfTheSnapshot() {
    bucket.put(bytes("b"), bytes("1"));
    bucket.put(bytes("c"), bytes("1"));
    bucket.put(bytes("d"), bytes("1"));
    try (Transaction transaction = store.begin()) {
      transaction.put(bucket, bytes("a"), bytes("2"));
      transaction.put(bucket, bytes("c"), bytes("2"));
      transaction.delete(bucket, bytes("d"));
      transaction.put(bucket, bytes("e"), bytes("2"));
      transaction.put(bucket, bytes("f"), bytes("2"));
      transaction.delete(bucket, bytes("f"));
      assertThat(Samples.entries(transaction.scan(bucket, KeyRange.all())))
          .containsExactly("a=2", "b=1", "c=2", "e=2");
      assertThat(Samples.entries(transaction.scanReverse(bucket, KeyRange.all())))
          .containsExactly("e=2", "c=2", "b=1", "a=2");
      assertThat(text(transaction.get(bucket, bytes("c")))).isEqualTo("2");
      assertThat(transaction.get(bucket, bytes("d"))).isNull();
      assertThat(transaction.contains(bucket, bytes("d"))).isFalse();
      assertThat(transaction.contains(bucket, bytes("e"))).isTrue();
      assertThat(transaction.count(bucket)).isEqualTo(4);
    }
  }

  @Test
  void cursorSeesOwnWritesAheadOfItAndNotBehind() {
    bucket.put(bytes("b"), bytes("1"));
    bucket.put(bytes("d"), bytes("1"));
    bucket.put(bytes("f"), bytes("1"));
    try (Transaction transaction = store.begin()) {
      Cursor up = transaction.scan(bucket, KeyRange.all());
      assertThat(up.next()).isTrue();
      transaction.put(bucket, bytes("a"), bytes("2"));
      transaction.put(bucket, bytes("c"), bytes("2"));
      transaction.delete(bucket, bytes("d"));
      transaction.put(bucket, bytes("f"), bytes("2"));
      assertThat(Samples.entries(up)).containsExactly("c=2", "f=2");
      Cursor down = transaction.scanReverse(bucket, KeyRange.all());
      assertThat(down.next()).isTrue();
      transaction.put(bucket, bytes("g"), bytes("3"));
      transaction.put(bucket, bytes("e"), bytes("3"));
      transaction.delete(bucket, bytes("c"));
      assertThat(Samples.entries(down)).containsExactly("e=3", "b=1", "a=2");
    }
  }

  @Test
  void readsDoNotSeeLaterCommitsOfOthers() {
    bucket.put(bytes("key"), bytes("1"));
    try (Transaction transaction = store.begin()) {
      bucket.put(bytes("key"), bytes("2"));
      bucket.put(bytes("new"), bytes("2"));
      assertThat(text(transaction.get(bucket, bytes("key")))).isEqualTo("1");
      assertThat(Samples.entries(transaction.scan(bucket, KeyRange.all())))
          .containsExactly("key=1");
      assertThat(transaction.count(bucket)).isEqualTo(1);
    }
  }

  @Test
  void arraysMayBeOverwrittenBeforeTheCommit() {
    byte[] key = bytes("key");
    byte[] value = bytes("value");
    try (Transaction transaction = store.begin()) {
      transaction.put(bucket, key, value);
      key[0] = 'x';
      value[0] = 'x';
      transaction.get(bucket, bytes("key"))[1] = 'x';
      Cursor cursor = transaction.scan(bucket, KeyRange.all());
      assertThat(cursor.next()).isTrue();
      cursor.value()[2] = 'x';
      cursor.key()[2] = 'x';
      transaction.commit();
    }
    assertThat(contents(bucket)).containsExactly("key=value");
  }

  @Test
  void firstCommitterWinsAndTheLoserKeepsNothing() {
    bucket.put(bytes("key"), bytes("0"));
    Transaction first = store.begin();
    Transaction loser = store.begin();
    loser.put(second, bytes("other"), bytes("loser"));
    loser.put(bucket, bytes("key"), bytes("loser"));
    first.put(bucket, bytes("key"), bytes("first"));
    first.commit();
    assertThatThrownBy(loser::commit)
        .isInstanceOfSatisfying(
            ConflictException.class,
            e -> {
              assertThat(e.bucket()).isEqualTo("bucket");
              assertThat(text(e.key())).isEqualTo("key");
              assertThat(e.attempts()).isEqualTo(1);
            });
    requireEnded(loser);
    assertThat(contents(bucket)).containsExactly("key=first");
    assertThat(contents(second)).isEmpty();
    assertThat(store.statistics().conflicts()).isEqualTo(1);
  }

  @Test
  void singleOperationsOfOthersConflictToo() {
    bucket.put(bytes("put"), bytes("0"));
    bucket.put(bytes("deleted"), bytes("0"));
    for (String key : List.of("put", "deleted", "new")) {
      try (Transaction transaction = store.begin()) {
        transaction.put(bucket, bytes(key), bytes("1"));
        if (key.equals("deleted")) {
          bucket.delete(bytes(key));
        } else {
          bucket.put(bytes(key), bytes("2"));
        }
        assertThatThrownBy(transaction::commit).isInstanceOf(ConflictException.class);
      }
    }
  }

  @Test
  void deletionConflictsLikeAPut() {
    bucket.put(bytes("key"), bytes("0"));
    try (Transaction transaction = store.begin()) {
      transaction.delete(bucket, bytes("key"));
      bucket.put(bytes("key"), bytes("1"));
      assertThatThrownBy(transaction::commit).isInstanceOf(ConflictException.class);
    }
    assertThat(contents(bucket)).containsExactly("key=1");
  }

  @Test
  void writesOfDifferentKeysAndReadsOfChangedOnesDoNotConflict() {
    bucket.put(bytes("read"), bytes("0"));
    try (Transaction transaction = store.begin()) {
      assertThat(text(transaction.get(bucket, bytes("read")))).isEqualTo("0");
      transaction.put(bucket, bytes("a"), bytes("1"));
      transaction.put(second, bytes("b"), bytes("1"));
      bucket.put(bytes("read"), bytes("1"));
      bucket.put(bytes("b"), bytes("2"));
      second.put(bytes("a"), bytes("2"));
      transaction.commit();
    }
    assertThat(contents(bucket)).containsExactly("a=1", "b=2", "read=1");
    assertThat(contents(second)).containsExactly("a=2", "b=1");
  }

  @Test
  void commitsBeforeTheBeginDoNotConflict() {
    bucket.put(bytes("key"), bytes("0"));
    try (Transaction transaction = store.begin()) {
      transaction.put(bucket, bytes("key"), bytes("1"));
      transaction.commit();
    }
    try (Transaction transaction = store.begin()) {
      transaction.put(bucket, bytes("key"), bytes("2"));
      transaction.commit();
    }
    assertThat(contents(bucket)).containsExactly("key=2");
  }

  @Test
  void rolledBackWritesDoNotConflict() {
    try (Transaction transaction = store.begin();
        Transaction rolledBack = store.begin()) {
      rolledBack.put(bucket, bytes("key"), bytes("1"));
      transaction.put(bucket, bytes("key"), bytes("2"));
      rolledBack.rollback();
      transaction.commit();
    }
    assertThat(contents(bucket)).containsExactly("key=2");
  }

  @Test
  void conflictIsFoundHoweverOftenTheKeyWasChangedAndFolded() {
    try (Transaction transaction = store.begin()) {
      transaction.put(bucket, Samples.number(500), bytes("mine"));
      for (int i = 0; i < 5000; i++) {
        bucket.put(Samples.number(i % 1000), Samples.value(20, i));
        bucket.delete(Samples.number(i % 1000));
      }
      assertThatThrownBy(transaction::commit).isInstanceOf(ConflictException.class);
    }
  }

  @Test
  void transactionWithoutWritesCommitsNothing() {
    bucket.put(bytes("key"), bytes("value"));
    long position = store.statistics().publishedPosition();
    try (Transaction transaction = store.begin()) {
      assertThat(transaction.contains(bucket, bytes("key"))).isTrue();
      transaction.commit();
      assertThat(transaction.isOpen()).isFalse();
    }
    assertThat(store.statistics().publishedPosition()).isEqualTo(position);
  }

  @Test
  void closeMayBeRepeatedAndFollowAnything() {
    Transaction transaction = store.begin();
    transaction.close();
    transaction.close();
    requireEnded(transaction);
  }

  @Test
  void foreignBucketIsRefusedAndTheTransactionGoesOn() {
    try (Mace otherStore = Mace.inMemory();
        Transaction transaction = store.begin()) {
      Bucket foreign = otherStore.bucket("bucket");
      for (Runnable use :
          List.<Runnable>of(
              () -> transaction.put(foreign, bytes("key"), bytes("value")),
              () -> transaction.delete(foreign, bytes("key")),
              () -> transaction.get(foreign, bytes("key")),
              () -> transaction.scan(foreign, KeyRange.all()),
              () -> transaction.count(foreign))) {
        assertThatThrownBy(use::run).isInstanceOf(IllegalArgumentException.class);
      }
      transaction.put(bucket, bytes("key"), bytes("value"));
      transaction.commit();
      assertThat(foreign.count()).isZero();
    }
    assertThat(contents(bucket)).containsExactly("key=value");
  }

  @Test
  void commitToADroppedBucketIsRefusedAsAWhole() {
    try (Transaction transaction = store.begin()) {
      transaction.put(second, bytes("key"), bytes("value"));
      transaction.put(bucket, bytes("key"), bytes("value"));
      store.dropBucket("bucket");
      store.bucket("bucket");
      assertThatThrownBy(transaction::commit).isInstanceOf(BucketDroppedException.class);
      assertThat(transaction.isOpen()).isFalse();
    }
    assertThat(contents(second)).isEmpty();
    assertThat(contents(store.bucket("bucket"))).isEmpty();
  }

  @Test
  void bucketCreatedAfterTheBeginMayBeWritten() {
    try (Transaction transaction = store.begin()) {
      Bucket later = store.bucket("later");
      assertThat(transaction.get(later, bytes("key"))).isNull();
      transaction.put(later, bytes("key"), bytes("value"));
      assertThat(transaction.count(later)).isEqualTo(1);
      transaction.commit();
      assertThat(contents(later)).containsExactly("key=value");
    }
  }

  @Test
  void closingTheStoreRollsBack() {
    Transaction transaction = store.begin();
    transaction.put(bucket, bytes("key"), bytes("value"));
    store.close();
    assertThatThrownBy(transaction::commit)
        .isInstanceOfAny(StoreClosedException.class, IllegalStateException.class);
    assertThatThrownBy(() -> transaction.get(bucket, bytes("key")))
        .isInstanceOfAny(StoreClosedException.class, IllegalStateException.class);
    assertThat(transaction.isOpen()).isFalse();
    transaction.close();
  }

  @Test
  void transactionMayBeHandedToAnotherThreadBetweenCalls() throws Exception {
    ExecutorService other = Executors.newSingleThreadExecutor();
    try (Transaction transaction = store.begin()) {
      transaction.put(bucket, bytes("a"), bytes("1"));
      other.submit(() -> transaction.put(bucket, bytes("b"), bytes("2"))).get();
      transaction.commit();
    } finally {
      other.shutdown();
    }
    assertThat(contents(bucket)).containsExactly("a=1", "b=2");
  }

  @Test
  void useBySeveralThreadsAtOnceFailsClearlyOrIsInOrder() throws Exception {
    int threads = 2;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    List<Long> accepted = new ArrayList<>();
    try (Transaction transaction = store.begin()) {
      CyclicBarrier start = new CyclicBarrier(threads);
      List<Future<List<Long>>> results = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        long from = 10_000L * i;
        results.add(pool.submit(putAll(transaction, start, from)));
      }
      for (Future<List<Long>> result : results) {
        accepted.addAll(result.get());
      }
      transaction.commit();
    } finally {
      pool.shutdown();
    }
    List<Long> found = new ArrayList<>();
    Cursor cursor = bucket.scan(KeyRange.all());
    while (cursor.next()) {
      found.add(Samples.toNumber(cursor.key()));
    }
    assertThat(found).containsExactlyElementsOf(accepted);
  }

  private Callable<List<Long>> putAll(Transaction transaction, CyclicBarrier start, long from) {
    return () -> {
      List<Long> accepted = new ArrayList<>();
      start.await();
      for (long number = from; number < from + 3000; number++) {
        try {
          transaction.put(bucket, Samples.number(number), bytes("value"));
          accepted.add(number);
        } catch (IllegalStateException e) {
          // The other thread was in the midst of a call.
        }
      }
      return accepted;
    };
  }

  @Test
  void everyDurabilityIsAcceptedAndSeenAtOnce() {
    for (Durability durability : Durability.values()) {
      String key = durability.name();
      try (Transaction transaction =
          store.begin(TransactionOptions.defaults().withDurability(durability))) {
        transaction.put(bucket, bytes(key), bytes("value"));
        transaction.commit();
      }
      assertThat(text(bucket.get(bytes(key)))).isEqualTo("value");
    }
  }

  @Test
  void statisticsCountOpenTransactionsAndCommits() {
    long commits = store.statistics().commits();
    try (Transaction transaction = store.begin()) {
      assertThat(store.statistics().openTransactions()).isEqualTo(1);
      transaction.put(bucket, bytes("key"), bytes("value"));
      transaction.commit();
    }
    assertThat(store.statistics().openTransactions()).isZero();
    assertThat(store.statistics().commits()).isEqualTo(commits + 1);
    store.begin().close();
    assertThat(store.statistics().openTransactions()).isZero();
    assertThat(store.statistics().commits()).isEqualTo(commits + 1);
  }

  private void requireEnded(Transaction transaction) {
    assertThat(transaction.isOpen()).isFalse();
    transaction.close();
    for (Runnable use :
        List.<Runnable>of(
            () -> transaction.put(bucket, bytes("late"), bytes("value")),
            () -> transaction.delete(bucket, bytes("late")),
            () -> transaction.get(bucket, bytes("key")),
            () -> transaction.contains(bucket, bytes("key")),
            () -> transaction.scan(bucket, KeyRange.all()),
            () -> transaction.scanReverse(bucket, KeyRange.all()),
            () -> transaction.count(bucket),
            transaction::commit,
            transaction::rollback)) {
      assertThatThrownBy(use::run).isInstanceOf(IllegalStateException.class);
    }
  }

  private static List<String> contents(Bucket bucket) {
    return Samples.entries(bucket.scan(KeyRange.all()));
  }
}
