package org.macekv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.macekv.Samples.bytes;
import static org.macekv.Samples.number;
import static org.macekv.Samples.toNumber;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.macekv.option.MaceOptions;

/** Transactions that lose too often take precedence. */
@Timeout(120)
class PrecedenceTest {
  private static final int MAX_ATTEMPTS = 30;

  private final Mace store = Mace.inMemory(MaceOptions.defaults().withMaxAttempts(MAX_ATTEMPTS));
  private final Bucket bucket = store.bucket("b");

  @AfterEach
  void close() {
    store.close();
  }

  /** While it reads all counters, the others have changed some, each time. */
  @Test
  void longTransactionGetsThroughBesideManyShortOnes() throws Exception {
    int counters = 50;
    for (int i = 0; i < counters; i++) {
      bucket.put(number(i), number(0));
    }
    AtomicInteger attempts = new AtomicInteger();
    AtomicInteger longOnes = new AtomicInteger();
    try (Crew crew = new Crew()) {
      crew.work(
          () -> {
            for (int n = 0; n < 20; n++) {
              store.transact(
                  tx -> {
                    attempts.incrementAndGet();
                    for (int i = 0; i < counters; i++) {
                      long value = toNumber(tx.get(bucket, number(i)));
                      tx.put(bucket, number(i), number(value + 1));
                      for (int spin = 0; spin < 500; spin++) {
                        Thread.onSpinWait();
                      }
                    }
                    return 0;
                  });
              longOnes.incrementAndGet();
            }
          });
      for (int thread = 0; thread < 3; thread++) {
        AtomicInteger next = new AtomicInteger(thread);
        crew.observe(() -> bucket.put(number(next.addAndGet(7) % counters), number(0)));
      }
      crew.finish();
    }
    assertThat(longOnes).hasValue(20);
    assertThat(attempts.get()).isGreaterThan(20);
  }

  @Test
  void everyIncrementIsCounted() throws Exception {
    int threads = 16;
    int keys = 10;
    int each = 500;
    AtomicLong worst = new AtomicLong();
    try (Crew crew = new Crew()) {
      for (int thread = 0; thread < threads; thread++) {
        int seed = thread;
        crew.work(
            () -> {
              for (int n = 0; n < each; n++) {
                byte[] key = number((seed + n * 7L) % keys);
                long[] tries = {0};
                store.transact(
                    tx -> {
                      tries[0]++;
                      byte[] before = tx.get(bucket, key);
                      tx.put(bucket, key, number(before == null ? 1 : toNumber(before) + 1));
                      return 0;
                    });
                worst.accumulateAndGet(tries[0], Math::max);
              }
            });
      }
      crew.finish();
    }
    long sum = 0;
    Cursor cursor = bucket.scan(KeyRange.all());
    while (cursor.next()) {
      sum += toNumber(cursor.value());
    }
    assertThat(sum).isEqualTo((long) threads * each);
    assertThat(worst.get()).isLessThan(8 + threads); // once it has precedence, against each once
  }

  @Test
  void workThatHasPrecedenceMayBeNested() {
    int[] tries = {0};
    store.transact(
        tx -> {
          tries[0]++;
          tx.put(bucket, bytes("outer"), bytes("x"));
          if (tries[0] < 20) {
            bucket.put(bytes("outer"), bytes("other")); // by the same thread: it does not wait
          }
          store.transact(
              inner -> {
                inner.put(bucket, bytes("inner " + tries[0]), bytes("x"));
                return 0;
              });
          return 0;
        });
    assertThat(tries[0]).isEqualTo(20);
    assertThat(bucket.count()).isEqualTo(21);
  }
}
