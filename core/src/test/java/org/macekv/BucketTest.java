package org.macekv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.macekv.Samples.bytes;
import static org.macekv.Samples.text;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.macekv.error.BucketDroppedException;
import org.macekv.error.StoreClosedException;
import org.macekv.option.BucketOptions;
import org.macekv.option.Durability;
import org.macekv.option.MaceOptions;

class BucketTest {
  private final Mace store =
      Mace.inMemory(MaceOptions.defaults().withDurability(Durability.BUFFERED));
  private final Bucket bucket = store.bucket("bucket");

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void putIsSeenByGetAndContains() {
    assertThat(bucket.get(bytes("key"))).isNull();
    assertThat(bucket.contains(bytes("key"))).isFalse();
    bucket.put(bytes("key"), bytes("value"));
    assertThat(text(bucket.get(bytes("key")))).isEqualTo("value");
    assertThat(bucket.contains(bytes("key"))).isTrue();
  }

  @Test
  void deleteRemovesAndMayBeRepeated() {
    bucket.put(bytes("key"), bytes("value"));
    bucket.delete(bytes("key"));
    bucket.delete(bytes("key"));
    assertThat(bucket.get(bytes("key"))).isNull();
    assertThat(bucket.count()).isZero();
  }

  @Test
  void getAndPutReturnsTheValueBefore() {
    assertThat(bucket.getAndPut(bytes("key"), bytes("1"))).isNull();
    assertThat(text(bucket.getAndPut(bytes("key"), bytes("2")))).isEqualTo("1");
    assertThat(text(bucket.get(bytes("key")))).isEqualTo("2");
  }

  @Test
  void getAndDeleteReturnsTheValueBefore() {
    assertThat(bucket.getAndDelete(bytes("key"))).isNull();
    bucket.put(bytes("key"), bytes("1"));
    assertThat(text(bucket.getAndDelete(bytes("key")))).isEqualTo("1");
    assertThat(bucket.contains(bytes("key"))).isFalse();
  }

  @Test
  void emptyKeyIsTheSmallestKey() {
    bucket.put(new byte[] {0}, bytes("zero"));
    bucket.put(new byte[0], bytes("empty"));
    Cursor cursor = bucket.scan(KeyRange.all());
    assertThat(cursor.next()).isTrue();
    assertThat(cursor.key()).isEmpty();
    assertThat(text(bucket.get(new byte[0]))).isEqualTo("empty");
  }

  @Test
  void emptyValueIsAValue() {
    bucket.put(bytes("key"), new byte[0]);
    assertThat(bucket.get(bytes("key"))).isNotNull().isEmpty();
    assertThat(bucket.contains(bytes("key"))).isTrue();
    assertThat(bucket.count()).isEqualTo(1);
    assertThat(bucket.getAndDelete(bytes("key"))).isNotNull().isEmpty();
  }

  @Test
  void keysAreOrderedAsUnsignedBytes() {
    byte[][] keys = {{}, {0}, {0, 0}, {1}, {0x7f}, {(byte) 0x80}, {(byte) 0xff}, {(byte) 0xff, 0}};
    for (int i = keys.length - 1; i >= 0; i--) {
      bucket.put(keys[i], Samples.number(i));
    }
    Cursor up = bucket.scan(KeyRange.all());
    for (byte[] key : keys) {
      assertThat(up.next()).isTrue();
      assertThat(up.key()).isEqualTo(key);
    }
    assertThat(up.next()).isFalse();
    Cursor down = bucket.scanReverse(KeyRange.all());
    for (int i = keys.length - 1; i >= 0; i--) {
      assertThat(down.next()).isTrue();
      assertThat(down.key()).isEqualTo(keys[i]);
    }
    assertThat(down.next()).isFalse();
  }

