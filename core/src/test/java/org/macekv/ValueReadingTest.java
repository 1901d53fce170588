package org.macekv;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.macekv.Samples.number;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.macekv.option.BucketOptions;
import org.macekv.option.Durability;
import org.macekv.option.MaceOptions;

/** A stamp stands for one value of a key, whatever happens to the tree. */
@Timeout(120)
class ValueReadingTest {
  private static final int KEYS = 400;
  private static final MaceOptions OPTIONS =
      MaceOptions.defaults()
          .withDurability(Durability.BUFFERED)
          .withCacheBytes(64 << 10)
          .withLogSegmentBytes(64 << 10)
          .withPageFileBytes(16 << 10);
  private static final BucketOptions LEAVES =
      BucketOptions.defaults().withLeafBytes(512).withInlineLimitBytes(256);

  private record Place(int key, long stamp) {}

  /** Keeps everything for ever, by key and stamp. */
  private static final class Everything implements ValueReading<String> {
    private final Map<Place, String> kept;
    private final int key;
    private boolean wasMade;
    private long seen;

    Everything(Map<Place, String> kept, int key) {
      this.kept = kept;
      this.key = key;
    }

    @Override
    public @Nullable String made(long stamp, int length) {
      assertThat(stamp).isNotEqualTo(NONE);
      String made = kept.get(new Place(key, stamp));
      if (made != null) {
        assertThat(made).hasSize(length);
      }
      wasMade = made != null;
      return made;
    }

    @Override
    public String make(byte[] value, long stamp) {
      seen = stamp;
      String made = new String(value, ISO_8859_1);
      if (stamp != NONE) {
        kept.put(new Place(key, stamp), made);
      }
      return made;
    }
  }

  private static @Nullable String text(byte @Nullable [] value) {
    return value == null ? null : new String(value, ISO_8859_1);
  }

