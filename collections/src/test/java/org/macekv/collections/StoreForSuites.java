package org.macekv.collections;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Stream;
import junit.framework.TestSuite;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicNode;

/**
 * A store in memory for a suite, and how the collections made in it are used. One test may make
 * several, so each gets a name of its own; the next test finds them empty.
 */
final class StoreForSuites implements AutoCloseable {
  /** How collections are used. */
  enum Mode {
    AUTO_COMMIT,
    IN_SCOPE,
    HANDED_SCOPE,
    FROZEN
  }

  private final Mode mode;
  private final PersistentStore store = PersistentStore.inMemory();
  private final List<Runnable> clearing = new ArrayList<>();
  private final ExecutorService otherThread = Executors.newSingleThreadExecutor();
  private @Nullable TransactionScope scope;
  private int made;

  StoreForSuites(Mode mode) {
    this.mode = mode;
  }

  /** Builds a suite in this store: the builders make collections to look at, too. */
  Stream<DynamicNode> suite(Supplier<TestSuite> builder) {
    setUp();
    try {
      return GuavaSuites.nodesOf(builder.get(), this).onClose(this::close);
    } finally {
      tearDown();
    }
  }

  void setUp() {
    made = 0;
    if (mode == Mode.IN_SCOPE) {
      scope = store.begin();
    }
    if (mode == Mode.HANDED_SCOPE) {
      scope = elsewhere(store::begin);
    }
  }

  void tearDown() {
    if (mode == Mode.IN_SCOPE) {
      scope.close();
    }
    if (mode == Mode.HANDED_SCOPE) {
      elsewhere(Executors.callable(scope::close));
    }
    clearing.forEach(Runnable::run);
    clearing.clear();
  }

  /** A map with these entries, in the mode. */
  PersistentNavigableMap<String, String> map(Map.Entry<String, String>[] entries) {
    PersistentNavigableMap<String, String> map =
        store.navigableMap("map-" + made++, String.class, String.class);
    clearing.add(map::clear);
    PersistentNavigableMap<String, String> used = mode == Mode.HANDED_SCOPE ? map.in(scope) : map;
    for (Map.Entry<String, String> entry : entries) {
      used.put(entry.getKey(), entry.getValue());
    }
    return mode == Mode.FROZEN ? snapshot().of(used) : used;
  }

  /** A set with these elements, in the mode. */
  PersistentSet<String> set(String[] elements) {
    PersistentSet<String> set = store.set("set-" + made++, String.class);
    clearing.add(set::clear);
    PersistentSet<String> used = mode == Mode.HANDED_SCOPE ? set.in(scope) : set;
    Collections.addAll(used, elements);
    return mode == Mode.FROZEN ? snapshot().of(used) : used;
  }

  /** A queue with these elements, in the mode. */
  PersistentQueue<String> queue(String[] elements) {
    PersistentQueue<String> queue = store.queue("queue-" + made++, String.class);
    clearing.add(queue::clear);
    PersistentQueue<String> used = mode == Mode.HANDED_SCOPE ? queue.in(scope) : queue;
    Collections.addAll(used, elements);
    return used;
  }

  /** The values of a key of a multimap, between those of others. */
  PersistentSet<String> valuesOfAKey(String[] elements) {
    PersistentMultimap<String, String> multimap =
        store.multimap("multimap-" + made++, String.class, String.class);
    clearing.add(multimap::clear);
    multimap.put("ke", "before");
    multimap.put("key\0", "behind");
    Collections.addAll(multimap.get("key"), elements);
    return multimap.get("key");
  }

  @Override
  public void close() {
    otherThread.shutdown();
    store.close();
  }

  private Snapshot snapshot() {
    Snapshot snapshot = store.snapshot();
    clearing.add(snapshot::close);
    return snapshot;
  }

  private <T> T elsewhere(Callable<T> call) {
    try {
      return otherThread.submit(call).get();
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(e);
    }
  }
}
