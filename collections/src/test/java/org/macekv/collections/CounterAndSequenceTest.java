package org.macekv.collections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.macekv.error.ConflictException;

@Timeout(120)
class CounterAndSequenceTest {
  @TempDir Path directory;

  @Test
  void counterAddsUpAndIsThereAfterReopening() {
    try (PersistentStore store = PersistentStore.open(directory)) {
      PersistentCounter visits = store.counter("visits");
      assertThat(visits.get()).isZero();
      visits.increment();
      visits.add(41);
      visits.add(-2);
      assertThat(visits.get()).isEqualTo(40);
      assertThat(visits.name()).isEqualTo("visits");
    }
    try (PersistentStore store = PersistentStore.open(directory)) {
      PersistentCounter visits = store.counter("visits");
      visits.add(Long.MAX_VALUE);
      assertThat(visits.get()).isEqualTo(Long.MIN_VALUE + 39); // wraps around
    }
  }

  @Test
  void scopesAddToACounterAtTheSameTimeWithoutConflicts() {
    try (PersistentStore store = PersistentStore.inMemory()) {
      PersistentCounter counter = store.counter("c");
      counter.add(1);
      try (TransactionScope scope = store.begin()) {
        counter.add(10);
        counter.add(20);
        assertThat(counter.get()).isEqualTo(31);
        OtherThread.run(
            () -> {
              try (TransactionScope other = store.begin()) {
                counter.add(100);
                assertThat(counter.get()).isEqualTo(101);
                other.commit();
              }
              assertThat(counter.get()).isEqualTo(101);
              assertThat(counter.in(scope).get()).isEqualTo(31);
            });
        scope.commit();
      }
      assertThat(counter.get()).isEqualTo(131);
      try (TransactionScope scope = store.begin()) {
        counter.add(1000);
        assertThat(scope.isOpen()).isTrue();
      }
      assertThat(counter.get()).isEqualTo(131);
    }
  }

  @Test
  void snapshotHasWhatTheCounterWas() {
    try (PersistentStore store = PersistentStore.inMemory()) {
      PersistentCounter counter = store.counter("c");
      for (int i = 0; i < 700; i++) {
        counter.increment();
      }
      try (Snapshot then = store.snapshot()) {
        for (int i = 0; i < 2000; i++) {
          counter.increment();
          assertThat(then.of(counter).get()).isEqualTo(700);
        }
        assertThatThrownBy(() -> then.of(counter).add(1))
            .isInstanceOf(UnsupportedOperationException.class);
      }
      assertThat(counter.get()).isEqualTo(2700);
    }
  }

  @Test
  void contendedCounterLosesNothingAndStaysSmall() throws Exception {
    try (PersistentStore store = PersistentStore.inMemory()) {
      PersistentCounter counter = store.counter("c");
      inThreads(
          4,
          t -> {
            for (int i = 0; i < 3000; i++) {
              if (i % 10 == 0) {
                store.transact(() -> counter.add(1));
              } else {
                counter.add(1);
              }
            }
          });
      assertThat(counter.get()).isEqualTo(12_000);
      assertThat(store.mace().bucket("collection/1").count()).isLessThan(2000);
    }
  }

  private interface Work {
    void run(int thread) throws Exception;
  }

  private static void inThreads(int count, Work work) throws Exception {
    List<FutureTask<Void>> tasks = new ArrayList<>();
    for (int t = 0; t < count; t++) {
      int thread = t;
      tasks.add(
          new FutureTask<>(
              () -> {
                work.run(thread);
                return null;
              }));
    }
    tasks.forEach(task -> new Thread(task).start());
    for (FutureTask<Void> task : tasks) {
      task.get();
    }
  }

  @Test
  void gaplessSequenceGoesBackWithItsScope() {
    try (PersistentStore store = PersistentStore.open(directory)) {
      PersistentSequence ids = store.sequence("ids");
      assertThat(ids.next()).isEqualTo(1);
      try (TransactionScope scope = store.begin()) {
        assertThat(ids.next()).isEqualTo(2);
        assertThat(ids.next()).isEqualTo(3);
        scope.rollback();
      }
      assertThat(ids.next()).isEqualTo(2);
      TransactionScope scope = store.begin();
      assertThat(ids.next()).isEqualTo(3);
      OtherThread.run(() -> assertThat(ids.next()).isEqualTo(3));
      assertThatThrownBy(scope::commit).isInstanceOf(ConflictException.class);
      assertThat(ids.name()).isEqualTo("ids");
    }
    try (PersistentStore store = PersistentStore.open(directory)) {
      assertThat(store.sequence("ids").next()).isEqualTo(4);
    }
  }

  @Test
  void sequenceInBlocksIsNoPartOfAScopeAndSkipsTheRestOfABlock() {
    try (PersistentStore store = PersistentStore.open(directory)) {
      PersistentSequence ids = store.sequence("ids", 10);
      try (TransactionScope scope = store.begin()) {
        assertThat(ids.next()).isEqualTo(1);
        scope.rollback();
      }
      assertThat(ids.next()).isEqualTo(2);
      assertThat(store.sequence("ids", 10).next()).isEqualTo(3);
      assertThat(store.sequence("ids").next()).isEqualTo(11); // gapless: behind the block
      for (int i = 4; i <= 10; i++) {
        assertThat(ids.next()).isEqualTo(i);
      }
      assertThat(ids.next()).isEqualTo(12);
      assertThatThrownBy(() -> store.sequence("ids", 0))
          .isInstanceOf(IllegalArgumentException.class);
    }
    try (PersistentStore store = PersistentStore.open(directory)) {
      assertThat(store.sequence("ids", 5).next()).isEqualTo(22);
    }
  }

  @Test
  void sequencesGiveEachNumberOnce() throws Exception {
    try (PersistentStore store = PersistentStore.inMemory()) {
      for (PersistentSequence ids : List.of(store.sequence("a"), store.sequence("b", 7))) {
        List<Set<Long>> got = List.of(new HashSet<>(), new HashSet<>(), new HashSet<>());
        inThreads(
            3,
            t -> {
              for (int i = 0; i < 500; i++) {
                assertThat(got.get(t).add(ids.next())).isTrue();
              }
            });
        Set<Long> all = new HashSet<>();
        got.forEach(all::addAll);
        assertThat(all).hasSize(1500).contains(1L, 1500L);
      }
    }
  }
}
