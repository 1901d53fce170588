package org.macekv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.macekv.Samples.bytes;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.macekv.error.LimitExceededException;
import org.macekv.option.BucketOptions;
import org.macekv.option.MaceOptions;

class LimitsTest {
  private static final int LIMIT = 64 << 10;

  private final Mace store = Mace.inMemory();
  private final Bucket bucket = store.bucket("bucket");

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void limitsAreAsPromised() {
    assertThat(Bucket.MAX_KEY_BYTES).isEqualTo(LIMIT);
    assertThat(Bucket.MAX_VALUE_BYTES).isEqualTo(1 << 30);
  }

  @Test
  void longestKeyIsAKeyInEveryOperation() {
    byte[] key = Samples.value(LIMIT, 1);
    bucket.put(key, bytes("one"));
    assertThat(bucket.get(key)).isEqualTo(bytes("one"));
    assertThat(bucket.contains(key)).isTrue();
    assertThat(bucket.getAndPut(key, bytes("two"))).isEqualTo(bytes("one"));
    try (Transaction transaction = store.begin()) {
      assertThat(transaction.get(bucket, key)).isEqualTo(bytes("two"));
      transaction.put(bucket, key, bytes("three"));
      transaction.commit();
    }
    Cursor cursor = bucket.scan(KeyRange.all());
    assertThat(cursor.next()).isTrue();
    assertThat(cursor.key()).isEqualTo(key);
    assertThat(bucket.getAndDelete(key)).isEqualTo(bytes("three"));
    assertThat(bucket.count()).isZero();
  }

  @Test
  void writesOfALongerKeyAreRefusedWithLimitAndSize() {
    byte[] key = new byte[LIMIT + 1];
    requireKeyRefused(() -> bucket.put(key, bytes("value")));
    requireKeyRefused(() -> bucket.getAndPut(key, bytes("value")));
    assertThat(bucket.count()).isZero();
  }

  @Test
  void transactionGoesOnAfterALongerKeyWasRefused() {
    byte[] key = new byte[LIMIT + 1];
    try (Transaction transaction = store.begin()) {
      transaction.put(bucket, bytes("before"), bytes("1"));
      requireKeyRefused(() -> transaction.put(bucket, key, bytes("value")));
      transaction.put(bucket, bytes("after"), bytes("2"));
      transaction.commit();
    }
    assertThat(Samples.entries(bucket.scan(KeyRange.all()))).containsExactly("after=2", "before=1");
  }

  @Test
  void longerKeyIsNeverFound() {
    // A look-up or deletion may say that there is no such key, or that there can't be.
    byte[] key = new byte[LIMIT + 1];
    bucket.put(new byte[LIMIT], bytes("value"));
    assertThatCode(() -> assertThat(bucket.get(key)).isNull())
        .satisfies(LimitsTest::requireNothingOrLimit);
    assertThatCode(() -> bucket.delete(key)).satisfies(LimitsTest::requireNothingOrLimit);
    assertThat(bucket.count()).isEqualTo(1);
  }

  @Test
  void rangesMayHaveBoundsBeyondTheLongestKey() {
    byte[] key = Samples.value(LIMIT, 1);
    bucket.put(key, bytes("value"));
    assertThat(Samples.entries(bucket.scan(KeyRange.greaterThan(key)))).isEmpty();
    assertThat(bucket.scan(KeyRange.atMost(key)).next()).isTrue();
    assertThat(bucket.scanReverse(KeyRange.atMost(key)).next()).isTrue();
    assertThat(bucket.scanReverse(KeyRange.greaterThan(key)).next()).isFalse();
  }

  @Test
  void valuesAroundEveryLimitComeBackAsTheyWere() {
    Bucket small = store.bucket("small", BucketOptions.defaults().withInlineLimitBytes(256));
    for (Bucket each : new Bucket[] {bucket, small}) {
      for (int limit : new int[] {0, 256, 4 << 10, 64 << 10, 1 << 20}) {
        for (int length = Math.max(0, limit - 1); length <= limit + 1; length++) {
          byte[] key = Samples.number(length);
          byte[] value = Samples.value(length, length);
          each.put(key, value);
          assertThat(Samples.describe(each.get(key))).isEqualTo(Samples.describe(value));
          Cursor cursor = each.scan(KeyRange.prefix(key));
          assertThat(cursor.next()).isTrue();
          assertThat(cursor.valueLength()).isEqualTo(length);
          assertThat(Samples.describe(cursor.value())).isEqualTo(Samples.describe(value));
        }
      }
    }
  }

  @Test
  void bucketNameIsOneTo1024BytesInUtf8() {
    String longest = "\u00e4".repeat(512);
    assertThat(store.bucket(longest).name()).isEqualTo(longest);
    assertThat(store.findBucket(longest)).isNotNull();
    assertThatThrownBy(() -> store.bucket("")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store.bucket(longest + "x"))
        .isInstanceOfAny(LimitExceededException.class, IllegalArgumentException.class)
        .hasMessageContaining("1024")
        .hasMessageContaining("1025");
    assertThat(store.bucketNames()).containsExactlyInAnyOrder("bucket", longest);
  }

  @Test
  void optionsOutOfRangeAreRefusedWithNameAndValue() {
    MaceOptions options = MaceOptions.defaults();
    requireRefused("logSegmentBytes", 4095, () -> options.withLogSegmentBytes(4095));
    requireRefused(
        "logSegmentBytes", (1 << 30) + 1, () -> options.withLogSegmentBytes((1 << 30) + 1));
    requireRefused("flushIntervalMillis", 0, () -> options.withFlushIntervalMillis(0));
    requireRefused("flushIntervalMillis", 60_001, () -> options.withFlushIntervalMillis(60_001));
    requireRefused("maxAttempts", 0, () -> options.withMaxAttempts(0));
    BucketOptions bucketOptions = BucketOptions.defaults();
    requireRefused("inlineLimitBytes", 255, () -> bucketOptions.withInlineLimitBytes(255));
    requireRefused("inlineLimitBytes", 65_537, () -> bucketOptions.withInlineLimitBytes(65_537));
    requireRefused("leafBytes", 255, () -> bucketOptions.withLeafBytes(255));
    requireRefused("leafBytes", 65_537, () -> bucketOptions.withLeafBytes(65_537));
  }

  private static void requireRefused(String option, int value, Runnable action) {
    assertThatThrownBy(action::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(option)
        .hasMessageContaining(String.valueOf(value));
  }

  private static void requireKeyRefused(Runnable write) {
    assertThatThrownBy(write::run)
        .isInstanceOfSatisfying(
            LimitExceededException.class,
            e -> {
              assertThat(e.limit()).isEqualTo(LIMIT);
              assertThat(e.actual()).isEqualTo(LIMIT + 1);
            })
        .hasMessageContaining("key")
        .hasMessageContaining(String.valueOf(LIMIT))
        .hasMessageContaining(String.valueOf(LIMIT + 1));
  }

  private static void requireNothingOrLimit(Throwable thrown) {
    if (thrown != null) {
      assertThat(thrown).isInstanceOf(LimitExceededException.class);
    }
  }
}