  @Test
  void arraysThatGoInMayBeOverwrittenAfterwards() {
    byte[] key = bytes("key");
    byte[] value = bytes("value");
    bucket.put(key, value);
    key[0] = 'x';
    value[0] = 'x';
    assertThat(Samples.entries(bucket.scan(KeyRange.all()))).containsExactly("key=value");
  }

  @Test
  void arraysThatComeOutBelongToTheCaller() {
    for (int length : new int[] {5, 300, 5000, 100_000}) {
      byte[] value = Samples.value(length, length);
      bucket.put(bytes("key"), value);
      bucket.get(bytes("key"))[0]++;
      Cursor cursor = bucket.scan(KeyRange.all());
      assertThat(cursor.next()).isTrue();
      cursor.key()[0]++;
      cursor.value()[0]++;
      assertThat(cursor.key()).isEqualTo(bytes("key"));
      assertThat(Samples.describe(cursor.value())).isEqualTo(Samples.describe(value));
      assertThat(Samples.describe(bucket.get(bytes("key")))).isEqualTo(Samples.describe(value));
    }
  }

  @Test
  void nullsAreRefused() {
    assertThatThrownBy(() -> bucket.get(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> bucket.delete(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> bucket.put(null, bytes("value")))
        .isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> bucket.put(bytes("key"), null))
        .isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> bucket.scan(null)).isInstanceOf(NullPointerException.class);
    assertThat(bucket.count()).isZero();
  }

  @Test
  void scansKeepToTheirRange() {
    for (String key : new String[] {"a", "b", "ba", "bb", "c"}) {
      bucket.put(bytes(key), bytes(key));
    }
    KeyRange range = KeyRange.prefix(bytes("b"));
    assertThat(Samples.keys(bucket.scan(range))).containsExactly("b", "ba", "bb");
    assertThat(Samples.keys(bucket.scanReverse(range))).containsExactly("bb", "ba", "b");
    KeyRange empty = KeyRange.of(bytes("c"), bytes("b"));
    assertThat(Samples.keys(bucket.scan(empty))).isEmpty();
    assertThat(Samples.keys(bucket.scanReverse(empty))).isEmpty();
    KeyRange half = KeyRange.of(bytes("ba"), bytes("c"));
    assertThat(Samples.keys(bucket.scan(half))).containsExactly("ba", "bb");
    assertThat(Samples.keys(bucket.scanReverse(half))).containsExactly("bb", "ba");
  }

  @Test
  void cursorIsOnNoEntryBeforeItIsMovedAndAtItsEnd() {
    bucket.put(bytes("key"), bytes("value"));
    Cursor cursor = bucket.scan(KeyRange.all());
    requireOnNoEntry(cursor);
    assertThat(cursor.next()).isTrue();
    assertThat(cursor.next()).isFalse();
    requireOnNoEntry(cursor);
    bucket.put(bytes("later"), bytes("value"));
    assertThat(cursor.next()).as("it stays at its end").isFalse();
    requireOnNoEntry(cursor);
  }

  @Test
  void cursorOfABucketShowsEachEntryAsItWasAtSomeMoment() {
    for (int i = 0; i < 2000; i++) {
      bucket.put(Samples.number(i), bytes("old"));
    }
    Cursor cursor = bucket.scan(KeyRange.all());
    for (int i = 0; i < 2000; i++) {
      assertThat(cursor.next()).isTrue();
      assertThat(Samples.toNumber(cursor.key())).isEqualTo(i);
      assertThat(text(cursor.value())).isIn("old", "new");
      bucket.put(Samples.number(i), bytes("new"));
      bucket.put(Samples.number(1999 - i), bytes("new"));
    }
    assertThat(cursor.next()).isFalse();
  }

