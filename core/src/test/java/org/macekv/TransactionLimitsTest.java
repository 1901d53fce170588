package org.macekv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.macekv.Samples.bytes;
import static org.macekv.Samples.number;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.macekv.error.LimitExceededException;
import org.macekv.error.TransactionTimeoutException;
import org.macekv.option.BucketOptions;
import org.macekv.option.BulkLoadOptions;
import org.macekv.option.Durability;
import org.macekv.option.MaceOptions;
import org.macekv.option.TransactionOptions;

/** Transactions that are open too long, too large, or forgotten. */
@Timeout(120)
class TransactionLimitsTest {
  private static final TransactionOptions SHORT =
      TransactionOptions.defaults().withTimeoutMillis(300);

  private static void awaitEnd(Mace store) {
    awaitEnd(store, 0);
  }

  private static void awaitEnd(Mace store, int others) {
    while (store.statistics().openTransactions() > others) {
      Thread.onSpinWait();
    }
  }

  @Test
  void transactionThatIsOpenTooLongIsRolledBackAndTellsWhoeverUsesIt() {
    List<String> told = new ArrayList<>();
    try (Mace store = Mace.inMemory()) {
      Bucket bucket = store.bucket("b");
      Transaction transaction = store.begin(SHORT.withTimeoutMillis(60_000));
      transaction.put(bucket, bytes("k"), bytes("v"));
      transaction.commit(); // in time
      Transaction late = store.begin(SHORT);
      late.afterRollback(() -> told.add("rolled back"));
      awaitEnd(store);
      assertThat(late.isOpen()).isFalse();
      assertThatThrownBy(() -> late.get(bucket, bytes("k")))
          .isInstanceOfSatisfying(
              TransactionTimeoutException.class, e -> assertThat(e.timeoutMillis()).isEqualTo(300));
      assertThatThrownBy(late::commit).isInstanceOf(TransactionTimeoutException.class);
      assertThatThrownBy(late::commitAsync).isInstanceOf(TransactionTimeoutException.class);
      assertThatThrownBy(late::rollback).isInstanceOf(TransactionTimeoutException.class);
      late.close();
      assertThat(told).containsExactly("rolled back");
      assertThat(store.statistics().oldestSnapshotPosition())
          .isEqualTo(store.statistics().publishedPosition());
    }
  }

  @Test
  void workThatTakesTooLongIsRolledBackAndNotRepeated() {
    int[] runs = {0};
    try (Mace store = Mace.inMemory(MaceOptions.defaults().withTransactionTimeoutMillis(300))) {
      Bucket bucket = store.bucket("b");
      assertThatThrownBy(
              () ->
                  store.transact(
                      tx -> {
                        tx.put(bucket, bytes("k"), bytes("v"));
                        awaitEnd(store);
                        return ++runs[0];
                      }))
          .isInstanceOf(TransactionTimeoutException.class);
      assertThat(runs[0]).isEqualTo(1);
      assertThat(bucket.count()).isZero();
    }
  }

  @Test
  void keysOfATransactionAreLimited() {
    try (Mace store = Mace.inMemory(MaceOptions.defaults().withMaxTransactionWrites(3))) {
      Bucket bucket = store.bucket("b");
      try (Transaction transaction = store.begin()) {
        transaction.put(bucket, bytes("a"), bytes("1"));
        Savepoint savepoint = transaction.setSavepoint();
        transaction.put(bucket, bytes("b"), bytes("1"));
        transaction.delete(bucket, bytes("c"));
        assertThatThrownBy(() -> transaction.put(bucket, bytes("d"), bytes("1")))
            .isInstanceOfSatisfying(
                LimitExceededException.class, e -> assertThat(e.limit()).isEqualTo(3))
            .hasMessageContaining("maxTransactionWrites");
        transaction.rollback(savepoint);
        transaction.put(bucket, bytes("d"), bytes("1"));
        transaction.commit();
      }
      assertThat(bucket.count()).isEqualTo(2);
    }
  }

  @Test
  void bytesOfATransactionAreLimited() {
    try (Mace store = Mace.inMemory(MaceOptions.defaults().withMaxTransactionBytes(1 << 20))) {
      Bucket bucket = store.bucket("b");
      try (Transaction transaction = store.begin()) {
        // The same keys again take no more, and large values are not on the heap.
        for (int round = 0; round < 10; round++) {
          for (int i = 0; i < 200; i++) {
            transaction.put(bucket, number(i), new byte[2000]);
          }
        }
        transaction.put(bucket, bytes("large"), new byte[10 << 20]);
        assertThatThrownBy(
                () -> {
                  for (int i = 0; i < 1000; i++) {
                    transaction.put(bucket, number(1000 + i), new byte[2000]);
                  }
                })
            .isInstanceOf(LimitExceededException.class)
            .hasMessageContaining("maxTransactionBytes");
        transaction.commit(); // what was taken stays
      }
      assertThat(bucket.count()).isBetween(400L, 600L);
    }
  }

  private static final MaceOptions LITTLE_LOG =
      MaceOptions.defaults()
          .withDurability(Durability.WRITE)
          .withLogSegmentBytes(64 << 10)
          .withMaxTransactionLogBytes(1 << 20);

