package org.macekv.collections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Spliterator;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.macekv.error.ConflictException;
import org.macekv.option.Durability;
import org.macekv.option.Isolation;
import org.macekv.option.MaceOptions;
import org.macekv.option.TransactionOptions;

class TransactionScopeTest {
  private final PersistentStore store = PersistentStore.inMemory();
  private final PersistentNavigableMap<String, Integer> map =
      store.navigableMap("map", String.class, Integer.class);
  private final PersistentSet<String> set = store.set("set", String.class);

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void scopeReadsItsOwnWritesAndOthersSeeThemAllAtItsCommit() {
    try (TransactionScope scope = store.begin()) {
      map.put("a", 1);
      set.add("x");
      assertThat(map).containsExactly(Map.entry("a", 1)).hasSize(1);
      assertThat(set).containsExactly("x");
      OtherThread.run(() -> assertThat(map.isEmpty() && set.isEmpty()).isTrue());
      scope.commit();
      assertThat(scope.isOpen()).isFalse();
    }
    OtherThread.run(() -> assertThat(map.containsKey("a") && set.contains("x")).isTrue());
  }

  @Test
  void scopeThatIsLeftWithoutCommitIsRolledBack() {
    map.put("kept", 0);
    try (TransactionScope scope = store.begin()) {
      map.put("a", 1);
      map.remove("kept");
      set.add("x");
      assertThat(scope.isOpen()).isTrue();
    }
    assertThat(map).containsExactly(Map.entry("kept", 0));
    assertThat(set).isEmpty();
  }

  @Test
  void rolledBackScopeFreesItsThread() {
    TransactionScope scope = store.begin();
    map.put("a", 1);
    scope.rollback();
    map.put("b", 2);
    assertThat(map).containsExactly(Map.entry("b", 2));
    assertThatThrownBy(scope::commit).isInstanceOf(IllegalStateException.class);
    scope.close();
  }

  @Test
  void scopeSeesNothingThatIsCommittedAfterItBegan() {
    map.put("a", 1);
    try (TransactionScope scope = store.begin()) {
      OtherThread.run(() -> map.put("a", 2));
      OtherThread.run(() -> set.add("late"));
      assertThat(map).containsEntry("a", 1);
      assertThat(set).isEmpty();
      scope.commit();
    }
    assertThat(map).containsEntry("a", 2);
  }

  @Test
  void secondCommitterOfAnEntryGetsAConflictAndAFreeThread() {
    map.put("a", 1);
    TransactionScope scope = store.begin();
    map.put("a", map.get("a") + 1);
    OtherThread.run(() -> map.put("a", 10));
    assertThatThrownBy(scope::commit).isInstanceOf(ConflictException.class);
    assertThat(scope.isOpen()).isFalse();
    map.put("b", 1);
    assertThat(map).containsEntry("a", 10).containsEntry("b", 1);
  }

  @Test
  void nestedScopesAreKeptOrTakenBackWithinTheOneAroundThem() {
    try (TransactionScope scope = store.begin()) {
      map.put("outer", 1);
      try (TransactionScope kept = store.begin()) {
        assertThat(map).containsKey("outer");
        map.put("kept", 2);
        kept.commit();
        assertThat(kept.isOpen()).isFalse();
      }
      try (TransactionScope takenBack = store.begin()) {
        map.put("kept", 3);
        map.remove("outer");
        set.add("gone");
        try (TransactionScope inner = store.begin()) {
          map.put("inner", 4);
          inner.commit();
        }
        assertThat(map).containsOnly(Map.entry("kept", 3), Map.entry("inner", 4));
        takenBack.rollback();
        assertThatThrownBy(takenBack::rollback).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(takenBack::commit).isInstanceOf(IllegalStateException.class);
      }
      try (TransactionScope left = store.begin()) {
        map.put("left", 5);
        assertThat(left.isOpen()).isTrue();
      }
      assertThat(map).containsOnly(Map.entry("outer", 1), Map.entry("kept", 2));
      OtherThread.run(() -> assertThat(map).isEmpty());
      scope.commit();
    }
    assertThat(map).containsOnly(Map.entry("outer", 1), Map.entry("kept", 2));
    assertThat(set).isEmpty();
  }

  @Test
  void transactWithinAScopeIsAPartOfIt() {
    try (TransactionScope scope = store.begin()) {
      assertThat(store.transact(() -> map.merge("a", 1, Integer::sum))).isEqualTo(1);
      assertThatThrownBy(
              () ->
                  store.transact(
                      () -> {
                        map.put("b", 2);
                        throw new IllegalStateException("no");
                      }))
          .hasMessage("no");
      assertThat(map).containsOnlyKeys("a");
      scope.commit();
    }
    int[] runs = {0};
    store.transact(
        () ->
            store.transact(
                () -> {
                  int before = map.get("a");
                  if (runs[0]++ == 0) {
                    OtherThread.run(() -> map.put("a", 10));
                  }
                  map.put("a", before + 1);
                }));
    assertThat(runs[0]).isEqualTo(2);
    assertThat(map).containsOnly(Map.entry("a", 11));
  }

