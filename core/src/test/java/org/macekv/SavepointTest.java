package org.macekv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.macekv.Samples.bytes;
import static org.macekv.Samples.number;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SavepointTest {
  private final Mace store = Mace.inMemory();
  private final Bucket bucket = store.bucket("b");

  @AfterEach
  void close() {
    store.close();
  }

  private static void put(Transaction transaction, Bucket bucket, String key, String value) {
    transaction.put(bucket, bytes(key), bytes(value));
  }

  private List<String> entries(SnapshotReader reader) {
    return Samples.entries(reader.scan(bucket, KeyRange.all()));
  }

  @Test
  void whatWasWrittenSinceIsTakenBack() {
    bucket.put(bytes("old"), bytes("0"));
    bucket.put(bytes("gone"), bytes("0"));
    try (Transaction tx = store.begin()) {
      put(tx, bucket, "a", "1");
      put(tx, bucket, "old", "1");
      Savepoint savepoint = tx.setSavepoint();
      put(tx, bucket, "a", "2");
      put(tx, bucket, "a", "3");
      put(tx, bucket, "b", "2");
      tx.delete(bucket, bytes("gone"));
      tx.delete(bucket, bytes("old"));
      assertThat(entries(tx)).containsExactly("a=3", "b=2");
      tx.rollback(savepoint);
      assertThat(entries(tx)).containsExactly("a=1", "gone=0", "old=1");
      assertThat(tx.count(bucket)).isEqualTo(3);
      put(tx, bucket, "c", "4");
      tx.rollback(savepoint); // as often as is wanted
      put(tx, bucket, "d", "5");
      tx.commit();
    }
    try (View view = store.view()) {
      assertThat(entries(view)).containsExactly("a=1", "d=5", "gone=0", "old=1");
      assertThat(view.count(bucket)).isEqualTo(4);
    }
  }

  @Test
  void whatIsTakenBackIsNoConflict() {
    try (Transaction tx = store.begin()) {
      Savepoint savepoint = tx.setSavepoint();
      put(tx, bucket, "a", "1");
      tx.rollback(savepoint);
      put(tx, bucket, "b", "1");
      bucket.put(bytes("a"), bytes("other"));
      tx.commit();
    }
    assertThat(bucket.count()).isEqualTo(2);
  }

  @Test
  void largeValueThatIsTakenBackIsNotThere() {
    byte[] large = Samples.value(100_000, 1);
    try (Transaction tx = store.begin()) {
      tx.put(bucket, bytes("a"), large);
      Savepoint savepoint = tx.setSavepoint();
      tx.put(bucket, bytes("a"), bytes("small"));
      tx.put(bucket, bytes("b"), large);
      tx.rollback(savepoint);
      assertThat(tx.get(bucket, bytes("a"))).isEqualTo(large);
      tx.commit();
    }
    assertThat(bucket.get(bytes("a"))).isEqualTo(large);
    assertThat(bucket.get(bytes("b"))).isNull();
  }

  @Test
  void savepointsThatAreNotValidAreRefused() {
    try (Transaction tx = store.begin();
        Transaction another = store.begin()) {
      Savepoint first = tx.setSavepoint();
      Savepoint second = tx.setSavepoint();
      assertThatThrownBy(() -> another.rollback(first))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("another transaction");
      tx.rollback(first);
      assertThatThrownBy(() -> tx.rollback(second))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("earlier one");
      tx.release(first);
      assertThatThrownBy(() -> tx.release(first)).isInstanceOf(IllegalStateException.class);
      Savepoint last = tx.setSavepoint();
      tx.commit();
      assertThatThrownBy(() -> tx.rollback(last))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("committed");
    }
  }

  @Test
  void nestedWorkIsKeptOrTakenBackAsAWhole() {
    RuntimeException failure = new IllegalArgumentException("from the work");
    store.transact(
        tx -> {
          put(tx, bucket, "a", "1");
          int result =
              tx.nested(
                  inner -> {
                    put(inner, bucket, "b", "2");
                    return 7;
                  });
          assertThat(result).isEqualTo(7);
          assertThatThrownBy(
                  () ->
                      tx.nested(
                          inner -> {
                            put(inner, bucket, "a", "x");
                            inner.nested(
                                innermost -> {
                                  put(innermost, bucket, "c", "x");
                                  return 0;
                                });
                            throw failure;
                          }))
              .isSameAs(failure);
          assertThat(entries(tx)).containsExactly("a=1", "b=2");
          return 0;
        });
    assertThat(bucket.count()).isEqualTo(2);
  }

  @Test
  void nestedWorkThatWentBackTooFarIsToldOf() {
    try (Transaction tx = store.begin()) {
      Savepoint before = tx.setSavepoint();
      assertThatThrownBy(
              () ->
                  tx.nested(
                      inner -> {
                        inner.rollback(before);
                        throw new IllegalArgumentException("from the work");
                      }))
          .isInstanceOf(IllegalArgumentException.class)
          .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
    }
  }

  /** Against copies of a map. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void savepointsBehaveLikeCopies(long seed) {
    Random random = new Random(seed);
    for (int n = 0; n < 20; n++) {
      bucket.put(number(n), number(0));
    }
    TreeMap<Long, Long> model = new TreeMap<>();
    for (long n = 0; n < 20; n++) {
      model.put(n, 0L);
    }
    try (Transaction tx = store.begin()) {
      List<Savepoint> savepoints = new ArrayList<>();
      List<TreeMap<Long, Long>> copies = new ArrayList<>();
      for (long n = 1; n < 3000; n++) {
        int what = random.nextInt(20);
        long key = random.nextInt(30);
        if (what == 0) {
          savepoints.add(tx.setSavepoint());
          copies.add(new TreeMap<>(model));
        } else if (what <= 2 && !savepoints.isEmpty()) {
          int index = random.nextInt(savepoints.size());
          boolean goesBack = what == 1;
          if (goesBack) {
            tx.rollback(savepoints.get(index));
            model = new TreeMap<>(copies.get(index));
          } else {
            tx.release(savepoints.get(index));
          }
          int kept = goesBack ? index + 1 : index;
          savepoints.subList(kept, savepoints.size()).clear();
          copies.subList(kept, copies.size()).clear();
        } else if (what < 8) {
          tx.delete(bucket, number(key));
          model.remove(key);
        } else {
          tx.put(bucket, number(key), number(n));
          model.put(key, n);
        }
        assertThat(tx.count(bucket)).as("seed %d, step %d", seed, n).isEqualTo(model.size());
      }
      tx.commit();
    }
    Cursor cursor = bucket.scan(KeyRange.all());
    for (var each : model.entrySet()) {
      assertThat(cursor.next()).isTrue();
      assertThat(cursor.key()).isEqualTo(number(each.getKey()));
      assertThat(cursor.value()).isEqualTo(number(each.getValue()));
    }
    assertThat(cursor.next()).isFalse();
  }
}
