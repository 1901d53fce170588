package org.macekv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.macekv.Samples.bytes;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.macekv.error.StoreClosedException;
import org.macekv.option.MaceOptions;

/** Who has views and transactions open, and that a close with some does not pass in silence. */
class OpenSnapshotTest {
  private final Logger logger = Logger.getLogger("org.macekv.internal.engine.Engine");
  private final List<LogRecord> logged = new ArrayList<>();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord record) {
          logged.add(record);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() {
    logger.addHandler(handler);
    logger.setUseParentHandlers(false);
  }

  @AfterEach
  void stopListening() {
    logger.removeHandler(handler);
    logger.setUseParentHandlers(true);
  }

  @Test
  void whatIsKeptForThemIsInTheStatistics() {
    try (Mace store = Mace.inMemory()) {
      Bucket bucket = store.bucket("b");
      for (int i = 0; i < 1000; i++) {
        bucket.put(Samples.number(i), Samples.value(200, i));
      }
      store.checkpoint();
      assertThat(store.statistics().space().historyBytes()).isZero();
      assertThat(store.statistics().space().pinnedLogBytes()).isZero();
      View view = store.view();
      Transaction transaction = store.begin();
      transaction.put(bucket, bytes("large"), Samples.value(20_000, 1));
      for (int i = 0; i < 1000; i++) {
        bucket.put(Samples.number(i), Samples.value(200, i + 1));
      }
      store.checkpoint();
      assertThat(store.statistics().space().historyBytes()).isBetween(200_000L, 300_000L);
      assertThat(store.statistics().space().pinnedLogBytes()).isGreaterThan(200_000);
      view.close();
      transaction.rollback();
      store.clean();
      store.checkpoint();
      assertThat(store.statistics().space().historyBytes()).isZero();
      bucket.put(bytes("key"), bytes("value"));
      store.checkpoint();
      assertThat(store.statistics().space().pinnedLogBytes()).isZero();
    }
  }

  @Test
  void openViewsAndTransactionsAreListedOldestFirst() {
    try (Mace store = Mace.inMemory()) {
      Bucket bucket = store.bucket("b");
      assertThat(store.openSnapshots()).isEmpty();
      Transaction transaction = store.begin();
      bucket.put(bytes("key"), bytes("value"));
      View view = store.view();
      List<OpenSnapshot> open = store.openSnapshots();
      assertThat(open)
          .extracting(OpenSnapshot::kind)
          .containsExactly(OpenSnapshot.Kind.TRANSACTION, OpenSnapshot.Kind.VIEW);
      assertThat(open.get(0).position())
          .isEqualTo(store.statistics().oldestSnapshotPosition())
          .isLessThan(open.get(1).position());
      assertThat(open.get(1).position()).isEqualTo(view.position());
      assertThat(open.get(0).ageMillis()).isBetween(0L, 600_000L);
      assertThat(open.get(0).thread()).isEqualTo(Thread.currentThread().getName());
      assertThat(open.get(0).creation()).isNull();
      transaction.rollback();
      view.close();
      view.close();
      assertThat(store.openSnapshots()).isEmpty();
    }
    assertThat(logged).isEmpty();
  }

  @Test
  void stackIsRecordedOnRequest() {
    try (Mace store = Mace.inMemory(MaceOptions.defaults().withTraceSnapshots(true));
        View view = store.view()) {
      assertThat(view.position()).isZero();
      assertThat(store.openSnapshots().get(0).creation())
          .hasStackTraceContaining("stackIsRecordedOnRequest");
    }
  }

  @Test
  void closeWithOpenTransactionsRollsThemBackAndSaysSo() {
    Mace store = Mace.inMemory(MaceOptions.defaults().withTraceSnapshots(true));
    Bucket bucket = store.bucket("b");
    Transaction transaction = store.begin();
    transaction.put(bucket, bytes("key"), bytes("value"));
    View view = store.view();
    store.close();
    assertThat(logged).hasSize(1);
    assertThat(logged.get(0).getMessage())
        .contains("is closed with 1 open transactions, which are rolled back, and 1 open views")
        .contains("by thread '" + Thread.currentThread().getName() + "'");
    assertThat(logged.get(0).getThrown())
        .hasStackTraceContaining("closeWithOpenTransactionsRollsThemBackAndSaysSo");
    assertThatThrownBy(transaction::commit).isInstanceOf(StoreClosedException.class);
    view.close();
    assertThatThrownBy(store::openSnapshots).isInstanceOf(StoreClosedException.class);
    store.close();
    assertThat(logged).hasSize(1);
  }
}
