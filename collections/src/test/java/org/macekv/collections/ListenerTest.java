package org.macekv.collections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.macekv.option.Durability;
import org.macekv.option.MaceOptions;

/** Listeners are told what was committed, in that order, and of nothing else. */
@Timeout(120)
class ListenerTest {
  private static final MaceOptions OPTIONS =
      MaceOptions.defaults().withDurability(Durability.BUFFERED).withMaxAttempts(1000);

  record User(String email, String city) {}

  private final PersistentStore store = PersistentStore.inMemoryBuilder().options(OPTIONS).open();
  private final List<String> told = Collections.synchronizedList(new ArrayList<>());

  private <K, V> void tell(List<Change<K, V>> changes) {
    told.add(changes.toString());
  }

  @Test
  void eachCommitIsToldOnceWithOldAndNewValues() {
    var map = store.navigableMap("map", String.class, Long.class);
    map.put("a", 0L);
    store.listen(map, this::tell);
    map.put("a", 1L);
    map.set("b", 2L);
    map.delete("c");
    map.remove("c");
    map.put("a", 1L);
    assertThat(map.remove("a")).isEqualTo(1L);
    map.merge("b", 5L, Long::sum);
    map.putAll(Map.of("x", 1L, "y", 2L));
    map.keySet().removeIf(key -> key.equals("x"));
    map.clear();
    store.close();
    assertThat(told)
        .containsExactly(
            "[a: 0 -> 1]",
            "[b: null -> 2]",
            "[a: 1 -> null]",
            "[b: 2 -> 7]",
            "[x: null -> 1, y: null -> 2]",
            "[x: 1 -> null]",
            "[b: 7 -> null, y: 2 -> null]");
  }

  @Test
  void aScopeIsToldAsAWholeWithoutWhatWasTakenBack() {
    var map = store.navigableMap("map", String.class, Long.class);
    var set = store.set("set", String.class);
    map.put("a", 0L);
    store.listen(map, this::tell);
    store.listen(set, this::tell);
    try (TransactionScope scope = store.begin()) {
      map.put("a", 1L);
      map.put("a", 2L);
      map.put("b", 1L);
      map.remove("b");
      try (TransactionScope nested = store.begin()) {
        map.put("n", 1L);
        map.put("a", 9L);
        nested.rollback();
      }
      try (TransactionScope nested = store.begin()) {
        set.add("s");
        nested.commit();
      }
      assertThat(told).isEmpty();
      scope.commit();
    }
    try (TransactionScope scope = store.begin()) {
      map.put("a", 3L);
      scope.rollback();
    }
    store.transact(() -> map.put("c", 3L));
    try (TransactionScope scope = store.begin()) {
      map.put("d", 4L);
      scope.commitAsync().toCompletableFuture().join();
    }
    store.close();
    assertThat(told)
        .containsExactly("[a: 0 -> 2]", "[s: null -> true]", "[c: null -> 3]", "[d: null -> 4]");
  }

