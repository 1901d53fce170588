package org.macekv.collections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Field;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Spliterator;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.macekv.error.BucketDroppedException;
import org.macekv.error.StoreClosedException;
import org.macekv.error.TransactionTimeoutException;
import org.macekv.option.MaceOptions;
import org.macekv.option.TransactionOptions;
import org.macekv.serialization.KeyCodecs;
import org.macekv.serialization.SerializationException;
import org.macekv.serialization.Serializer;
import org.macekv.serialization.Serializers;

/** Collections at the edges of what is promised; each of these was wrong once. */
@Timeout(60)
class CollectionEdgesTest {
  @TempDir Path directory;

  // ---- Counter

  @Test
  void counterNeverGoesBack() throws Exception {
    try (PersistentStore store = PersistentStore.inMemory()) {
      PersistentCounter counter = store.counter("c");
      Thread adder = new Thread(() -> IntStream.range(0, 60_000).forEach(i -> counter.add(1)));
      adder.start();
      long last = 0;
      long most = 0;
      while (adder.isAlive()) {
        long now = counter.get();
        most = Math.max(most, last - now);
        last = Math.max(last, now);
      }
      adder.join();
      assertThat(most).isZero();
    }
  }

  @Test
  void counterUnderASmallLimitIsAddedUp() {
    MaceOptions options = MaceOptions.defaults().withMaxTransactionWrites(1000);
    try (PersistentStore store = PersistentStore.inMemoryBuilder().options(options).open()) {
      PersistentCounter counter = store.counter("c");
      for (int s = 0; s < 3; s++) {
        store.transact(() -> IntStream.range(0, 900).forEach(i -> counter.add(1)));
      }
      IntStream.range(0, 5000).forEach(i -> counter.add(1));
      long entries = 0;
      for (String name : store.mace().bucketNames()) {
        if (name.startsWith("collection/")) {
          entries += store.mace().bucket(name).count();
        }
      }
      assertThat(entries).isLessThan(2000);
    }
  }

  // ---- Queue

  @Test
  void timedOutScopesGiveBack() {
    try (PersistentStore store = PersistentStore.inMemory()) {
      PersistentQueue<Integer> queue = store.queue("q", Integer.class);
      queue.addAll(IntStream.range(0, 20_000).boxed().toList());
      TransactionOptions options = TransactionOptions.defaults().withTimeoutMillis(5);
      for (int round = 0; round < 100; round++) {
        try (TransactionScope scope = store.begin(options)) {
          while (scope.isOpen()) {
            queue.poll();
          }
        } catch (TransactionTimeoutException | IllegalStateException e) {
          assertThat(e).isNotNull(); // as it should be
        }
      }
      List<Integer> all = new ArrayList<>();
      for (Integer e = queue.poll(); e != null; e = queue.poll()) {
        all.add(e);
      }
      assertThat(all).hasSize(20_000);
    }
  }

  @Test
  void elementThatOthersTookIsNotTakenByTheSecondPoll() {
    try (PersistentStore store = PersistentStore.inMemory()) {
      PersistentQueue<String> queue = store.queue("q", String.class);
      queue.add("a");
      try (TransactionScope scope = store.begin()) {
        OtherThread.run(() -> assertThat(queue.poll()).isEqualTo("a"));
        assertThat(queue.poll()).isNull();
        queue.add("mine");
        assertThat(queue.poll()).isEqualTo("mine"); // is "a"; commit() then conflicts
        scope.commit();
      }
    }
  }

  @Test
  void asynchronouslyOfferedIsTakenByTheNextScope() {
    try (PersistentStore store = PersistentStore.open(directory)) {
      PersistentQueue<String> queue = store.queue("q", String.class);
      int missed = 0;
      for (int i = 0; i < 50; i++) {
        TransactionScope scope = store.begin();
        queue.add("e" + i);
        CompletionStage<?> stage = scope.commitAsync();
        try (TransactionScope next = store.begin()) {
          assertThat(next.isOpen()).isTrue();
          assertThat(queue.peek()).isEqualTo("e" + i);
          missed += queue.poll() == null ? 1 : 0;
        }
        stage.toCompletableFuture().join();
        queue.clear();
      }
      assertThat(missed).isZero();
    }
  }

  @Test
  void givenBackByAnotherScopeIsAtTheHeadAgain() {
    try (PersistentStore store = PersistentStore.inMemory()) {
      PersistentQueue<String> queue = store.queue("q", String.class);
      queue.addAll(List.of("a", "b", "c"));
      try (TransactionScope scope = store.begin()) {
        OtherThread.run(
            () -> {
              try (TransactionScope other = store.begin()) {
                assertThat(other.isOpen()).isTrue();
                assertThat(queue.poll()).isEqualTo("a");
                assertThat(OtherThread.call(() -> queue.in(scope).poll())).isEqualTo("b");
              } // rolled back
            });
        assertThat(queue.peek()).isEqualTo("a");
        assertThat(queue.poll()).isEqualTo("a"); // is "c"
      }
    }
  }

