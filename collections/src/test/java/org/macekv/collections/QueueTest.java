package org.macekv.collections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.testing.QueueTestSuiteBuilder;
import com.google.common.collect.testing.TestStringQueueGenerator;
import com.google.common.collect.testing.features.CollectionFeature;
import com.google.common.collect.testing.features.CollectionSize;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.macekv.collections.StoreForSuites.Mode;
import org.macekv.error.StoreClosedException;
import org.macekv.option.Durability;
import org.macekv.option.MaceOptions;

@Timeout(120)
class QueueTest {
  @TempDir Path directory;

  /** Guava's suite for queues, in every mode that writes. */
  @TestFactory
  Stream<DynamicNode> suites() {
    return Stream.of(Mode.AUTO_COMMIT, Mode.IN_SCOPE, Mode.HANDED_SCOPE)
        .map(mode -> DynamicContainer.dynamicContainer(mode.name(), suite(mode)));
  }

  private static Stream<DynamicNode> suite(Mode mode) {
    StoreForSuites store = new StoreForSuites(mode);
    return store.suite(
        () ->
            QueueTestSuiteBuilder.using(
                    new TestStringQueueGenerator() {
                      @Override
                      protected Queue<String> create(String[] elements) {
                        return store.queue(elements);
                      }
                    })
                .named("queue")
                .withFeatures(
                    CollectionSize.ANY,
                    CollectionFeature.KNOWN_ORDER,
                    CollectionFeature.GENERAL_PURPOSE)
                .createTestSuite());
  }

  @Test
  void elementsAreThereAfterReopeningInTheirOrder() {
    try (PersistentStore store = PersistentStore.open(directory)) {
      PersistentQueue<String> queue = store.queue("q", String.class);
      queue.addAll(List.of("a", "b", "c"));
      assertThat(queue.poll()).isEqualTo("a");
      queue.add("d");
    }
    try (PersistentStore store = PersistentStore.open(directory)) {
      PersistentQueue<String> queue = store.queue("q", String.class);
      queue.add("e");
      assertThat(queue).containsExactly("b", "c", "d", "e").hasSize(4);
      assertThat(queue.count()).isEqualTo(4);
    }
  }

