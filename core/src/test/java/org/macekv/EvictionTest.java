package org.macekv;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.macekv.Samples.number;

import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.macekv.option.BucketOptions;
import org.macekv.option.Durability;
import org.macekv.option.MaceOptions;

/** Leaves and inner nodes come and go, and nobody notices but the heap. */
@Timeout(120)
class EvictionTest {
  private static final long CACHE = 256 << 10;
  private static final MaceOptions OPTIONS =
      MaceOptions.defaults()
          .withDurability(Durability.BUFFERED)
          .withCacheBytes(CACHE)
          .withLogSegmentBytes(1 << 20)
          .withPageFileBytes(256 << 10);
  // Leaves that are hardly larger than what is known of them in the node above.
  private static final BucketOptions SMALL_LEAVES = BucketOptions.defaults().withLeafBytes(256);
  private static final int COUNT = 60_000;
  // What some threads have just read, and did not let go of yet.
  private static final long IN_HANDS = 64 << 10;

  private final StoreDirectory directory = StoreDirectory.createQuick();

  @AfterEach
  void delete() {
    directory.close();
  }

  private static void fill(Bucket bucket) {
    for (int i = 0; i < COUNT; i++) {
      bucket.put(number(i), number(i * 3L));
    }
  }

  private static void readAtRandom(Bucket bucket, int times) {
    Random random = new Random(1);
    for (int n = 0; n < times; n++) {
      int i = random.nextInt(COUNT);
      assertThat(bucket.get(number(i))).isEqualTo(number(i * 3L));
    }
  }

  private static void scan(Bucket bucket) {
    Cursor up = bucket.scan(KeyRange.all());
    for (int i = 0; i < COUNT; i++) {
      assertThat(up.next()).isTrue();
      assertThat(up.key()).isEqualTo(number(i));
    }
    assertThat(up.next()).isFalse();
    Cursor down = bucket.scanReverse(KeyRange.all());
    for (int i = COUNT - 1; i >= 0; i--) {
      assertThat(down.next()).isTrue();
      assertThat(down.key()).isEqualTo(number(i));
    }
    assertThat(down.next()).isFalse();
  }

  @Test
  void nodesStayWithinTheirBudgets() {
    try (Mace store = Mace.open(directory.path(), OPTIONS)) {
      fill(store.bucket("b", SMALL_LEAVES));
    }
    try (Mace store = Mace.open(directory.path(), OPTIONS)) {
      Bucket bucket = store.bucket("b");
      for (int round = 0; round < 20; round++) {
        readAtRandom(bucket, 1000);
        assertThat(store.statistics().residentBytes()).isLessThan(CACHE + IN_HANDS);
      }
      assertThat(store.statistics().innerEvictions()).isGreaterThan(100);
      scan(bucket);
      assertThat(store.statistics().evictions()).isGreaterThan(100);
      assertThat(store.statistics().residentBytes()).isLessThan(CACHE + IN_HANDS);
    }
  }

  /** Dirty leaves are below all of the nodes above leaves, and these can't go before they do. */
  @Test
  void nodesStayWithinTheBudgetWhileAllIsOverwritten() throws Exception {
    long cache = 3 << 19; // hardly enough for the nodes above
    int count = 4 * COUNT;
    try (Mace store = Mace.open(directory.path(), OPTIONS.withCacheBytes(cache));
        Crew crew = new Crew()) {
      Bucket bucket = store.bucket("b", SMALL_LEAVES);
      for (int i = 0; i < count; i++) {
        bucket.put(number(i), number(i * 3L));
      }
      for (int writer = 0; writer < 2; writer++) {
        Random random = new Random(writer);
        crew.work(
            () -> {
              for (int n = 0; n < 20_000; n++) {
                int i = random.nextInt(count);
                bucket.put(number(i), number(i * 3L));
              }
            });
      }
      Random random = new Random(7);
      crew.observe(
          () -> {
            int i = random.nextInt(count);
            assertThat(bucket.get(number(i))).isEqualTo(number(i * 3L));
            assertThat(store.statistics().residentBytes()).isLessThan(cache + IN_HANDS);
          });
      crew.finish();
      assertThat(store.statistics().checkpoints()).isGreaterThan(5);
    }
  }

  @Test
  void aScanDoesNotPushOutWhatIsReadByKey() {
    try (Mace store = Mace.open(directory.path(), OPTIONS.withCacheBytes(4 * CACHE))) {
      Bucket bucket = store.bucket("b", BucketOptions.defaults());
      fill(bucket);
      for (int i = COUNT; i < 8 * COUNT; i++) {
        bucket.put(number(i), number(i));
      }
      store.checkpoint();
      readHot(bucket);
      long before = store.statistics().pagesRead();
      readHot(bucket);
      assertThat(store.statistics().pagesRead()).isEqualTo(before);
      long evictions = store.statistics().evictions();
      Cursor cursor = bucket.scan(KeyRange.all());
      for (int n = 0; cursor.next(); n++) {
        if (n % 1000 == 0) {
          readHot(bucket); // as others do meanwhile
        }
      }
      assertThat(store.statistics().evictions()).isGreaterThan(evictions + 500);
      before = store.statistics().pagesRead();
      readHot(bucket);
      assertThat(store.statistics().pagesRead() - before).isLessThan(5);
    }
  }

  /** A hundredth of the keys, of some twenty leaves. */
  private static void readHot(Bucket bucket) {
    for (int i = 0; i < COUNT; i += COUNT / 20) {
      bucket.get(number(i));
    }
  }

  @Test
  void writersReadersAndViewsMeetTheSameEntriesWhileNodesComeAndGo() throws Exception {
    StoreContents contents;
    try (Mace store = Mace.open(directory.path(), OPTIONS)) {
      Bucket bucket = store.bucket("b", SMALL_LEAVES);
      fill(bucket);
      store.checkpoint();
      try (View view = store.view();
          Crew crew = new Crew()) {
        for (int writer = 0; writer < 2; writer++) {
          int mine = writer;
          crew.work(
              () -> {
                Random random = new Random(mine);
                for (int n = 0; n < 30_000; n++) {
                  int i = random.nextInt(COUNT / 2) * 2 + mine; // nobody else writes it
                  long value = Samples.toNumber(requireNonNull(bucket.get(number(i))));
                  byte[] before = bucket.getAndPut(number(i), number(value + 1));
                  assertThat(before).isEqualTo(number(value));
                }
              });
        }
        Random random = new Random(7);
        crew.observe(
            () -> {
              int i = random.nextInt(COUNT);
              assertThat(view.get(bucket, number(i))).isEqualTo(number(i * 3L));
            });
        crew.observe(
            () -> {
              Cursor cursor = view.scan(bucket, KeyRange.all());
              for (int i = 0; i < COUNT; i++) {
                assertThat(cursor.next()).isTrue();
                assertThat(cursor.value()).isEqualTo(number(i * 3L));
              }
            });
        crew.finish();
      }
      assertThat(store.statistics().innerEvictions()).isPositive();
      assertThat(bucket.count()).isEqualTo(COUNT);
      long sum = 0;
      Cursor cursor = bucket.scan(KeyRange.all());
      while (cursor.next()) {
        sum += Samples.toNumber(cursor.value()) - 3 * Samples.toNumber(cursor.key());
      }
      assertThat(sum).isEqualTo(60_000); // each write added one
      contents = StoreContents.of(store);
    }
    try (Mace again = Mace.open(directory.path(), OPTIONS)) {
      assertThat(StoreContents.of(again)).isEqualTo(contents);
    }
  }
}