  @Test
  void countFollowsEveryKindOfChange() {
    for (boolean counted : new boolean[] {true, false}) {
      Bucket each =
          store.bucket("counted " + counted, BucketOptions.defaults().withCounted(counted));
      each.put(bytes("a"), bytes("1"));
      each.put(bytes("a"), bytes("2"));
      each.getAndPut(bytes("b"), bytes("1"));
      each.delete(bytes("none"));
      assertThat(each.count()).isEqualTo(2);
      each.getAndDelete(bytes("b"));
      each.getAndDelete(bytes("none"));
      assertThat(each.count()).isEqualTo(1);
      store.transact(
          tx -> {
            tx.put(each, bytes("a"), bytes("3"));
            tx.put(each, bytes("c"), bytes("1"));
            tx.put(each, bytes("d"), bytes("1"));
            tx.delete(each, bytes("d"));
            tx.delete(each, bytes("none"));
            return 0;
          });
      assertThat(each.count()).isEqualTo(2);
    }
  }

  @Test
  void bucketsDoNotSeeEachOther() {
    Bucket other = store.bucket("other");
    bucket.put(bytes("key"), bytes("1"));
    other.put(bytes("key"), bytes("2"));
    assertThat(text(bucket.get(bytes("key")))).isEqualTo("1");
    assertThat(text(other.get(bytes("key")))).isEqualTo("2");
    assertThat(other.id()).isNotEqualTo(bucket.id());
  }

  @Test
  void droppedBucketRefusesEverything() {
    bucket.put(bytes("key"), bytes("value"));
    assertThat(store.dropBucket("bucket")).isTrue();
    requireDropped(() -> bucket.get(bytes("key")));
    requireDropped(() -> bucket.contains(bytes("key")));
    requireDropped(() -> bucket.put(bytes("key"), bytes("value")));
    requireDropped(() -> bucket.getAndPut(bytes("key"), bytes("value")));
    requireDropped(() -> bucket.delete(bytes("key")));
    requireDropped(() -> bucket.getAndDelete(bytes("key")));
    requireDropped(() -> bucket.scan(KeyRange.all()).next());
    requireDropped(() -> bucket.scanReverse(KeyRange.all()).next());
    requireDropped(bucket::count);
  }

  @Test
  void bucketOfTheSameNameAfterADropIsAnotherOne() {
    bucket.put(bytes("key"), bytes("value"));
    store.dropBucket("bucket");
    Bucket again = store.bucket("bucket", BucketOptions.defaults().withLeafBytes(300));
    assertThat(again.id()).isNotEqualTo(bucket.id());
    assertThat(again.count()).isZero();
    assertThat(again.options().leafBytes()).isEqualTo(300);
    requireDropped(() -> bucket.put(bytes("key"), bytes("value")));
    assertThat(again.get(bytes("key"))).isNull();
  }

  @Test
  void closedStoreRefusesEverything() {
    bucket.put(bytes("key"), bytes("value"));
    Cursor cursor = bucket.scan(KeyRange.all());
    store.close();
    requireClosed(() -> bucket.get(bytes("key")));
    requireClosed(() -> bucket.contains(bytes("key")));
    requireClosed(() -> bucket.put(bytes("key"), bytes("value")));
    requireClosed(() -> bucket.getAndPut(bytes("key"), bytes("value")));
    requireClosed(() -> bucket.delete(bytes("key")));
    requireClosed(() -> bucket.getAndDelete(bytes("key")));
    requireClosed(() -> bucket.scan(KeyRange.all()).next());
    requireClosed(() -> bucket.scanReverse(KeyRange.all()).next());
    requireClosed(bucket::count);
    requireClosed(cursor::next);
  }

  private static void requireOnNoEntry(Cursor cursor) {
    assertThatThrownBy(cursor::key).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(cursor::value).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(cursor::valueLength).isInstanceOf(IllegalStateException.class);
  }

  private static void requireDropped(Runnable action) {
    assertThatThrownBy(action::run)
        .isInstanceOf(BucketDroppedException.class)
        .hasMessageContaining("bucket");
  }

  private static void requireClosed(Runnable action) {
    assertThatThrownBy(action::run).isInstanceOf(StoreClosedException.class);
  }
}
