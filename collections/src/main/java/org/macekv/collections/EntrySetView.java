package org.macekv.collections;

import java.util.AbstractSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.Spliterator;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The entries of a map as a set: live, with removal, without adding; entries write through. */
final class EntrySetView<K, V> extends AbstractSet<Map.Entry<K, V>> {
  private final NavigableMapView<K, V> map;

  EntrySetView(NavigableMapView<K, V> map) {
    this.map = map;
  }

  @Override
  public Iterator<Map.Entry<K, V>> iterator() {
    return new EntryIterator<>(map, map.isDescending(), EntryReading.entries());
  }

  @Override
  public Spliterator<Map.Entry<K, V>> spliterator() {
    return new RangeSpliterator<>(
        map, EntryReading.entries(), Spliterator.DISTINCT | Spliterator.SORTED, byKey());
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
    if (!(element instanceof Map.Entry<?, ?> entry)) {
      return false;
    }
    V value = map.get(entry.getKey());
    return value != null && value.equals(entry.getValue());
  }

  @Override
  public boolean remove(Object element) {
    return removeEntry(map.writableAccess(), element);
  }

  @Override
  public boolean removeAll(Collection<?> elements) {
    return map.removeEach(elements, this::removeEntry);
  }

  @Override
  public boolean retainAll(Collection<?> elements) {
    Objects.requireNonNull(elements, "elements");
    return removeIf(entry -> !elements.contains(entry));
  }

  @Override
  public boolean removeIf(Predicate<? super Map.Entry<K, V>> filter) {
    return map.removeWhere(EntryReading.entries(), filter);
  }

  @Override
  public void clear() {
    map.clear();
  }

  private boolean removeEntry(Access within, @Nullable Object element) {
    return element instanceof Map.Entry<?, ?> entry
        && map.over(() -> within).remove(entry.getKey(), entry.getValue());
  }

  @SuppressWarnings("unchecked") // No comparator means that keys are comparable.
  private Comparator<Map.Entry<K, V>> byKey() {
    Comparator<? super K> order = map.comparator();
    return order != null
        ? Map.Entry.comparingByKey(order)
        : (one, other) -> ((Comparable<? super K>) one.getKey()).compareTo(other.getKey());
  }
}