  @Test
  void forgottenTransactionDoesNotKeepTheLogForEver() {
    List<String> told = new ArrayList<>();
    try (Mace store = Mace.inMemory(LITTLE_LOG)) {
      Bucket bucket = store.bucket("b");
      Transaction forgotten = store.begin();
      forgotten.afterRollback(() -> told.add("rolled back"));
      forgotten.put(bucket, bytes("large"), new byte[50_000]);
      Transaction small = store.begin(); // keeps nothing
      small.put(bucket, bytes("small"), bytes("v"));
      int others = 0;
      while (forgotten.isOpen()) { // somebody else writes, and nobody uses it
        bucket.put(number(others++ % 10), new byte[10_000]);
      }
      awaitEnd(store, 1);
      assertThat(others).isGreaterThan(80);
      store.checkpoint();
      assertThat(store.statistics().space().pinnedLogBytes()).isZero();
      assertThatThrownBy(() -> forgotten.get(bucket, bytes("k")))
          .isInstanceOfSatisfying(
              LimitExceededException.class,
              e -> {
                assertThat(e.limit()).isEqualTo(1 << 20);
                assertThat(e.actual()).isGreaterThan(1 << 20);
              })
          .hasMessageContaining("maxTransactionLogBytes");
      assertThatThrownBy(forgotten::commit).isInstanceOf(LimitExceededException.class);
      assertThatThrownBy(forgotten::rollback).isInstanceOf(LimitExceededException.class);
      forgotten.close();
      assertThat(told).containsExactly("rolled back");
      small.commit();
      assertThat(bucket.contains(bytes("small"))).isTrue();
      assertThat(bucket.contains(bytes("large"))).isFalse();
    }
  }

  @Test
  void workThatNeedsTooMuchOfTheLogIsRolledBackAndNotRepeated() {
    int[] writes = {0};
    try (Mace store = Mace.inMemory(LITTLE_LOG)) {
      Bucket bucket = store.bucket("b");
      assertThatThrownBy(
              () ->
                  store.transact(
                      tx -> {
                        while (true) {
                          tx.put(bucket, number(writes[0]++), new byte[100_000]);
                        }
                      }))
          .isInstanceOf(LimitExceededException.class)
          .hasMessageContaining("maxTransactionLogBytes");
      assertThat(writes[0]).isBetween(10, 13);
      assertThat(bucket.count()).isZero();
      store.transact(
          tx -> {
            for (int i = 0; i < 9; i++) {
              tx.put(bucket, number(i), new byte[100_000]);
            }
            return null;
          });
      assertThat(bucket.count()).isEqualTo(9);
      BulkLoadOptions options = BulkLoadOptions.defaults();
      try (BulkLoader loader = store.bulkLoad("more", BucketOptions.defaults(), options)) {
        for (int i = 0; i < 20; i++) {
          loader.put(number(i), new byte[100_000]);
        }
        assertThat(loader.commit().count()).isEqualTo(20);
      }
    }
  }

  /** Each write is in another leaf, and none of them can be let go of before the commit. */
  @Test
  void transactionThatChangesMoreLeavesThanTheCacheHoldsIsRefused() {
    MaceOptions options =
        MaceOptions.defaults().withDurability(Durability.BUFFERED).withCacheBytes(4 << 20);
    int count = 20_000;
    try (Mace store = Mace.inMemory(options)) {
      Bucket bucket = store.bucket("b");
      for (int i = 0; i < count; i++) {
        bucket.put(number(i), new byte[1000]);
      }
      Random random = new Random(1);
      try (Transaction transaction = store.begin()) {
        for (int i = 0; i < 5000; i++) {
          transaction.put(bucket, number(random.nextInt(count)), bytes("new"));
        }
        assertThatThrownBy(transaction::commit)
            .isInstanceOf(LimitExceededException.class)
            .hasMessageContaining("more cacheBytes");
        assertThat(transaction.isOpen()).isFalse();
      }
      assertThat(store.statistics().residentBytes()).isLessThan(5 << 20);
      for (int i = 0; i < count; i++) {
        assertThat(bucket.get(number(i))).hasSize(1000);
      }
      // As many in fewer leaves are no problem.
      try (Transaction transaction = store.begin()) {
        for (int i = 0; i < 5000; i++) {
          transaction.put(bucket, number(i / 20), bytes("new"));
        }
        transaction.commit();
      }
      assertThat(bucket.get(number(1))).isEqualTo(bytes("new"));
    }
  }

  @Test
  void transactionsAndViewsThatAreLostAreLetGoOf() {
    try (Mace store = Mace.inMemory(MaceOptions.defaults().withTraceSnapshots(true))) {
      Bucket bucket = store.bucket("b");
      bucket.put(bytes("k"), bytes("v"));
      lose(store, bucket);
      Cursor kept = store.view().scan(bucket, KeyRange.all()); // has its view
      bucket.put(bytes("k"), bytes("new"));
      while (store.statistics().leaks() < 2) {
        System.gc();
      }
      assertThat(store.statistics().openTransactions()).isZero();
      assertThat(store.statistics().openViews()).isEqualTo(1);
      assertThat(kept.next()).isTrue();
      assertThat(kept.value()).isEqualTo(bytes("v"));
      assertThat(store.statistics().leaks()).isEqualTo(2);
    }
  }

  private static void lose(Mace store, Bucket bucket) {
    store.begin().put(bucket, bytes("k"), bytes("lost"));
    assertThat(store.view().get(bucket, bytes("k"))).isEqualTo(bytes("v"));
  }

  @Test
  void optionsAreChecked() {
    assertThatThrownBy(() -> SHORT.withTimeoutMillis(-1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> MaceOptions.defaults().withMaxTransactionWrites(0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> MaceOptions.defaults().withMaxTransactionBytes(1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