  private static byte[] value(Random random, int n) {
    byte[] number = Long.toString(n).getBytes(ISO_8859_1);
    int[] lengths = {number.length, 40, 300, 20_000}; // in the page, beside it, in the log
    int pick = random.nextInt(40);
    return Arrays.copyOf(number, Math.max(number.length, lengths[pick < 3 ? pick + 1 : 0]));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aCacheOfEverythingShowsWhatTheStoreShows(long seed) {
    Random random = new Random(seed);
    Map<Place, String> kept = new HashMap<>();
    List<View> views = new ArrayList<>();
    int hits = 0;
    try (Mace mace = Mace.inMemory(OPTIONS)) {
      Bucket bucket = mace.bucket("b", LEAVES);
      for (int n = 0; n < 20_000; n++) {
        int i = random.nextInt(KEYS);
        byte[] key = number(i);
        switch (random.nextInt(12)) {
          case 0 -> bucket.delete(key);
          case 1, 2, 3 -> bucket.put(key, value(random, n));
          case 4 -> transaction(mace, bucket, random, kept, n);
          case 5 -> {
            if (views.size() < 4) {
              views.add(mace.view());
            } else if (random.nextInt(10) == 0) {
              views.remove(random.nextInt(4)).close();
            }
          }
          case 6 -> {
            if (random.nextInt(100) == 0) {
              mace.checkpoint();
            } else if (random.nextInt(100) == 0) {
              mace.clean();
            }
          }
          case 7, 8 -> {
            for (View view : views) {
              assertThat(view.get(bucket, key, new Everything(kept, i)))
                  .isEqualTo(text(view.get(bucket, key)));
            }
          }
          default -> {
            Everything reading = new Everything(kept, i);
            assertThat(bucket.get(key, reading)).isEqualTo(text(bucket.get(key)));
            hits += reading.wasMade ? 1 : 0;
          }
        }
      }
      views.forEach(View::close);
    }
    assertThat(hits).isGreaterThan(500);
  }

  private static void transaction(
      Mace mace, Bucket bucket, Random random, Map<Place, String> kept, int n) {
    try (Transaction transaction = mace.begin()) {
      for (int k = 0; k < 5; k++) {
        int i = random.nextInt(KEYS);
        byte[] key = number(i);
        byte[] written = value(random, n);
        Everything before = new Everything(kept, i);
        assertThat(transaction.get(bucket, key, before))
            .isEqualTo(text(transaction.get(bucket, key)));
        transaction.put(bucket, key, written);
        Everything own = new Everything(kept, i);
        assertThat(transaction.get(bucket, key, own)).isEqualTo(text(written));
        assertThat(own.seen).isEqualTo(ValueReading.NONE);
        assertThat(own.wasMade).isFalse();
        if (random.nextInt(4) == 0) {
          transaction.delete(bucket, key);
          assertThat(transaction.get(bucket, key, own)).isNull();
        }
      }
      if (random.nextBoolean()) {
        transaction.commit();
      }
    }
  }

  @Test
  void aValueThatIsNotTouchedIsMadeOnceAndAgainWhenItsLeafIsReadAnew() {
    try (Mace mace = Mace.inMemory(OPTIONS.withCacheBytes(16 << 20))) {
      Bucket bucket = mace.bucket("b", LEAVES);
      bucket.put(number(1), new byte[] {'x'});
      Map<Place, String> kept = new HashMap<>();
      assertThat(bucket.get(number(1), new Everything(kept, 1))).isEqualTo("x");
      Everything again = new Everything(kept, 1);
      assertThat(bucket.get(number(1), again)).isEqualTo("x");
      assertThat(again.wasMade).isTrue();
      bucket.put(number(1), new byte[] {'y'});
      assertThat(bucket.get(number(1), again)).isEqualTo("y");
      assertThat(again.wasMade).isFalse();
      assertThat(bucket.get(number(2), again)).isNull();
    }
  }

  /** Others write while readers go by stamps: what a reader finds never goes back. */
  @Test
  void readersOfACacheNeverGoBack() throws Exception {
    Map<Place, String> kept = new ConcurrentHashMap<>();
    try (Mace mace = Mace.inMemory(OPTIONS)) {
      Bucket bucket = mace.bucket("b", LEAVES);
      for (int i = 0; i < 20; i++) {
        bucket.put(number(i), "0".getBytes(ISO_8859_1));
      }
      Thread writer =
          new Thread(
              () -> {
                for (int n = 1; n <= 20_000; n++) {
                  byte[] value = Integer.toString(n).getBytes(ISO_8859_1);
                  bucket.put(number(n % 20), value);
                }
              });
      writer.start();
      int[] last = new int[20];
      for (int n = 0; writer.isAlive() || n < 1000; n++) {
        int i = n % 20;
        int now = Integer.parseInt(bucket.get(number(i), new Everything(kept, i)));
        assertThat(now).isGreaterThanOrEqualTo(last[i]);
        last[i] = now;
      }
      writer.join();
      for (int i = 0; i < 20; i++) {
        assertThat(bucket.get(number(i), new Everything(kept, i)))
            .isEqualTo(i == 0 ? "20000" : Integer.toString(19_980 + i));
      }
    }
  }

  @Test
  void aTransactionKnowsWhatWasBeforeItAndWhereItWasCommitted() {
    try (Mace mace = Mace.inMemory(OPTIONS)) {
      Bucket bucket = mace.bucket("b", LEAVES);
      bucket.put(number(1), new byte[] {'x'});
      Transaction first = mace.begin();
      first.put(bucket, number(1), new byte[] {'y'});
      first.delete(bucket, number(2));
      assertThat(text(first.getBefore(bucket, number(1)))).isEqualTo("x");
      assertThat(first.getBefore(bucket, number(2))).isNull();
      assertThat(first.commitPosition()).isZero();
      first.commit();
      Transaction second = mace.begin();
      second.put(bucket, number(1), new byte[] {'z'});
      second.commit();
      assertThat(first.commitPosition()).isPositive().isLessThan(second.commitPosition());
      Transaction third = mace.begin();
      third.put(bucket, number(1), new byte[] {'z'});
      third.rollback();
      assertThat(third.commitPosition()).isZero();
      Transaction readOnly = mace.begin();
      readOnly.get(bucket, number(1));
      readOnly.commit();
      assertThat(readOnly.commitPosition()).isZero();
    }
  }
}
