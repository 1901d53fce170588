package org.macekv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.macekv.Samples.bytes;
import static org.macekv.Samples.number;
import static org.macekv.Samples.text;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.macekv.error.ConflictException;
import org.macekv.option.Durability;
import org.macekv.option.MaceOptions;
import org.macekv.option.TransactionOptions;

/** What runs when a transaction has ended, and commits that nobody waits for. */
@Timeout(60)
class CommitHooksTest {
  private final Mace store = Mace.inMemory();
  private final Bucket bucket = store.bucket("b");
  private final List<String> told = new ArrayList<>();

  @AfterEach
  void close() {
    store.close();
  }

  private Transaction begin() {
    Transaction transaction = store.begin();
    transaction.afterCommit(() -> told.add("committed"));
    transaction.afterRollback(() -> told.add("rolled back"));
    return transaction;
  }

  @Test
  void hooksRunOnceInTheirOrderAndMayUseTheStore() {
    try (Transaction transaction = begin()) {
      transaction.afterCommit(
          () -> {
            told.add("second");
            assertThat(text(bucket.get(bytes("k")))).isEqualTo("v");
            bucket.put(bytes("from the hook"), bytes("v"));
          });
      transaction.put(bucket, bytes("k"), bytes("v"));
      assertThat(told).isEmpty();
      transaction.commit();
      assertThat(told).containsExactly("committed", "second");
      assertThatThrownBy(transaction::commit).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(transaction::rollback).isInstanceOf(IllegalStateException.class);
    }
    assertThat(told).containsExactly("committed", "second");
    assertThat(bucket.count()).isEqualTo(2);
  }

  @Test
  void rollbackTells() {
    try (Transaction transaction = begin()) {
      transaction.put(bucket, bytes("k"), bytes("v"));
    }
    begin().rollback();
    assertThat(told).containsExactly("rolled back", "rolled back");
  }

  @Test
  void conflictTellsEachAttempt() {
    int[] attempts = {0};
    store.transact(
        tx -> {
          int attempt = ++attempts[0];
          tx.afterCommit(() -> told.add("committed " + attempt));
          tx.afterRollback(() -> told.add("rolled back " + attempt));
          tx.put(bucket, bytes("k"), bytes("mine"));
          if (attempt < 3) {
            bucket.put(bytes("k"), bytes("other"));
          }
          return 0;
        });
    assertThat(told).containsExactly("rolled back 1", "rolled back 2", "committed 3");
  }

  @Test
  void whatAHookThrowsHarmsNobody() {
    try (Transaction transaction = store.begin()) {
      transaction.afterCommit(
          () -> {
            throw new IllegalStateException("from the hook");
          });
      transaction.afterCommit(() -> told.add("next"));
      transaction.put(bucket, bytes("k"), bytes("v"));
      transaction.commit();
    }
    assertThat(told).containsExactly("next");
    assertThat(text(bucket.get(bytes("k")))).isEqualTo("v");
  }

  @ParameterizedTest
  @EnumSource
  void asynchronousCommitIsCompletedWhenItIsDurable(Durability durability) throws Exception {
    try (StoreDirectory directory = StoreDirectory.createQuick();
        Mace disk = Mace.open(directory.path(), MaceOptions.defaults())) {
      Bucket there = disk.bucket("b");
      List<CompletableFuture<?>> all = new ArrayList<>();
      TransactionOptions options = TransactionOptions.defaults().withDurability(durability);
      for (int n = 0; n < 1000; n++) {
        Transaction transaction = disk.begin(options);
        // The place of the one before is settled: a transaction reads it.
        assertThat(transaction.count(there)).isEqualTo(n);
        transaction.put(there, number(n), number(n));
        int expected = n + 1;
        all.add(
            transaction
                .commitAsync()
                .thenAccept(done -> assertThat(there.count()).isGreaterThanOrEqualTo(expected))
                .toCompletableFuture());
        assertThat(transaction.isOpen()).isFalse();
      }
      for (CompletableFuture<?> each : all) {
        each.get(30, TimeUnit.SECONDS);
      }
      if (durability == Durability.SYNC) {
        assertThat(disk.statistics().syncs()).isBetween(1L, 1000L);
      }
      assertThat(disk.statistics().openTransactions()).isZero();
    }
  }

  @Test
  void asynchronousCommitTellsOfAConflict() {
    Transaction transaction = begin();
    transaction.put(bucket, bytes("k"), bytes("mine"));
    bucket.put(bytes("k"), bytes("other"));
    CompletableFuture<?> stage = transaction.commitAsync().toCompletableFuture();
    assertThatThrownBy(stage::join)
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(ConflictException.class);
    assertThat(told).containsExactly("rolled back");
  }

  @Test
  void asynchronousCommitThatHasOnlyReadIsCompleted() {
    Transaction transaction = store.begin();
    transaction.get(bucket, bytes("k"));
    transaction.commitAsync().toCompletableFuture().join();
    store.begin().commitAsync().toCompletableFuture().join();
  }

  @Test
  void asynchronousCommitsAreCompletedBeforeTheStoreIsClosed() {
    List<CompletableFuture<?>> all = new ArrayList<>();
    try (StoreDirectory directory = StoreDirectory.createQuick()) {
      try (Mace disk = Mace.open(directory.path())) {
        Bucket there = disk.bucket("b");
        for (int n = 0; n < 100; n++) {
          Transaction transaction = disk.begin();
          transaction.put(there, number(n), number(n));
          all.add(transaction.commitAsync().toCompletableFuture());
        }
      }
      all.forEach(CompletableFuture::join);
      try (Mace again = Mace.open(directory.path())) {
        assertThat(again.bucket("b").count()).isEqualTo(100);
      }
    }
  }
}
