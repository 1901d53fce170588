package org.macekv.collections;

import java.util.AbstractCollection;
import java.util.Collection;
import java.util.Iterator;
import java.util.Objects;
import java.util.Spliterator;
import java.util.function.Predicate;

/** The values of a map in the order of its keys: live, with removal, without adding. */
final class ValuesView<K, V> extends AbstractCollection<V> {
  private final NavigableMapView<K, V> map;

  ValuesView(NavigableMapView<K, V> map) {
    this.map = map;
  }

  @Override
  public Iterator<V> iterator() {
    return new EntryIterator<>(map, map.isDescending(), EntryReading.values());
  }

  @Override
  public Spliterator<V> spliterator() {
    return new RangeSpliterator<>(map, EntryReading.values(), 0, null);
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
  public boolean contains(Object value) {
    return map.containsValue(value);
  }

  @Override
  public boolean removeAll(Collection<?> values) {
    Objects.requireNonNull(values, "values");
    return removeIf(values::contains);
  }

  @Override
  public boolean retainAll(Collection<?> values) {
    Objects.requireNonNull(values, "values");
    return removeIf(value -> !values.contains(value));
  }

  @Override
  public boolean removeIf(Predicate<? super V> filter) {
    return map.removeWhere(EntryReading.values(), filter);
  }

  @Override
  public void clear() {
    map.clear();
  }
}
