package org.macekv.collections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SnapshotTest {
  private final PersistentStore store = PersistentStore.inMemory();
  private final PersistentNavigableMap<String, Integer> map =
      store.navigableMap("map", String.class, Integer.class);
  private final PersistentSet<String> set = store.set("set", String.class);

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void snapshotDoesNotChange() {
    map.putAll(Map.of("a", 1, "b", 2, "c", 3));
    set.addAll(List.of("x", "y"));
    try (Snapshot then = store.snapshot()) {
      map.put("d", 4);
      map.remove("a");
      map.put("b", 20);
      set.clear();
      assertThat(then.of(map))
          .containsExactly(Map.entry("a", 1), Map.entry("b", 2), Map.entry("c", 3));
      assertThat(then.of(map).size()).isEqualTo(3);
      assertThat(then.of(map).count()).isEqualTo(3);
      assertThat(then.of(set)).containsExactly("x", "y").hasSize(2);
      assertThat(then.of(map.tailMap("b").descendingMap()).keySet()).containsExactly("c", "b");
      assertThat(then.of(set.descendingSet()).first()).isEqualTo("y");
    }
    assertThat(map).hasSize(3);
  }

  @Test
  void snapshotShowsNothingOfAnOpenScope() {
    try (TransactionScope scope = store.begin()) {
      map.put("a", 1);
      try (Snapshot now = store.snapshot()) {
        assertThat(now.of(map)).isEmpty();
        assertThat(map).hasSize(1);
      }
      scope.commit();
    }
  }

  @Test
  void collectionMadeAfterTheSnapshotIsEmptyInIt() {
    try (Snapshot then = store.snapshot()) {
      PersistentSet<String> late = store.set("late", String.class);
      late.add("a");
      assertThat(then.of(late)).isEmpty();
      assertThat(then.of(late).count()).isZero();
    }
  }

  @Test
  void everyWriteIsRefused() {
    map.put("a", 1);
    try (Snapshot then = store.snapshot()) {
      PersistentNavigableMap<String, Integer> frozen = then.of(map);
      PersistentSet<String> frozenSet = then.of(set);
      Map.Entry<String, Integer> entry = frozen.entrySet().iterator().next();
      List<Runnable> writes =
          new ArrayList<>(
              List.of(
                  () -> frozen.put("a", 2),
                  () -> frozen.set("a", 2),
                  () -> frozen.remove("none"),
                  () -> frozen.delete("none"),
                  () -> frozen.putIfAbsent("a", 2),
                  () -> frozen.replace("none", 2),
                  () -> frozen.replace("none", 1, 2),
                  () -> frozen.remove("none", 2),
                  () -> frozen.computeIfAbsent("a", key -> 2),
                  () -> frozen.computeIfPresent("none", (key, value) -> 2),
                  () -> frozen.compute("a", (key, value) -> 2),
                  () -> frozen.merge("a", 1, Integer::sum),
                  () -> frozen.putAll(Map.of()),
                  () -> frozen.replaceAll((key, value) -> value),
                  frozen::clear,
                  frozen::pollFirstEntry,
                  frozen::pollLastEntry));
      writes.addAll(
          List.of(
              () -> frozen.keySet().removeIf(key -> false),
              () -> frozen.values().removeAll(List.of()),
              () -> frozen.entrySet().retainAll(List.of(entry)),
              () -> frozen.headMap("z").descendingMap().clear(),
              () -> entry.setValue(2),
              () -> removeFirst(frozen.keySet().iterator()),
              () -> frozenSet.add("x"),
              () -> frozenSet.set("x"),
              () -> frozenSet.delete("x"),
              () -> frozenSet.addAll(List.of()),
              frozenSet::clear,
              frozenSet::pollFirst));
      for (Runnable write : writes) {
        assertThatThrownBy(write::run).isInstanceOf(UnsupportedOperationException.class);
      }
      try (TransactionScope scope = store.begin()) {
        assertThatThrownBy(() -> frozen.in(scope))
            .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> frozenSet.in(scope))
            .isInstanceOf(UnsupportedOperationException.class);
      }
    }
    assertThat(map).containsExactly(Map.entry("a", 1));
  }

  private static void removeFirst(Iterator<?> iterator) {
    iterator.next();
    iterator.remove();
  }

  @Test
  void closedSnapshotIsRefusedByAllThatCameFromIt() {
    map.put("a", 1);
    Snapshot then = store.snapshot();
    PersistentNavigableMap<String, Integer> frozen = then.of(map);
    Iterator<String> keys = frozen.keySet().iterator();
    then.close();
    then.close();
    List<Callable<?>> reads = List.of(() -> frozen.get("a"), frozen::size, keys::next);
    for (Callable<?> read : reads) {
      assertThatThrownBy(read::call)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("closed");
    }
  }

  @Test
  void snapshotIsForCollectionsOfItsStore() {
    try (PersistentStore second = PersistentStore.inMemory();
        Snapshot then = second.snapshot()) {
      assertThatThrownBy(() -> then.of(map)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> then.of(set)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
