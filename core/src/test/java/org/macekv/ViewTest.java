package org.macekv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.macekv.Samples.bytes;
import static org.macekv.Samples.text;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.macekv.error.BucketDroppedException;
import org.macekv.error.StoreClosedException;
import org.macekv.option.BucketOptions;
import org.macekv.option.Durability;
import org.macekv.option.MaceOptions;

class ViewTest {
  private final Mace store = Mace.inMemory();
  private final Bucket bucket = store.bucket("bucket");

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void viewDoesNotChangeWhileItIsOpen() {
    bucket.put(bytes("changed"), bytes("1"));
    bucket.put(bytes("deleted"), bytes("1"));
    try (View view = store.view()) {
      for (int i = 0; i < 1000; i++) {
        bucket.put(bytes("changed"), Samples.number(i));
        bucket.put(bytes("new " + i), bytes("1"));
      }
      bucket.delete(bytes("deleted"));
      assertThat(Samples.entries(view.scan(bucket, KeyRange.all())))
          .containsExactly("changed=1", "deleted=1");
      assertThat(Samples.entries(view.scanReverse(bucket, KeyRange.all())))
          .containsExactly("deleted=1", "changed=1");
      assertThat(text(view.get(bucket, bytes("deleted")))).isEqualTo("1");
      assertThat(view.contains(bucket, bytes("new 0"))).isFalse();
      assertThat(view.count(bucket)).isEqualTo(2);
    }
  }

  @Test
  void cursorOfAViewDoesNotSeeCommitsThatHappenWhileItWalks() {
    for (int i = 0; i < 500; i++) {
      bucket.put(Samples.number(2L * i), bytes("old"));
    }
    try (View view = store.view()) {
      Cursor up = view.scan(bucket, KeyRange.all());
      Cursor down = view.scanReverse(bucket, KeyRange.all());
      for (int i = 0; i < 500; i++) {
        assertThat(up.next()).isTrue();
        assertThat(Samples.toNumber(up.key())).isEqualTo(2L * i);
        assertThat(text(up.value())).isEqualTo("old");
        assertThat(down.next()).isTrue();
        assertThat(Samples.toNumber(down.key())).isEqualTo(2L * (499 - i));
        bucket.put(Samples.number(2L * i + 1), bytes("new"));
        bucket.put(Samples.number(2L * i + 4), bytes("new"));
        bucket.delete(Samples.number(2L * i + 2));
        bucket.delete(Samples.number(996 - 2L * i));
      }
      assertThat(up.next()).isFalse();
      assertThat(down.next()).isFalse();
    }
  }

  @Test
  void viewSeesEveryAcknowledgedCommitAndNoneThatIsOpen() {
    try (Transaction transaction = store.begin()) {
      transaction.put(bucket, bytes("key"), bytes("value"));
      try (View before = store.view()) {
        assertThat(before.get(bucket, bytes("key"))).isNull();
        transaction.commit();
        assertThat(before.get(bucket, bytes("key"))).isNull();
      }
    }
    try (View after = store.view()) {
      assertThat(text(after.get(bucket, bytes("key")))).isEqualTo("value");
    }
  }

  @Test
  void positionRisesWithCommitsAndStaysInAView() {
    try (View first = store.view()) {
      long position = first.position();
      assertThat(position).isEqualTo(store.statistics().publishedPosition());
      bucket.put(bytes("key"), bytes("value"));
      assertThat(first.position()).isEqualTo(position);
      try (View second = store.view()) {
        assertThat(second.position()).isGreaterThan(position);
      }
    }
  }

  @Test
  void viewsOfOneStateHaveOnePosition() {
    try (View first = store.view();
        View second = store.view()) {
      assertThat(first.position()).isEqualTo(second.position());
    }
  }

