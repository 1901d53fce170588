package org.macekv.collections;

import org.macekv.View;

/**
 * A state of the whole store that does not change, as {@code java.util} collections that refuse
 * writes with {@link UnsupportedOperationException}. It shows every commit up to the moment that it
 * was made and none after, and nothing of a scope that is open. Thread-safe. An open snapshot keeps
 * the history that it can see, so close it; its collections then throw {@link
 * IllegalStateException}.
 */
public final class Snapshot implements AutoCloseable {
  private final PersistentStore store;
  private final ViewAccess access;

  Snapshot(PersistentStore store, View view) {
    this.store = store;
    this.access = new ViewAccess(view);
  }

  /**
   * What {@code map}, or a view of a map, had in it. A map that was made after the snapshot is
   * empty.
   *
   * @throws IllegalArgumentException if the map is of another store
   */
  public <K, V> PersistentNavigableMap<K, V> of(PersistentNavigableMap<K, V> map) {
    if (!(map instanceof NavigableMapView<K, V> view)) {
      throw foreign(map);
    }
    return frozen(view);
  }

  /**
   * What {@code set}, or a view of a set, had in it. A set that was made after the snapshot is
   * empty.
   *
   * @throws IllegalArgumentException if the set is of another store
   */
  public <E> PersistentSet<E> of(PersistentSet<E> set) {
    if (!(set instanceof StoredSet<E> view)) {
      throw foreign(set);
    }
    return new StoredSet<>(frozen(view.map()));
  }

  /**
   * What {@code map} had in it; see {@link #of(PersistentNavigableMap)}.
   *
   * @throws IllegalArgumentException if the map is of another store
   */
  public <K, V> PersistentMap<K, V> of(PersistentMap<K, V> map) {
    if (!(map instanceof NavigableMapView<K, V> view)) {
      throw foreign(map);
    }
    return frozen(view);
  }

  /**
   * What {@code multimap} had in it.
   *
   * @throws IllegalArgumentException if it is of another store
   */
  public <K, V> PersistentMultimap<K, V> of(PersistentMultimap<K, V> multimap) {
    if (!(multimap instanceof StoredMultimap<K, V> stored)) {
      throw foreign(multimap);
    }
    return stored.over(frozen(stored.pairs()));
  }

  /**
   * What {@code queue} had in it.
   *
   * @throws IllegalArgumentException if it is of another store
   */
  public <E> PersistentQueue<E> of(PersistentQueue<E> queue) {
    if (!(queue instanceof StoredQueue<E> stored)) {
      throw foreign(queue);
    }
    return stored.over(frozen(stored.map()));
  }

  /**
   * What {@code entities} were.
   *
   * @throws IllegalArgumentException if they are of another store
   */
  public <K, E> Entities<K, E> of(Entities<K, E> entities) {
    entities.requireStore(store);
    return entities.over(access);
  }

  /**
   * What {@code counter} was.
   *
   * @throws IllegalArgumentException if it is of another store
   */
  public PersistentCounter of(PersistentCounter counter) {
    if (!(counter instanceof StoredCounter stored)) {
      throw foreign(counter);
    }
    stored.store().requireIs(store, stored.name());
    return stored.over(access);
  }

  private static IllegalArgumentException foreign(Object collection) {
    return new IllegalArgumentException(
        "not a collection of a store: " + collection.getClass().getName());
  }

  /** Lets go of the history that only this snapshot could see. Idempotent. */
  @Override
  public void close() {
    access.close();
  }

  private <K, V> NavigableMapView<K, V> frozen(NavigableMapView<K, V> map) {
    map.collection().store().requireIs(store, map.name());
    return map.over(access);
  }
}
