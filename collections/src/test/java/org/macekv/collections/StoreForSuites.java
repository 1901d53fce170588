package org.macekv.collections;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import junit.framework.TestSuite;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicNode;

/**
 * A store in memory for one test of a suite, and how the collections made in it are used. Testers
 * make one or several collections per test, so each gets a name of its own.
 */
final class StoreForSuites {
  /** How collections are used. */
  enum Mode {
    AUTO_COMMIT,
    IN_SCOPE,
    HANDED_SCOPE,
    FROZEN
  }

  private final Mode mode;
  private final List<AutoCloseable> opened = new ArrayList<>();
  private @Nullable PersistentStore store;
  private @Nullable TransactionScope handed;
  private int made;

  StoreForSuites(Mode mode) {
    this.mode = mode;
  }

  /** Builds a suite in this store: the builders make collections to look at, too. */
  Stream<DynamicNode> suite(Supplier<TestSuite> builder) {
    setUp();
    try {
      return GuavaSuites.nodesOf(builder.get(), this);
    } finally {
      tearDown();
    }
  }

  void setUp() {
    store = PersistentStore.inMemory();
    opened.add(store);
    made = 0;
    if (mode == Mode.IN_SCOPE) {
      opened.add(store.begin());
    }
    if (mode == Mode.HANDED_SCOPE) {
      handed = beginElsewhere(store);
    }
  }

  void tearDown() {
    for (int i = opened.size() - 1; i >= 0; i--) {
      try {
        opened.get(i).close();
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }
    opened.clear();
  }

  /** A map with these entries, in the mode. */
  PersistentNavigableMap<String, String> map(Map.Entry<String, String>[] entries) {
    PersistentNavigableMap<String, String> map =
        store.navigableMap("map-" + made++, String.class, String.class);
    if (mode == Mode.HANDED_SCOPE) {
      map = map.in(handed);
    }
    for (Map.Entry<String, String> entry : entries) {
      map.put(entry.getKey(), entry.getValue());
    }
    return mode == Mode.FROZEN ? snapshot().of(map) : map;
  }

  /** A set with these elements, in the mode. */
  PersistentSet<String> set(String[] elements) {
    PersistentSet<String> set = store.set("set-" + made++, String.class);
    if (mode == Mode.HANDED_SCOPE) {
      set = set.in(handed);
    }
    Collections.addAll(set, elements);
    return mode == Mode.FROZEN ? snapshot().of(set) : set;
  }

  private Snapshot snapshot() {
    Snapshot snapshot = store.snapshot();
    opened.add(snapshot);
    return snapshot;
  }

  private static TransactionScope beginElsewhere(PersistentStore store) {
    TransactionScope[] begun = new TransactionScope[1];
    Thread thread = new Thread(() -> begun[0] = store.begin());
    thread.start();
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return begun[0];
  }
}