  @Test
  void scopesEndFromTheInside() {
    TransactionScope scope = store.begin();
    TransactionScope nested = store.begin();
    PersistentNavigableMap<String, Integer> handed = map.in(nested);
    handed.put("a", 1);
    assertThatThrownBy(scope::commit)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("nested");
    assertThat(scope.isOpen()).isTrue();
    assertThatThrownBy(nested::commitAsync).isInstanceOf(IllegalStateException.class);
    scope.close(); // and with it what is nested
    assertThat(nested.isOpen()).isFalse();
    assertThatThrownBy(() -> handed.put("b", 1)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(nested::commit).isInstanceOf(IllegalStateException.class);
    nested.close();
    map.put("c", 3);
    assertThat(map).containsOnlyKeys("c");
    assertThatThrownBy(
            () ->
                store.transact(
                    () -> {
                      map.put("d", 4);
                      store.begin(); // and not ended
                    }))
        .isInstanceOf(IllegalStateException.class);
    assertThat(map).containsOnlyKeys("c");
    map.put("e", 5);
    assertThat(map).containsOnlyKeys("c", "e");
  }

  @Test
  void aNestedScopeHasTheOptionsOfTheOneAroundIt() {
    TransactionOptions serializable =
        TransactionOptions.defaults().withIsolation(Isolation.SERIALIZABLE);
    try (TransactionScope scope = store.begin(serializable)) {
      store.begin(serializable).close();
      store.begin().close();
      assertThatThrownBy(() -> store.begin(serializable.withTimeoutMillis(5)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("SERIALIZABLE");
      scope.commit();
    }
  }

  @Test
  void hooksRunWithTheOutermostScope() throws Exception {
    List<String> told = new ArrayList<>();
    try (TransactionScope scope = store.begin()) {
      map.put("a", 1);
      try (TransactionScope nested = store.begin()) {
        nested.afterCommit(() -> told.add("nested"));
        nested.commit();
      }
      scope.afterCommit(() -> told.add("outer " + map.get("a")));
      scope.afterRollback(() -> told.add("never"));
      assertThat(told).isEmpty();
      scope.commitAsync().toCompletableFuture().get();
    }
    assertThat(told).containsExactly("nested", "outer 1");
    TransactionScope scope = store.begin();
    scope.afterRollback(() -> told.add("rolled back"));
    scope.rollback();
    assertThat(told).contains("rolled back");
  }

  @Test
  void scopesOfTwoStoresAreIndependent() {
    try (PersistentStore second = PersistentStore.inMemory()) {
      PersistentSet<String> other = second.set("set", String.class);
      try (TransactionScope scope = store.begin()) {
        set.add("rolled back");
        other.add("kept");
        assertThatThrownBy(() -> other.in(scope)).isInstanceOf(IllegalArgumentException.class);
      }
      assertThat(other).containsExactly("kept");
    }
    assertThat(set).isEmpty();
  }

  @Test
  void scopeIsEndedByItsOwnThreadOnly() {
    try (TransactionScope scope = store.begin()) {
      map.put("a", 1);
      List<Runnable> ends = List.of(scope::commit, scope::rollback, scope::close);
      for (Runnable end : ends) {
        assertThatThrownBy(() -> OtherThread.run(end))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining(Thread.currentThread().getName())
            .hasMessageContaining("other");
      }
      assertThat(scope.isOpen()).isTrue();
      scope.commit();
    }
    assertThat(map).containsOnlyKeys("a");
  }

  @Test
  void iteratorOfAScopeIsNoneOfAnotherThreads() {
    try (TransactionScope scope = store.begin()) {
      map.put("a", 1);
      Iterator<String> keys = map.keySet().iterator();
      assertThatThrownBy(() -> OtherThread.call(keys::next))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("in(scope)");
      assertThat(keys.next()).isEqualTo("a");
      scope.commit();
    }
  }

  @Test
  void handedScopeWorksOnAnyThread() {
    TransactionScope scope = store.begin();
    PersistentNavigableMap<String, Integer> handed = map.in(scope);
    PersistentSet<String> handedView = set.headSet("m").in(scope);
    OtherThread.run(
        () -> {
          handed.put("a", 1);
          handedView.add("b");
          assertThat(map).isEmpty();
        });
    assertThat(map).containsOnlyKeys("a");
    scope.commit();
    assertThat(map).containsOnlyKeys("a");
    assertThat(set).containsExactly("b");
    assertThatThrownBy(() -> handed.get("a")).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void iteratorsSpliteratorsAndEntriesEndWithTheirScope() {
    map.put("a", 1);
    map.put("b", 2);
    TransactionScope scope = store.begin();
    Iterator<Map.Entry<String, Integer>> entries = map.entrySet().iterator();
    Map.Entry<String, Integer> entry = entries.next();
    Spliterator<String> keys = map.keySet().spliterator();
    scope.commit();
    assertEnded(() -> assertThat(entries.hasNext()).isNull());
    assertEnded(entries::next);
    assertEnded(entries::remove);
    assertEnded(() -> entry.setValue(5));
    assertEnded(() -> keys.tryAdvance(key -> {}));
    assertEnded(() -> keys.forEachRemaining(key -> {}));
    assertThat(map).containsEntry("a", 1).hasSize(2);
  }

  private static void assertEnded(Runnable use) {
    assertThatThrownBy(use::run)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("ended");
  }

  @Test
  void iteratorMadeOutsideStaysOutsideOfALaterScope() {
    map.put("a", 1);
    Iterator<String> keys = map.keySet().iterator();
    try (TransactionScope scope = store.begin()) {
      keys.next();
      keys.remove();
      assertThat(map).containsOnlyKeys("a");
      assertThat(scope.isOpen()).isTrue();
    }
    assertThat(map).isEmpty();
  }

  @Test
  void entriesWriteThroughToWhereTheyCameFrom() {
    map.put("a", 1);
    map.put("b", 2);
    try (TransactionScope scope = store.begin()) {
      for (Map.Entry<String, Integer> entry : map.entrySet()) {
        assertThat(entry.setValue(entry.getValue() * 10)).isEqualTo(entry.getValue() / 10);
      }
      assertThat(map).containsEntry("a", 10).containsEntry("b", 20);
      assertThat(scope.isOpen()).isTrue();
    }
    assertThat(map).containsEntry("a", 1).containsEntry("b", 2);
    assertThatThrownBy(() -> map.firstEntry().setValue(3))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void collectionsMayBeOpenedWithinAScopeAndStay() {
    try (TransactionScope scope = store.begin()) {
      PersistentSet<String> late = store.set("late", String.class);
      late.add("a");
      assertThat(late).containsExactly("a");
      assertThat(scope.isOpen()).isTrue();
    }
    assertThat(store.set("late", String.class)).isEmpty();
    try (TransactionScope scope = store.begin()) {
      store.set("later", String.class).add("b");
      scope.commit();
    }
    assertThat(store.set("later", String.class)).containsExactly("b");
  }

  @Test
  void transactRunsAgainAfterAConflict() {
    map.put("a", 1);
    AtomicInteger runs = new AtomicInteger();
    int seen =
        store.transact(
            () -> {
              int value = map.get("a");
              if (runs.incrementAndGet() == 1) {
                OtherThread.run(() -> map.put("a", 10));
              }
              map.put("a", value + 1);
              return value;
            });
    assertThat(runs).hasValue(2);
    assertThat(seen).isEqualTo(10);
    assertThat(map).containsEntry("a", 11);
  }

  @Test
  void transactGivesUpAfterTheLastAttempt() {
    try (PersistentStore impatient =
        PersistentStore.inMemoryBuilder()
            .options(MaceOptions.defaults().withMaxAttempts(3))
            .open()) {
      PersistentNavigableMap<String, Integer> counters =
          impatient.navigableMap("m", String.class, Integer.class);
      AtomicInteger runs = new AtomicInteger();
      assertThatThrownBy(
              () ->
                  impatient.transact(
                      () -> {
                        counters.put("a", runs.incrementAndGet());
                        OtherThread.run(() -> counters.put("a", -1));
                      }))
          .isInstanceOf(ConflictException.class);
      assertThat(runs).hasValue(3);
      assertThat(counters).containsEntry("a", -1);
    }
  }

  @Test
  void transactThatThrowsIsRolledBackAndFreesItsThread() {
    assertThatThrownBy(
            () ->
                store.transact(
                    () -> {
                      map.put("a", 1);
                      throw new IllegalArgumentException("no");
                    }))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no");
    assertThat(map).isEmpty();
    map.put("b", 1);
    assertThat(map).containsOnlyKeys("b");
  }

  @Test
  void durabilityOfATransactionIsPassedOn() {
    TransactionOptions buffered = TransactionOptions.defaults().withDurability(Durability.BUFFERED);
    long syncs = store.statistics().syncs();
    try (TransactionScope scope = store.begin(buffered)) {
      map.put("a", 1);
      scope.commit();
    }
    store.transact(buffered, () -> map.put("b", 1));
    assertThat(store.statistics().syncs()).isEqualTo(syncs);
    map.put("c", 1);
    assertThat(store.statistics().syncs()).isGreaterThan(syncs);
  }

  @Test
  void closingTheStoreEndsItsScopes() {
    PersistentStore closing = PersistentStore.inMemory();
    PersistentSet<String> elements = closing.set("s", String.class);
    TransactionScope scope = closing.begin();
    elements.add("a");
    closing.close();
    assertThatThrownBy(() -> elements.add("b")).isInstanceOf(RuntimeException.class);
    scope.close();
  }

  @Test
  void failedBulkWriteLeavesNothingInItsScope() {
    try (TransactionScope scope = store.begin()) {
      PersistentNavigableMap<String, Integer> head = map.headMap("m");
      assertThatThrownBy(() -> head.putAll(Map.of("a", 1, "z", 2)))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> set.headSet("m").addAll(List.of("a", "z")))
          .isInstanceOf(IllegalArgumentException.class);
      scope.commit();
    }
    assertThat(map).isEmpty();
    assertThat(set).isEmpty();
  }
}