  /** Whoever applies the changes one by one has, at each, the value that it was changed from. */
  @Test
  void theOrderIsThatOfTheCommits() throws Exception {
    var map = store.navigableMap("map", Integer.class, Integer.class);
    Map<Integer, Integer> copy = new TreeMap<>();
    AtomicInteger calls = new AtomicInteger();
    List<String> wrong = Collections.synchronizedList(new ArrayList<>());
    store.listen(
        map,
        changes -> {
          calls.incrementAndGet();
          for (Change<Integer, Integer> each : changes) {
            Integer before =
                each.isRemoval() ? copy.remove(each.key()) : copy.put(each.key(), each.newValue());
            if (before == null ? !each.isAddition() : !before.equals(each.oldValue())) {
              wrong.add(each + ", and there was " + before);
            }
          }
        });
    List<Thread> writers = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      Random random = new Random(t);
      Thread writer =
          new Thread(
              () -> {
                for (int n = 0; n < 1000; n++) {
                  int key = random.nextInt(5);
                  switch (random.nextInt(4)) {
                    case 0 -> map.remove(key);
                    case 1 -> map.set(key, n);
                    case 2 -> map.merge(key, 1, Integer::sum);
                    default ->
                        store.transact(
                            () -> {
                              map.merge(key, 1, Integer::sum);
                              map.merge(key + 1, -1, Integer::sum);
                            });
                  }
                }
              });
      writers.add(writer);
      writer.start();
    }
    for (Thread each : writers) {
      each.join();
    }
    Map<Integer, Integer> last = new TreeMap<>(map);
    store.close();
    assertThat(wrong).isEmpty();
    assertThat(copy).isEqualTo(last);
    assertThat(calls.get()).isBetween(2000, 4000);
  }

  @Test
  void aListenerThatFailsHarmsNobody() {
    var map = store.navigableMap("map", String.class, Long.class);
    store.listen(
        map,
        changes -> {
          throw new IllegalStateException("on purpose");
        });
    store.listen(
        map,
        changes -> {
          throw new StackOverflowError("on purpose");
        });
    store.listen(map, this::tell);
    map.put("a", 1L);
    map.put("b", 2L);
    assertThat(map).hasSize(2);
    store.close();
    assertThat(told).containsExactly("[a: null -> 1]", "[b: null -> 2]");
  }

  @Test
  void aListenerMayUseTheStore() {
    var map = store.navigableMap("map", String.class, Long.class);
    var log = store.navigableMap("log", Long.class, String.class);
    CountDownLatch done = new CountDownLatch(2);
    store.listen(
        map,
        changes -> {
          log.put(log.isEmpty() ? 0L : log.lastKey() + 1, changes.toString());
          done.countDown();
        });
    store.listen(log, this::tell);
    map.put("a", 1L);
    map.put("a", 2L);
    await(done);
    assertThat(log.values()).containsExactly("[a: null -> 1]", "[a: 1 -> 2]");
    store.close();
    assertThat(told).hasSize(2);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void ofAViewOnlyItsRangeIsTold() {
    var map = store.navigableMap("map", String.class, Long.class);
    store.listen((PersistentMap<String, Long>) map.subMap("b", true, "d", false), this::tell);
    map.putAll(Map.of("a", 1L, "b", 2L, "c", 3L, "d", 4L));
    map.put("a", 5L);
    store.close();
    assertThat(told).containsExactly("[b: null -> 2, c: null -> 3]");
  }

  @Test
  void entitiesAreTold() {
    var users =
        store.entities("users", User.class).key(User::email).index("city", User::city).open();
    store.listen(users, this::tell);
    users.put(new User("a@x", "Graz"));
    users.update("a@x", user -> new User(user.email(), "Linz"));
    users.delete("a@x");
    store.close();
    assertThat(told)
        .containsExactly(
            "[a@x: null -> User[email=a@x, city=Graz]]",
            "[a@x: User[email=a@x, city=Graz] -> User[email=a@x, city=Linz]]",
            "[a@x: User[email=a@x, city=Linz] -> null]");
  }

  @Test
  void whoHasEndedItIsToldNoMore() {
    var map = store.navigableMap("map", String.class, Long.class);
    Subscription subscription = store.listen(map, this::tell);
    CountDownLatch seen = new CountDownLatch(1);
    Subscription other = store.listen(map, changes -> seen.countDown());
    map.put("a", 1L);
    await(seen);
    subscription.close();
    subscription.close();
    other.close();
    map.put("b", 1L);
    store.close();
    assertThat(told).containsExactly("[a: null -> 1]");
  }

  @Test
  void whatCannotBeListenedToIsRefused() {
    var map = store.navigableMap("map", String.class, Long.class);
    try (Snapshot snapshot = store.snapshot();
        PersistentStore another = PersistentStore.inMemory()) {
      assertThatThrownBy(() -> store.listen(snapshot.of(map), this::tell))
          .isInstanceOf(UnsupportedOperationException.class);
      assertThatThrownBy(() -> another.listen(map, this::tell))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("map");
    }
    store.close();
  }

  @Test
  void aDroppedCollectionIsToldOfNoMore() {
    var map = store.navigableMap("map", String.class, Long.class);
    CountDownLatch seen = new CountDownLatch(1);
    store.listen(map, this::tell);
    store.listen(map, changes -> seen.countDown());
    map.put("a", 1L);
    await(seen);
    store.drop("map");
    store.navigableMap("map", String.class, Long.class).put("a", 2L);
    store.close();
    assertThat(told).containsExactly("[a: null -> 1]");
  }
}
