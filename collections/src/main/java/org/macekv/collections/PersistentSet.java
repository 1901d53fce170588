package org.macekv.collections;

import java.util.NavigableSet;

/**
 * A {@link NavigableSet} that is kept in a store. It does what {@link
 * java.util.concurrent.ConcurrentSkipListSet} does, and takes part in scopes and snapshots just as
 * {@link PersistentNavigableMap} does; what is said there of atomicity, copies and cost holds here
 * too. {@code addAll}, {@code removeAll}, {@code retainAll}, {@code removeIf} and {@code clear} are
 * one transaction each. No nulls. Thread-safe.
 *
 * @param <E> the elements, ordered as {@link #comparator()} says
 */
public interface PersistentSet<E> extends NavigableSet<E> {

  /** The name of the collection in its store; views of a set have the name of the set. */
  String name();

  /** The number of elements, as {@link #size()}, but not capped at {@link Integer#MAX_VALUE}. */
  long count();

  /**
   * Adds {@code element} without asking whether it was there: cheaper than {@code add}.
   *
   * @throws IllegalArgumentException if the element is out of the range of this view
   */
  void set(E element);

  /** Removes {@code element} without asking whether it was there: cheaper than {@code remove}. */
  void delete(E element);

  /**
   * This set, or view of a set, as part of {@code scope}, whatever thread uses it; see {@link
   * PersistentNavigableMap#in}.
   *
   * @throws IllegalArgumentException if the scope is of another store
   * @throws UnsupportedOperationException if this set is of a {@link Snapshot}
   */
  PersistentSet<E> in(TransactionScope scope);

  /**
   * The elements that begin with {@code prefix}, as a view; see {@link
   * PersistentNavigableMap#prefixMap}.
   *
   * @throws UnsupportedOperationException if the elements have no prefixes
   * @throws IllegalArgumentException if the number of components does not fit
   */
  PersistentSet<E> prefixSet(Object... prefix);

  @Override
  PersistentSet<E> descendingSet();

  @Override
  PersistentSet<E> subSet(E fromElement, boolean fromInclusive, E toElement, boolean toInclusive);

  @Override
  PersistentSet<E> headSet(E toElement, boolean inclusive);

  @Override
  PersistentSet<E> tailSet(E fromElement, boolean inclusive);

  @Override
  PersistentSet<E> subSet(E fromElement, E toElement);

  @Override
  PersistentSet<E> headSet(E toElement);

  @Override
  PersistentSet<E> tailSet(E fromElement);
}
