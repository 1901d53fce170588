package org.macekv.collections;

import java.util.AbstractSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Spliterator;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The keys of a map as a set: live, with removal, without adding. */
class KeySetView<E, V> extends AbstractSet<E> implements NavigableSet<E> {
  private final NavigableMapView<E, V> map;

  KeySetView(NavigableMapView<E, V> map) {
    this.map = map;
  }

  /** The map whose keys these are. */
  final NavigableMapView<E, V> map() {
    return map;
  }

  @Override
  public Iterator<E> iterator() {
    return new EntryIterator<>(map, map.isDescending(), EntryReading.keys());
  }

  @Override
  public Iterator<E> descendingIterator() {
    return new EntryIterator<>(map, !map.isDescending(), EntryReading.keys());
  }

  @Override
  public Spliterator<E> spliterator() {
    return new RangeSpliterator<>(
        map, EntryReading.keys(), Spliterator.DISTINCT | Spliterator.SORTED, map.comparator());
  }

  @Override
  public int size() {
    return map.size();
  }

  @Override
  public boolean isEmpty() {
    return map.isEmpty();
  }

  @Override
  public boolean contains(Object element) {
    return map.containsKey(element);
  }

  @Override
  public @Nullable Comparator<? super E> comparator() {
    return map.comparator();
  }

  @Override
  public E first() {
    return map.firstKey();
  }

  @Override
  public E last() {
    return map.lastKey();
  }

  @Override
  public @Nullable E lower(E element) {
    return map.lowerKey(element);
  }

  @Override
  public @Nullable E floor(E element) {
    return map.floorKey(element);
  }

  @Override
  public @Nullable E ceiling(E element) {
    return map.ceilingKey(element);
  }

  @Override
  public @Nullable E higher(E element) {
    return map.higherKey(element);
  }

  @Override
  public @Nullable E pollFirst() {
    return map.pollKey(true);
  }

  @Override
  public @Nullable E pollLast() {
    return map.pollKey(false);
  }

  @Override
  public boolean remove(Object element) {
    return map.removeKey(map.writableAccess(), element);
  }

  @Override
  public boolean removeAll(Collection<?> elements) {
    return map.removeEach(elements, map::removeKey);
  }

  @Override
  public boolean retainAll(Collection<?> elements) {
    Objects.requireNonNull(elements, "elements");
    return removeIf(element -> !elements.contains(element));
  }

  @Override
  public boolean removeIf(Predicate<? super E> filter) {
    return map.removeWhere(EntryReading.keys(), filter);
  }

  @Override
  public void clear() {
    map.clear();
  }

  @Override
  public NavigableSet<E> descendingSet() {
    return new KeySetView<>(map.descendingMap());
  }

  @Override
  public NavigableSet<E> subSet(E from, boolean fromInclusive, E to, boolean toInclusive) {
    return new KeySetView<>(map.subMap(from, fromInclusive, to, toInclusive));
  }

  @Override
  public NavigableSet<E> headSet(E to, boolean inclusive) {
    return new KeySetView<>(map.headMap(to, inclusive));
  }

  @Override
  public NavigableSet<E> tailSet(E from, boolean inclusive) {
    return new KeySetView<>(map.tailMap(from, inclusive));
  }

  @Override
  public NavigableSet<E> subSet(E from, E to) {
    return subSet(from, true, to, false);
  }

  @Override
  public NavigableSet<E> headSet(E to) {
    return headSet(to, false);
  }

  @Override
  public NavigableSet<E> tailSet(E from) {
    return tailSet(from, true);
  }
}
