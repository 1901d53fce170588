package org.macekv.collections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.testing.NavigableSetTestSuiteBuilder;
import com.google.common.collect.testing.TestStringSortedSetGenerator;
import com.google.common.collect.testing.features.CollectionFeature;
import com.google.common.collect.testing.features.CollectionSize;
import com.google.common.collect.testing.features.SetFeature;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.macekv.collections.StoreForSuites.Mode;
import org.macekv.serialization.KeyCodecs;
import org.macekv.serialization.Tuple2;

class MultimapTest {
  private final PersistentStore store = PersistentStore.inMemory();
  private final PersistentMultimap<String, Integer> map =
      store.multimap("m", String.class, Integer.class);

  @AfterEach
  void close() {
    store.close();
  }

  /** The values of one key are a set as any. */
  @TestFactory
  Stream<DynamicNode> valuesOfAKey() {
    StoreForSuites suites = new StoreForSuites(Mode.AUTO_COMMIT);
    return suites.suite(
        () ->
            NavigableSetTestSuiteBuilder.using(
                    new TestStringSortedSetGenerator() {
                      @Override
                      protected SortedSet<String> create(String[] elements) {
                        return suites.valuesOfAKey(elements);
                      }
                    })
                .named("values")
                .withFeatures(
                    CollectionSize.ANY, CollectionFeature.KNOWN_ORDER, SetFeature.GENERAL_PURPOSE)
                .createTestSuite());
  }

  @Test
  void doesWhatAMapOfSetsDoes() {
    long seed = 20261128;
    Random random = new Random(seed);
    TreeMap<String, TreeSet<Integer>> expected = new TreeMap<>();
    List<String> keys = List.of("", "\0", "a", "a\0", "aa", "b", "\uffff");
    for (int step = 0; step < 4000; step++) {
      String key = keys.get(random.nextInt(keys.size()));
      int value = random.nextInt(6) - 3;
      TreeSet<Integer> values = expected.computeIfAbsent(key, k -> new TreeSet<>());
      switch (random.nextInt(8)) {
        case 0, 1, 2 -> assertThat(map.put(key, value)).isEqualTo(values.add(value));
        case 3, 4 -> assertThat(map.remove(key, value)).isEqualTo(values.remove(value));
        case 5 -> {
          if (random.nextInt(10) == 0) {
            assertThat(map.removeAll(key)).isEqualTo(!values.isEmpty());
            values.clear();
          }
        }
        case 6 -> assertThat(map.contains(key, value)).isEqualTo(values.contains(value));
        default -> assertThat(map.containsKey(key)).isEqualTo(!values.isEmpty());
      }
      if (values.isEmpty()) {
        expected.remove(key);
      }
      if (step % 50 == 0) {
        assertThat(List.copyOf(map.keySet())).isEqualTo(List.copyOf(expected.keySet()));
        assertThat(map.keySet()).hasSameSizeAs(expected.keySet());
        for (String each : keys) {
          assertThat(List.copyOf(map.get(each)))
              .isEqualTo(List.copyOf(expected.getOrDefault(each, new TreeSet<>())));
        }
        int count = expected.values().stream().mapToInt(TreeSet::size).sum();
        assertThat(map.count()).as("seed %d", seed).isEqualTo(count);
        assertThat(map.entries()).hasSize(count);
        assertThat(map.isEmpty()).isEqualTo(count == 0);
      }
    }
  }

  @Test
  void viewsOfAKeyWriteThrough() {
    map.get("a").addAll(List.of(3, 1, 2));
    map.put("b", 9);
    assertThat(map.entries())
        .containsExactly(
            new Tuple2<>("a", 1), new Tuple2<>("a", 2), new Tuple2<>("a", 3), new Tuple2<>("b", 9));
    assertThat(map.get("a").descendingSet()).containsExactly(3, 2, 1);
    assertThat(map.get("a").tailSet(2)).containsExactly(2, 3);
    assertThat(map.get("a").pollFirst()).isEqualTo(1);
    map.get("a").clear();
    assertThat(map.keySet()).containsExactly("b");
    assertThat(map.get("a").comparator()).isNull();
    assertThat(map.get("a").name()).isEqualTo("m");
  }

  @Test
  void keysAreRemovedWithAllTheirValues() {
    for (String key : List.of("a", "b", "c")) {
      map.get(key).addAll(List.of(1, 2));
    }
    Iterator<String> keys = map.keySet().iterator();
    assertThatThrownBy(keys::remove).isInstanceOf(IllegalStateException.class);
    assertThat(keys.next()).isEqualTo("a");
    assertThat(keys.next()).isEqualTo("b");
    keys.remove();
    assertThat(keys.next()).isEqualTo("c");
    assertThatThrownBy(keys::next).isInstanceOf(NoSuchElementException.class);
    assertThat(map.keySet().remove("c")).isTrue();
    assertThat(map.keySet().contains("a")).isTrue();
    assertThat(map.keySet()).containsExactly("a");
    assertThatThrownBy(() -> map.keySet().add("x"))
        .isInstanceOf(UnsupportedOperationException.class);
    map.keySet().clear();
    assertThat(map.isEmpty()).isTrue();
  }

  @Test
  void takesPartInScopesAndSnapshots() {
    map.put("a", 1);
    try (Snapshot then = store.snapshot();
        TransactionScope scope = store.begin()) {
      map.put("a", 2);
      map.get("b").add(3);
      assertThat(map.count()).isEqualTo(3);
      OtherThread.run(
          () -> {
            assertThat(map.count()).isEqualTo(1);
            assertThat(map.in(scope).get("a")).containsExactly(1, 2);
          });
      assertThat(then.of(map).entries()).containsExactly(new Tuple2<>("a", 1));
      assertThatThrownBy(() -> then.of(map).put("x", 1))
          .isInstanceOf(UnsupportedOperationException.class);
      scope.rollback();
    }
    assertThat(map.entries()).containsExactly(new Tuple2<>("a", 1));
  }

  @Test
  void ordersAreThoseOfTheCodecs() {
    PersistentMultimap<String, Integer> other =
        store.multimap("o", KeyCodecs.STRING_IGNORING_CASE, KeyCodecs.INTEGER.reversed());
    other.put("B", 1);
    other.put("b", 2);
    other.put("a", 3);
    assertThat(List.copyOf(other.keySet())).containsExactly("a", "b");
    assertThat(other.get("B")).containsExactly(2, 1);
    assertThatThrownBy(() -> store.multimap("o", String.class, Integer.class))
        .isInstanceOf(CollectionTypeException.class);
  }
}