  @Test
  void closedViewRefusesReadsAndMayBeClosedAgain() {
    bucket.put(bytes("key"), bytes("value"));
    View view = store.view();
    Cursor cursor = view.scan(bucket, KeyRange.all());
    view.close();
    view.close();
    for (Runnable read : reads(view)) {
      assertThatThrownBy(read::run).isInstanceOf(IllegalStateException.class);
    }
    assertThatThrownBy(cursor::next).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void viewOfAClosedStoreSaysThatTheStoreIsClosed() {
    View view = store.view();
    store.close();
    for (Runnable read : reads(view)) {
      assertThatThrownBy(read::run).isInstanceOf(StoreClosedException.class);
    }
    view.close();
  }

  @Test
  void foreignBucketIsRefused() {
    try (Mace otherStore = Mace.inMemory();
        View view = store.view()) {
      Bucket foreign = otherStore.bucket("bucket");
      assertThatThrownBy(() -> view.get(foreign, bytes("key")))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> view.scan(foreign, KeyRange.all()))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> view.count(foreign)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void viewThatIsOlderThanADropGoesOnReading() {
    bucket.put(bytes("key"), bytes("value"));
    try (View view = store.view()) {
      store.dropBucket("bucket");
      store.bucket("bucket").put(bytes("other"), bytes("value"));
      assertThat(Samples.entries(view.scan(bucket, KeyRange.all()))).containsExactly("key=value");
      assertThat(text(view.get(bucket, bytes("key")))).isEqualTo("value");
      assertThat(view.count(bucket)).isEqualTo(1);
      Bucket found = view.findBucket("bucket");
      assertThat(found.id()).isEqualTo(bucket.id());
      assertThat(view.contains(found, bytes("key"))).isTrue();
    }
  }

  @Test
  void viewThatIsYoungerThanADropRefusesTheBucket() {
    store.dropBucket("bucket");
    try (View view = store.view()) {
      assertThat(view.findBucket("bucket")).isNull();
      assertThatThrownBy(() -> view.get(bucket, bytes("key")))
          .isInstanceOf(BucketDroppedException.class);
    }
  }

  @Test
  void bucketIsEmptyInAViewThatIsOlder() {
    try (View view = store.view()) {
      Bucket later = store.bucket("later");
      later.put(bytes("key"), bytes("value"));
      assertThat(view.findBucket("later")).isNull();
      assertThat(view.get(later, bytes("key"))).isNull();
      assertThat(view.scan(later, KeyRange.all()).next()).isFalse();
      assertThat(view.count(later)).isZero();
    }
  }

  @Test
  void statisticsCountOpenViewsAndNameTheOldestSnapshot() {
    assertThat(store.statistics().openViews()).isZero();
    try (View view = store.view()) {
      bucket.put(bytes("key"), bytes("value"));
      StoreStatistics statistics = store.statistics();
      assertThat(statistics.openViews()).isEqualTo(1);
      assertThat(statistics.oldestSnapshotPosition()).isEqualTo(view.position());
      assertThat(statistics.publishedPosition()).isGreaterThan(view.position());
    }
    StoreStatistics statistics = store.statistics();
    assertThat(statistics.openViews()).isZero();
    assertThat(statistics.oldestSnapshotPosition()).isEqualTo(statistics.publishedPosition());
  }

  /**
   * What only the view could see may go in the moment it is closed: a read beside it must throw.
   */
  @Test
  void readBesideTheClosingOfItsViewIsRightOrThrows() throws Exception {
    AtomicReference<View> current = new AtomicReference<>();
    try (Mace fast = Mace.inMemory(MaceOptions.defaults().withDurability(Durability.BUFFERED))) {
      Bucket hot = fast.bucket("hot");
      hot.put(bytes("key"), bytes("value"));
      try (Crew crew = new Crew()) {
        crew.work(
            () -> {
              for (int i = 0; i < 20_000; i++) {
                try (View view = fast.view()) {
                  current.set(view);
                  hot.put(bytes("key"), bytes("value"));
                }
                hot.put(bytes("key"), bytes("value"));
              }
            });
        crew.observe(
            () -> {
              View view = current.get();
              if (view != null) {
                try {
                  assertThat(view.get(hot, bytes("key"))).isEqualTo(bytes("value"));
                } catch (IllegalStateException e) {
                  assertThat(e).hasMessage("the view is closed");
                }
              }
            });
        crew.finish();
      }
    }
  }

  @Test
  @Timeout(60)
  void largeValuesOfAClosedViewAreRefusedWhenTheyAreGone() {
    MaceOptions small =
        MaceOptions.defaults()
            .withDurability(Durability.BUFFERED)
            .withLogSegmentBytes(4 << 10)
            .withMaxGarbagePercent(90);
    try (Mace other = Mace.inMemory(small)) {
      Bucket large = other.bucket("large", BucketOptions.defaults().withInlineLimitBytes(256));
      large.put(bytes("key"), Samples.value(1500, 1));
      View view = other.view();
      Transaction transaction = other.begin();
      Cursor ofView = view.scan(large, KeyRange.all());
      Cursor ofTransaction = transaction.scan(large, KeyRange.all());
      assertThat(ofView.next()).isTrue();
      assertThat(ofTransaction.next()).isTrue();
      assertThat(ofView.value()).isEqualTo(Samples.value(1500, 1));
      view.close();
      transaction.rollback();
      for (int i = 0; i < 6; i++) {
        other.bucket("other").put(Samples.number(i), Samples.value(2000, i));
      }
      large.put(bytes("key"), Samples.value(1500, 2));
      other.checkpoint(); // what they are on is gone
      assertThatThrownBy(ofView::value)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("the view is closed");
      assertThatThrownBy(ofTransaction::value)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("rolled back");
    }
  }

  private List<Runnable> reads(View view) {
    return List.of(
        () -> view.get(bucket, bytes("key")),
        () -> view.contains(bucket, bytes("key")),
        () -> view.scan(bucket, KeyRange.all()).next(),
        () -> view.scanReverse(bucket, KeyRange.all()).next(),
        () -> view.count(bucket),
        () -> view.findBucket("bucket"));
  }
}
