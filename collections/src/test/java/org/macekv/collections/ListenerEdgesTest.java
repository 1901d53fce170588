package org.macekv.collections;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.macekv.error.StoreClosedException;
import org.macekv.option.Durability;
import org.macekv.option.MaceOptions;

/** Hooks, interrupts, drops and closing beside listeners. */
@Timeout(60)
class ListenerEdgesTest {
  private static final MaceOptions OPTIONS =
      MaceOptions.defaults().withDurability(Durability.BUFFERED);

  private final PersistentStore store = PersistentStore.inMemoryBuilder().options(OPTIONS).open();
  private final List<String> told = Collections.synchronizedList(new ArrayList<>());

  private <K, V> void tell(List<Change<K, V>> changes) {
    told.add(changes.toString());
  }

  private static boolean await(CountDownLatch latch, long millis) {
    try {
      return latch.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aListenerThatLeavesTheInterruptFlagEndsNothing() throws InterruptedException {
    var map = store.navigableMap("map", String.class, Long.class);
    CountDownLatch first = new CountDownLatch(1);
    store.listen(map, this::tell);
    store.listen(
        map,
        changes -> {
          Thread.currentThread().interrupt();
          first.countDown();
        });
    map.put("a", 1L);
    first.await();
    map.put("b", 2L);
    store.close();
    assertThat(told).containsExactly("[a: null -> 1]", "[b: null -> 2]");
  }

  @Test
  void aHookThatFailsWithAnErrorHoldsUpNobody() throws InterruptedException {
    var map = store.navigableMap("map", String.class, Long.class);
    CountDownLatch second = new CountDownLatch(1);
    store.listen(map, this::tell);
    store.listen(
        map,
        changes -> {
          if (changes.get(0).key().equals("b")) {
            second.countDown();
          }
        });
    try (TransactionScope scope = store.begin()) {
      scope.afterCommit(
          () -> {
            throw new AssertionError("on purpose"); // is logged: the commit stands
          });
      map.put("a", 1L);
      scope.commit();
    }
    assertThat(map.get("a")).isEqualTo(1L);
    map.put("b", 2L);
    second.await(); // it is told while the store is open
    store.close();
    assertThat(told).containsExactly("[a: null -> 1]", "[b: null -> 2]");
  }

  @Test
  void aHookThatTakesLongHoldsUpNobody() throws InterruptedException {
    var map = store.navigableMap("map", String.class, Long.class);
    CountDownLatch second = new CountDownLatch(1);
    CountDownLatch inHook = new CountDownLatch(1);
    AtomicBoolean seen = new AtomicBoolean();
    store.listen(
        map,
        changes -> {
          if (changes.get(0).key().equals("b")) {
            second.countDown();
          }
        });
    Thread slow =
        new Thread(
            () -> {
              try (TransactionScope scope = store.begin()) {
                scope.afterCommit(
                    () -> {
                      inHook.countDown();
                      seen.set(await(second, 30_000));
                    });
                map.put("a", 1L);
                scope.commit();
              }
            });
    slow.start();
    inHook.await();
    map.put("b", 2L);
    slow.join();
    store.close();
    assertThat(seen).as("b is told while a hook of the commit of a runs").isTrue();
  }

  @Test
  void whatIsCommittedAsynchronouslyIsToldBeforeTheStoreIsClosed() {
    var map = store.navigableMap("map", String.class, Long.class);
    store.listen(map, this::tell);
    CountDownLatch free = new CountDownLatch(1);
    try (TransactionScope scope = store.begin()) {
      scope.afterCommit(() -> await(free, 1000)); // runs in another thread
      map.put("a", 1L);
      scope.commitAsync();
    }
    store.sync();
    assertThat(map.get("a")).isEqualTo(1L);
    store.close();
    free.countDown();
    assertThat(told).containsExactly("[a: null -> 1]");
  }

  @Test
  void whatAnotherThreadHasCommittedIsToldBeforeTheStoreIsClosed() throws InterruptedException {
    int lost = 0;
    for (int i = 0; i < 200; i++) {
      lost += isLostByClosing(PersistentStore.inMemoryBuilder().options(OPTIONS).open()) ? 1 : 0;
    }
    assertThat(lost).as("stores that were closed without telling of all").isZero();
  }

  private static boolean isLostByClosing(PersistentStore each) throws InterruptedException {
    var map = each.navigableMap("map", String.class, Long.class);
    AtomicInteger seen = new AtomicInteger();
    AtomicInteger committed = new AtomicInteger();
    each.listen(map, changes -> seen.incrementAndGet());
    Thread writer =
        new Thread(
            () -> {
              try {
                for (long n = 0; n < 100_000; n++) {
                  map.set("a", n);
                  committed.incrementAndGet();
                }
              } catch (StoreClosedException e) {
                return;
              }
            });
    writer.start();
    while (committed.get() < 20) {
      Thread.onSpinWait();
    }
    each.close();
    writer.join();
    return committed.get() > seen.get();
  }

  @Test
  void aStoreThatIsClosedByAHookHasToldOfItsCommit() {
    var map = store.navigableMap("map", String.class, Long.class);
    store.listen(map, this::tell);
    try (TransactionScope scope = store.begin()) {
      scope.afterCommit(store::close);
      map.put("a", 1L);
      scope.commit();
    }
    assertThat(told).containsExactly("[a: null -> 1]");
  }

  @Test
  void closingASubscriptionTwiceLeavesAnotherOfTheSameListener() {
    var map = store.navigableMap("map", String.class, Long.class);
    ChangeListener<String, Long> listener = this::tell;
    Subscription first = store.listen(map, listener);
    Subscription second = store.listen(map, listener);
    first.close();
    first.close();
    map.put("a", 1L);
    store.close();
    assertThat(told).containsExactly("[a: null -> 1]");
    second.close();
  }

  @Test
  void whoBeginsToListenInTheMiddleOfATransactionGetsNoWrongOldValue() {
    var map = store.navigableMap("map", String.class, Long.class);
    map.put("a", 0L);
    map.put("b", 0L);
    try (TransactionScope scope = store.begin()) {
      map.put("a", 1L);
      map.put("b", 1L);
      store.listen(map, this::tell);
      map.put("a", 2L);
      map.put("b", 0L); // as it was
      scope.commit();
    }
    store.close();
    assertThat(told).doesNotContain("[a: 1 -> 2, b: 1 -> 0]");
  }

  @Test
  void whatWasCommittedBeforeACollectionWasDroppedIsTold() {
    var map = store.navigableMap("map", String.class, Long.class);
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch dropped = new CountDownLatch(1);
    store.listen(
        map,
        changes -> {
          tell(changes);
          begun.countDown();
          await(dropped, 5000);
        });
    map.put("a", 1L);
    assertThat(await(begun, 5000)).isTrue();
    map.put("b", 2L);
    store.drop("map");
    dropped.countDown();
    store.close();
    assertThat(told).containsExactly("[a: null -> 1]", "[b: null -> 2]");
  }
}