  @Test
  void frozenQueueStaysAndRefusesChanges() {
    try (PersistentStore store = PersistentStore.inMemory()) {
      PersistentQueue<String> queue = store.queue("q", String.class);
      queue.addAll(List.of("a", "b"));
      try (Snapshot then = store.snapshot();
          TransactionScope scope = store.begin()) {
        PersistentQueue<String> frozen = then.of(queue);
        assertThat(queue.poll()).isEqualTo("a");
        assertThat(frozen).containsExactly("a", "b");
        assertThat(frozen.peek()).isEqualTo("a"); // whoever takes it
        assertThatThrownBy(frozen::poll).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> frozen.add("c")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> frozen.in(scope))
            .isInstanceOf(UnsupportedOperationException.class);
      }
    }
  }

  @Test
  void whatAScopeTookIsAtTheHeadAgainWhenItIsRolledBack() {
    try (PersistentStore store = PersistentStore.inMemory()) {
      PersistentQueue<String> queue = store.queue("q", String.class);
      queue.addAll(List.of("a", "b", "c"));
      try (TransactionScope scope = store.begin()) {
        assertThat(queue.poll()).isEqualTo("a");
        assertThat(queue.peek()).isEqualTo("b");
        OtherThread.run(
            () -> {
              assertThat(queue.peek()).isEqualTo("b"); // "a" is being taken
              assertThat(queue.poll()).isEqualTo("b");
            });
        assertThat(scope.isOpen()).isTrue();
      }
      assertThat(queue.poll()).isEqualTo("a");
      assertThat(queue.poll()).isEqualTo("c");
      assertThat(queue.poll()).isNull();
      assertThatThrownBy(queue::remove).isInstanceOf(NoSuchElementException.class);
    }
  }

  @Test
  void scopesThatTakeDoNotConflictAndEachTakesWhatIsThere() {
    try (PersistentStore store = PersistentStore.inMemory()) {
      PersistentQueue<String> queue = store.queue("q", String.class);
      queue.addAll(List.of("a", "b", "c"));
      TransactionScope scope = store.begin();
      OtherThread.run(() -> assertThat(queue.poll()).isEqualTo("a")); // since the scope began
      assertThat(queue.poll()).isEqualTo("b");
      OtherThread.run(
          () -> {
            try (TransactionScope other = store.begin()) {
              assertThat(queue.poll()).isEqualTo("c");
              assertThat(queue.poll()).isNull();
              other.commit();
            }
          });
      scope.commit();
      assertThat(queue).isEmpty();
    }
  }

  @Test
  void scopeTakesWhatItOfferedItself() {
    try (PersistentStore store = PersistentStore.inMemory()) {
      PersistentQueue<String> queue = store.queue("q", String.class);
      try (TransactionScope scope = store.begin()) {
        queue.add("mine");
        OtherThread.run(() -> queue.add("other"));
        queue.add("mine too");
        assertThat(queue.poll()).isEqualTo("mine");
        assertThat(queue.poll()).isEqualTo("mine too");
        assertThat(queue.poll()).isNull();
        scope.commit();
      }
      assertThat(queue).containsExactly("other");
    }
  }

  @Test
  void nestedScopeThatIsRolledBackGivesBackWhatItTook() {
    try (PersistentStore store = PersistentStore.inMemory()) {
      PersistentQueue<String> queue = store.queue("q", String.class);
      queue.addAll(List.of("a", "b", "c", "d"));
      try (TransactionScope scope = store.begin()) {
        assertThat(queue.poll()).isEqualTo("a");
        try (TransactionScope nested = store.begin()) {
          assertThat(queue.poll()).isEqualTo("b");
          assertThat(queue.poll()).isEqualTo("c");
          nested.rollback();
        }
        assertThat(queue.poll()).isEqualTo("b");
        scope.commit();
      }
      assertThat(queue).containsExactly("c", "d");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void everyElementIsTakenOnceWhateverIsRolledBack(boolean inScopes) throws Exception {
    int count = 2000;
    try (PersistentStore store = PersistentStore.inMemory()) {
      PersistentQueue<Integer> queue = store.queue("q", Integer.class);
      PersistentSet<Integer> done = store.set("done", Integer.class);
      List<FutureTask<Void>> consumers = new ArrayList<>();
      ConcurrentLinkedQueue<Integer> taken = new ConcurrentLinkedQueue<>();
      CountDownLatch produced = new CountDownLatch(1);
      for (int t = 0; t < 4; t++) {
        int seed = t;
        consumers.add(
            new FutureTask<>(
                () -> {
                  Random random = new Random(seed);
                  while (true) {
                    boolean last = produced.getCount() == 0;
                    Integer got = inScopes ? takeInScope(store, queue, done, random) : queue.poll();
                    if (got != null && got >= 0) {
                      taken.add(got);
                    } else if (got == null && last && queue.isEmpty()) {
                      return null;
                    }
                  }
                }));
      }
      consumers.forEach(consumer -> new Thread(consumer).start());
      IntStream.range(0, count).forEach(queue::add);
      produced.countDown();
      for (FutureTask<Void> consumer : consumers) {
        consumer.get();
      }
      List<Integer> all = new ArrayList<>(taken);
      Collections.sort(all);
      assertThat(all).isEqualTo(IntStream.range(0, count).boxed().toList());
      if (inScopes) {
        assertThat(done).hasSize(count);
      }
      assertThat(queue.count()).isZero();
    }
  }

  /** Null if there was none, -1 if it was given back. */
  private static Integer takeInScope(
      PersistentStore store,
      PersistentQueue<Integer> queue,
      PersistentSet<Integer> done,
      Random random) {
    try (TransactionScope scope = store.begin()) {
      Integer got = queue.poll();
      if (got != null) {
        done.set(got);
        if (random.nextInt(4) == 0) {
          return -1;
        }
        scope.commit(); // never conflicts
      }
      return got;
    }
  }

  @Test
  void awaitElementReturnsWhenThereIsOne() throws Exception {
    try (PersistentStore store = PersistentStore.inMemory()) {
      PersistentQueue<String> queue = store.queue("q", String.class);
      assertThat(queue.awaitElement(Duration.ZERO)).isFalse();
      FutureTask<Boolean> waiter = new FutureTask<>(() -> queue.awaitElement(Duration.ofHours(1)));
      Thread thread = new Thread(waiter);
      thread.start();
      queue.add("a");
      assertThat(waiter.get()).isTrue();
      assertThat(queue.awaitElement(Duration.ZERO)).isTrue();
      TransactionScope scope = store.begin();
      assertThat(queue.poll()).isEqualTo("a");
      assertThatThrownBy(() -> queue.awaitElement(Duration.ZERO))
          .isInstanceOf(IllegalStateException.class);
      FutureTask<Boolean> second = new FutureTask<>(() -> queue.awaitElement(Duration.ofHours(1)));
      new Thread(second).start();
      scope.rollback(); // gives it back
      assertThat(second.get()).isTrue();
      queue.clear();
      FutureTask<Boolean> third = new FutureTask<>(() -> queue.awaitElement(Duration.ofHours(1)));
      new Thread(third).start();
      store.transact(() -> queue.add("b"));
      assertThat(third.get()).isTrue();
    }
  }

  @Test
  void longUseLeavesNothingBehind() {
    MaceOptions options = MaceOptions.defaults().withDurability(Durability.BUFFERED);
    try (PersistentStore store = PersistentStore.open(directory, options)) {
      PersistentQueue<Integer> queue = store.queue("q", Integer.class);
      for (int i = 0; i < 100_000; i++) {
        queue.add(i);
        if (i >= 100) {
          assertThat(queue.poll()).isEqualTo(i - 100);
        }
      }
      assertThat(queue).hasSize(100).first().isEqualTo(99_900);
      store.mace().checkpoint();
      store.mace().clean();
      assertThat(store.statistics().space().pageBytes()).isLessThan(1 << 20);
    }
  }

  @Test
  void wrongUseIsRefused() {
    PersistentStore store = PersistentStore.inMemory();
    PersistentQueue<String> queue = store.queue("q", String.class);
    assertThatThrownBy(() -> queue.add(null)).isInstanceOf(NullPointerException.class);
    PersistentQueue<String> same = queue;
    assertThatThrownBy(() -> queue.addAll(same)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> queue.addAll(Arrays.asList("a", null)))
        .isInstanceOf(NullPointerException.class);
    assertThat(queue).isEmpty();
    assertThat(queue.name()).isEqualTo("q");
    store.close();
    assertThatThrownBy(queue::poll).isInstanceOf(StoreClosedException.class);
  }
}
