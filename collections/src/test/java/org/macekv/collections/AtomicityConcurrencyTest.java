package org.macekv.collections;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.macekv.option.Durability;
import org.macekv.option.MaceOptions;

/** Many threads do the same to the same entries, and nothing is lost or done twice. */
class AtomicityConcurrencyTest {
  private static final int THREADS = 4;
  private static final int TURNS = 500;

  private final PersistentStore store =
      PersistentStore.inMemoryBuilder()
          .options(
              MaceOptions.defaults()
                  .withDurability(Durability.BUFFERED)
                  .withMaxAttempts(Integer.MAX_VALUE))
          .open();
  private final PersistentNavigableMap<String, Integer> map =
      store.navigableMap("map", String.class, Integer.class);

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void mergeLosesNoIncrement() throws Exception {
    inThreads(turn -> map.merge("k" + turn % 3, 1, Integer::sum));
    assertThat(total()).isEqualTo(THREADS * TURNS);
  }

  @Test
  void computeLosesNoIncrement() throws Exception {
    inThreads(turn -> map.compute("k", (key, value) -> value == null ? 1 : value + 1));
    assertThat(map).containsEntry("k", THREADS * TURNS);
  }

  @Test
  void computeIfPresentLosesNoIncrement() throws Exception {
    map.put("k", 0);
    inThreads(turn -> map.computeIfPresent("k", (key, value) -> value + 1));
    assertThat(map).containsEntry("k", THREADS * TURNS);
  }

  @Test
  void replaceOfAnExpectedValueLosesNoIncrement() throws Exception {
    map.put("k", 0);
    inThreads(
        turn -> {
          int value = map.get("k");
          while (!map.replace("k", value, value + 1)) {
            value = map.get("k");
          }
        });
    assertThat(map).containsEntry("k", THREADS * TURNS);
  }

  @Test
  void transactLosesNoIncrement() throws Exception {
    map.put("k", 0);
    inThreads(turn -> store.transact(() -> map.put("k", map.get("k") + 1)));
    assertThat(map).containsEntry("k", THREADS * TURNS);
  }

  @Test
  void onlyOneThreadPutsWhatIsAbsent() throws Exception {
    ConcurrentMap<String, Integer> winners = new ConcurrentHashMap<>();
    inThreads(
        turn -> {
          if (map.putIfAbsent("k" + turn, turn) == null) {
            winners.merge("k" + turn, 1, Integer::sum);
          }
        });
    assertThat(winners).hasSize(TURNS).allSatisfy((key, count) -> assertThat(count).isOne());
    assertThat(map).hasSize(TURNS);
  }

  @Test
  void onlyOneThreadRemovesAnEntry() throws Exception {
    IntStream.range(0, TURNS).forEach(i -> map.put("k" + i, i));
    ConcurrentMap<String, Integer> removed = new ConcurrentHashMap<>();
    inThreads(
        turn -> {
          boolean gone =
              turn % 2 == 0 ? map.remove("k" + turn, turn) : map.remove("k" + turn) != null;
          if (gone) {
            removed.merge("k" + turn, 1, Integer::sum);
          }
        });
    assertThat(removed).hasSize(TURNS).allSatisfy((key, count) -> assertThat(count).isOne());
    assertThat(map).isEmpty();
  }

  @Test
  void everyEntryIsPolledOnce() throws Exception {
    PersistentSet<Integer> queue = store.set("queue", Integer.class);
    IntStream.range(0, THREADS * TURNS).forEach(queue::set);
    Set<Integer> polled = ConcurrentHashMap.newKeySet();
    inThreads(
        turn -> {
          Integer element = turn % 2 == 0 ? queue.pollFirst() : queue.pollLast();
          assertThat(polled.add(element)).isTrue();
        });
    assertThat(polled).hasSize(THREADS * TURNS);
    assertThat(queue).isEmpty();
    assertThat(queue.pollFirst()).isNull();
  }

  @Test
  void sizeIsExactWhateverThreadsPutAndRemove() throws Exception {
    inThreads(
        turn -> {
          String key = "k" + turn * 31 % 17;
          switch (turn % 5) {
            case 0 -> map.remove(key);
            case 1 -> map.delete(key);
            case 2 -> map.set(key, turn);
            default -> map.put(key, turn);
          }
        });
    assertThat(map.size()).isEqualTo(map.keySet().stream().toList().size());
  }

  @Test
  void iteratorsMeetEveryEntryThatStays() throws Exception {
    IntStream.range(0, 100).forEach(i -> map.put("stays" + i, i));
    inThreads(
        turn -> {
          map.put("turn" + turn, turn);
          map.put("stays" + turn % 100, turn);
          map.remove("turn" + (turn - 1));
          if (turn % 10 == 0) {
            assertThat(map.keySet().stream().filter(key -> key.startsWith("stays"))).hasSize(100);
            assertThat(map.descendingKeySet().stream().filter(key -> key.startsWith("stays")))
                .hasSize(100);
          }
        });
  }

  private int total() {
    return map.values().stream().mapToInt(Integer::intValue).sum();
  }

  private static void inThreads(IntConsumer turn) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      CyclicBarrier start = new CyclicBarrier(THREADS);
      Callable<Void> work =
          () -> {
            start.await();
            IntStream.range(0, TURNS).forEach(turn);
            return null;
          };
      List<Future<Void>> running = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        running.add(threads.submit(work));
      }
      for (Future<Void> one : running) {
        one.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