  @Test
  void nestedRollbackAndThenRemovalOfTheLastThatWasTaken() {
    try (PersistentStore store = PersistentStore.inMemory()) {
      PersistentQueue<String> queue = store.queue("q", String.class);
      queue.addAll(List.of("a", "b", "c"));
      try (TransactionScope scope = store.begin()) {
        try (TransactionScope nested = store.begin()) {
          assertThat(queue.poll()).isEqualTo("a");
          assertThat(queue.poll()).isEqualTo("b");
          nested.rollback();
        }
        assertThat(queue.remove("b")).isTrue();
        assertThat(queue.poll()).isEqualTo("a"); // is "c"
        scope.commit();
      }
    }
  }

  @Test
  void lostScopeGivesBack() throws Exception {
    try (PersistentStore store = PersistentStore.inMemory()) {
      PersistentQueue<String> queue = store.queue("q", String.class);
      queue.add("a");
      loseInAThread(store, queue);
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
      while (store.statistics().leaks() < 1 && System.nanoTime() < end) {
        System.gc();
      }
      assertThat(store.statistics().leaks()).isEqualTo(1); // is 1 with a map in place of the queue
      assertThat(queue.poll()).isEqualTo("a");
    }
  }

  private static void loseInAThread(PersistentStore store, PersistentQueue<String> queue)
      throws InterruptedException {
    Thread thread =
        new Thread(
            () -> {
              store.begin();
              assertThat(queue.poll()).isEqualTo("a");
            });
    thread.start();
    thread.join();
  }

  @Test
  void elementThatCanNotBeReadIsNotLost() {
    try (PersistentStore store = PersistentStore.inMemory()) {
      AtomicBoolean failing = new AtomicBoolean();
      Serializer<String> serializer =
          new Serializer<>() {
            @Override
            public byte[] serialize(String value) {
              return Serializers.STRING.serialize(value);
            }

            @Override
            public String deserialize(byte[] bytes) {
              if (failing.get()) {
                throw new SerializationException("not now");
              }
              return Serializers.STRING.deserialize(bytes);
            }
          };
      PersistentQueue<String> queue = store.queue("q", serializer);
      PersistentNavigableMap<String, String> map =
          store.navigableMap("m", KeyCodecs.STRING, serializer);
      queue.add("a");
      map.put("k", "v");
      failing.set(true);
      assertThatThrownBy(queue::poll).isInstanceOf(SerializationException.class);
      assertThatThrownBy(map::pollFirstEntry).isInstanceOf(SerializationException.class);
      assertThat(queue.count()).isEqualTo(1);
      assertThat(map.count()).isEqualTo(1);
    }
  }

  @Test
  void removeOfWhatAnotherTookIsFalse() {
    try (PersistentStore store = PersistentStore.inMemory()) {
      PersistentQueue<String> queue = store.queue("q", String.class);
      queue.addAll(List.of("a", "b"));
      Object wanted = new EqualToWhatIsJustTaken(queue);
      assertThat(queue.remove(wanted)).isFalse();
    }
  }

  /** Is equal to an element, which another thread takes at this moment. */
  @SuppressWarnings({"EqualsHashCode", "EqualsGetClass", "EqualsUnsafeCast"})
  private static final class EqualToWhatIsJustTaken {
    private final PersistentQueue<String> queue;

    EqualToWhatIsJustTaken(PersistentQueue<String> queue) {
      this.queue = queue;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof String
          && OtherThread.call(() -> other.equals(queue.poll())); // one of both had it
    }

    @Override
    public int hashCode() {
      return 0;
    }
  }

  @Test
  void closeAndDropWakeWhoWaits() throws Exception {
    for (boolean close : new boolean[] {true, false}) {
      PersistentStore store = PersistentStore.inMemory();
      PersistentQueue<String> queue = store.queue("q", String.class);
      Thread thread = new Thread(new FutureTask<>(() -> queue.awaitElement(Duration.ofHours(1))));
      thread.setDaemon(true);
      thread.start();
      while (thread.getState() != Thread.State.TIMED_WAITING) {
        Thread.onSpinWait();
      }
      if (close) {
        store.close();
      } else {
        store.drop("q");
      }
      thread.join();
    }
  }

  @Test
  void waitingForEver() throws Exception {
    try (PersistentStore store = PersistentStore.inMemory()) {
      PersistentQueue<String> queue = store.queue("q", String.class);
      queue.add("a");
      assertThat(queue.awaitElement(Duration.ofSeconds(Long.MAX_VALUE))).isTrue();
    }
  }

