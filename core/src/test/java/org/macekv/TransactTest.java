package org.macekv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.macekv.Samples.bytes;
import static org.macekv.Samples.text;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.macekv.error.ConflictException;
import org.macekv.option.Durability;
import org.macekv.option.MaceOptions;
import org.macekv.option.TransactionOptions;

class TransactTest {
  private static final int MAX_ATTEMPTS = 5;

  private static final MaceOptions OPTIONS = MaceOptions.defaults().withMaxAttempts(MAX_ATTEMPTS);

  private final Mace store = Mace.inMemory(OPTIONS);
  private final Bucket bucket = store.bucket("bucket");

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void workIsCommittedAndItsResultReturned() {
    String result =
        store.transact(
            tx -> {
              tx.put(bucket, bytes("key"), bytes("value"));
              return "result";
            });
    assertThat(result).isEqualTo("result");
    assertThat(text(bucket.get(bytes("key")))).isEqualTo("value");
    assertThat(store.<String>transact(tx -> null)).isNull();
  }

  @Test
  void workRunsAgainAfterAConflictInANewTransaction() {
    AtomicInteger attempts = new AtomicInteger();
    store.transact(
        tx -> {
          int attempt = attempts.incrementAndGet();
          // Each attempt sees what the others committed before it began.
          assertThat(text(tx.get(bucket, bytes("key"))))
              .isEqualTo(attempt == 1 ? null : "other " + (attempt - 1));
          tx.put(bucket, bytes("key"), bytes("mine"));
          if (attempt < MAX_ATTEMPTS) {
            bucket.put(bytes("key"), bytes("other " + attempt));
          }
          return 0;
        });
    assertThat(attempts).hasValue(MAX_ATTEMPTS);
    assertThat(text(bucket.get(bytes("key")))).isEqualTo("mine");
  }

  @Test
  void conflictAfterTheLastAttemptIsThrownWithTheirNumber() {
    AtomicInteger attempts = new AtomicInteger();
    assertThatThrownBy(
            () ->
                store.transact(
                    tx -> {
                      tx.put(bucket, bytes("key"), bytes("mine"));
                      bucket.put(bytes("key"), bytes("other"));
                      return attempts.incrementAndGet();
                    }))
        .isInstanceOfSatisfying(
            ConflictException.class,
            e -> {
              assertThat(e.attempts()).isEqualTo(MAX_ATTEMPTS);
              assertThat(e.bucket()).isEqualTo("bucket");
              assertThat(text(e.key())).isEqualTo("key");
            });
    assertThat(attempts).hasValue(MAX_ATTEMPTS);
    assertThat(text(bucket.get(bytes("key")))).isEqualTo("other");
  }

  @Test
  void workThatThrowsIsRolledBackAndItsExceptionGoesOn() {
    RuntimeException failure = new IllegalArgumentException("from the work");
    AtomicInteger attempts = new AtomicInteger();
    assertThatThrownBy(
            () ->
                store.transact(
                    tx -> {
                      attempts.incrementAndGet();
                      tx.put(bucket, bytes("key"), bytes("value"));
                      throw failure;
                    }))
        .isSameAs(failure);
    assertThat(attempts).hasValue(1);
    assertThat(bucket.count()).isZero();
    assertThat(store.statistics().openTransactions()).isZero();
  }

  @Test
  void errorOfTheWorkGoesOnToo() {
    Error failure = new StackOverflowError("from the work");
    assertThatThrownBy(
            () ->
                store.transact(
                    tx -> {
                      tx.put(bucket, bytes("key"), bytes("value"));
                      throw failure;
                    }))
        .isSameAs(failure);
    assertThat(bucket.count()).isZero();
    assertThat(store.statistics().openTransactions()).isZero();
  }

  @Test
  void workMayCommitByItself() {
    store.transact(
        tx -> {
          tx.put(bucket, bytes("key"), bytes("value"));
          tx.commit();
          return 0;
        });
    assertThat(text(bucket.get(bytes("key")))).isEqualTo("value");
  }

  @Test
  void workMayRollBackByItself() {
    int result =
        store.transact(
            tx -> {
              tx.put(bucket, bytes("key"), bytes("value"));
              tx.rollback();
              return 3;
            });
    assertThat(result).isEqualTo(3);
    assertThat(bucket.count()).isZero();
  }

  @Test
  void transactionIsEndedWhenTransactReturns() {
    Transaction kept = store.transact(tx -> tx);
    assertThat(kept.isOpen()).isFalse();
  }

  @Test
  void transactInsideAWorkIsATransactionOfItsOwn() {
    store.transact(
        tx -> {
          tx.put(bucket, bytes("outer"), bytes("1"));
          store.transact(
              inner -> {
                assertThat(inner.get(bucket, bytes("outer"))).isNull();
                inner.put(bucket, bytes("inner"), bytes("1"));
                return 0;
              });
          assertThat(tx.get(bucket, bytes("inner"))).isNull();
          return 0;
        });
    assertThat(Samples.keys(bucket.scan(KeyRange.all()))).containsExactly("inner", "outer");
  }

  @Test
  void optionsOfTheTransactionAreUsed() {
    try (StoreDirectory directory = StoreDirectory.create();
        Mace onDisk = Mace.open(directory.path(), OPTIONS.withFlushIntervalMillis(60_000))) {
      Bucket each = onDisk.bucket("bucket");
      long syncs = onDisk.statistics().syncs();
      onDisk.transact(
          TransactionOptions.defaults().withDurability(Durability.BUFFERED), tx -> put(tx, each));
      assertThat(onDisk.statistics().syncs()).isEqualTo(syncs);
      onDisk.transact(tx -> put(tx, each));
      assertThat(onDisk.statistics().syncs()).isGreaterThan(syncs);
    }
  }

  private static int put(Transaction transaction, Bucket bucket) {
    transaction.put(bucket, bytes("key"), bytes("value"));
    return 0;
  }
}