  @Test
  @SuppressWarnings("ModifySourceCollectionInStream")
  void streamOfAQueueWhileOthersTake() {
    try (PersistentStore store = PersistentStore.inMemory()) {
      PersistentQueue<Integer> queue = store.queue("q", Integer.class);
      queue.addAll(IntStream.range(0, 20_000).boxed().toList());
      List<Integer> seen =
          queue.stream()
              .map(
                  e -> {
                    if (e == 0) {
                      queue.clear();
                    }
                    return e;
                  })
              .toList(); // IllegalStateException: End size 541 is less than fixed size 20000
      assertThat(seen).isNotEmpty();
      assertThat(queue.spliterator().hasCharacteristics(Spliterator.ORDERED)).isTrue();
    }
  }

  @Test
  void hookSeesWhatWasGivenBack() {
    try (PersistentStore store = PersistentStore.inMemory()) {
      PersistentQueue<String> queue = store.queue("q", String.class);
      queue.add("a");
      AtomicReference<String> got = new AtomicReference<>();
      TransactionScope scope = store.begin();
      scope.afterRollback(() -> got.set(queue.poll()));
      assertThat(queue.poll()).isEqualTo("a");
      scope.rollback();
      assertThat(got.get()).isEqualTo("a");
    }
  }

  // ---- Sequences, catalog, multimap

  @Test
  void sequenceOfBlocksThatWasDroppedOrClosed() {
    PersistentStore store = PersistentStore.inMemory();
    PersistentSequence closed = store.sequence("s", 10);
    PersistentSequence dropped = store.sequence("d", 10);
    closed.next();
    dropped.next();
    store.drop("d");
    assertThatThrownBy(dropped::next).isInstanceOf(BucketDroppedException.class);
    store.close();
    assertThatThrownBy(closed::next).isInstanceOf(StoreClosedException.class);
  }

  @Test
  void droppedCollectionsLeaveNothingInMemory() throws Exception {
    try (PersistentStore store = PersistentStore.inMemory()) {
      for (int i = 0; i < 20; i++) {
        store.queue("q", String.class).add("a");
        store.drop("q");
      }
      Field field = PersistentStore.class.getDeclaredField("shared");
      field.setAccessible(true);
      assertThat((Map<?, ?>) field.get(store)).hasSizeLessThan(10);
    }
  }

  @Test
  void twoNamesForOneCollection() {
    try (PersistentStore store = PersistentStore.open(directory)) {
      store.set("?", String.class).add("a");
      try {
        store.drop("\ud800");
      } catch (IllegalArgumentException refused) {
        return;
      }
      store.set("?", String.class).add("b");
    }
    try (PersistentStore store = PersistentStore.open(directory)) {
      assertThat(store.set("?", String.class)).contains("b");
    }
  }

  @Test
  void keyIteratorStaysWhereItWasMade() {
    try (PersistentStore store = PersistentStore.inMemory()) {
      PersistentMultimap<String, String> map = store.multimap("m", String.class, String.class);
      map.put("k", "v");
      Iterator<String> keys = map.keySet().iterator();
      assertThat(keys.next()).isEqualTo("k");
      try (TransactionScope scope = store.begin()) {
        keys.remove();
        scope.rollback();
      }
      assertThat(map.isEmpty()).isTrue(); // as with the iterators of maps and sets
    }
  }

  @Test
  @SuppressWarnings("ModifySourceCollectionInStream")
  void streamOfKeysWhileOthersRemove() {
    try (PersistentStore store = PersistentStore.inMemory()) {
      PersistentMultimap<String, String> map = store.multimap("m", String.class, String.class);
      List.of("a", "b", "c").forEach(key -> map.put(key, "v"));
      assertThat(
              map.keySet().stream()
                  .map(
                      key -> {
                        map.removeAll("c");
                        return key;
                      })
                  .toList())
          .containsExactly("a", "b");
    }
  }

  @Test
  @SuppressWarnings("NullAway")
  void nullKeysOfAMultimapAreRefused() {
    try (PersistentStore store = PersistentStore.inMemory()) {
      PersistentMultimap<String, String> map =
          store.multimap("m", KeyCodecs.nullsFirst(KeyCodecs.STRING), KeyCodecs.STRING);
      map.put("a", "v");
      try {
        map.put(null, "v");
      } catch (NullPointerException refused) {
        // as it should be
      }
      assertThat(new ArrayList<>(map.keySet())).contains("a"); // is empty
    }
  }

  enum Color {
    RED
  }

  enum Other {
    RED
  }

  @Test
  @SuppressWarnings("CollectionIncompatibleType")
  void foreignEnumIsNotInTheMap() {
    try (PersistentStore store = PersistentStore.inMemory()) {
      PersistentMap<Color, String> map = store.map("m", Color.class, String.class);
      map.put(Color.RED, "r");
      Object foreign = Other.RED;
      try {
        assertThat(map.get(foreign)).isNull(); // is "r"
      } catch (ClassCastException allowed) {
        assertThat(map).hasSize(1);
      }
    }
  }
}
