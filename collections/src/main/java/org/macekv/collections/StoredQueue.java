package org.macekv.collections;

import java.time.Duration;
import java.util.AbstractQueue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Spliterator;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A queue: the values of a map from ascending numbers. */
final class StoredQueue<E> extends AbstractQueue<E> implements PersistentQueue<E> {
  private final NavigableMapView<Long, E> map;
  private final QueueState state;

  StoredQueue(NavigableMapView<Long, E> map, QueueState state) {
    this.map = map;
    this.state = state;
  }

  NavigableMapView<Long, E> map() {
    return map;
  }

  StoredQueue<E> over(NavigableMapView<Long, E> newMap) {
    return new StoredQueue<>(newMap, state);
  }

  @Override
  public String name() {
    return map.name();
  }

  @Override
  public long count() {
    return map.count();
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
  public boolean offer(E element) {
    Access access = map.writableAccess();
    state.offer(access, map.collection().encodeValue(element));
    return true;
  }

  @Override
  public boolean addAll(Collection<? extends E> elements) {
    Objects.requireNonNull(elements, "elements");
    if (elements == this) {
      throw new IllegalArgumentException("a queue can't be added to itself");
    }
    Access access = map.writableAccess();
    List<byte[]> values = new ArrayList<>();
    elements.forEach(element -> values.add(map.collection().encodeValue(element)));
    if (values.isEmpty()) {
      return false;
    }
    return access.atomically(
        within -> {
          values.forEach(value -> state.offer(within, value));
          return true;
        });
  }

  @Override
  public @Nullable E poll() {
    AtomicReference<@Nullable E> taken = new AtomicReference<>();
    // Read first: what can't be read stays.
    return state.take(map.writableAccess(), element -> isRead(element, taken)) ? taken.get() : null;
  }

  private boolean isRead(QueueState.Element element, AtomicReference<@Nullable E> read) {
    read.set(decoded(element));
    return true;
  }

  @Override
  public boolean remove(@Nullable Object element) {
    Access access = map.writableAccess();
    return element != null && state.take(access, each -> element.equals(decoded(each)));
  }

  @Override
  public @Nullable E peek() {
    return decoded(state.first(map.access()));
  }

  private @Nullable E decoded(QueueState.@Nullable Element element) {
    return element == null ? null : map.collection().decodeValue(element.key(), element.value());
  }

  @Override
  public boolean awaitElement(Duration timeout) throws InterruptedException {
    Access access = map.access();
    if (access.transaction() != null || access.isFrozen()) {
      throw new IllegalStateException(
          "the queue '" + name() + "' does not change within a scope or snapshot: wait outside");
    }
    return state.await(TimeUnit.NANOSECONDS.convert(timeout), () -> state.first(access) != null);
  }

  @Override
  public Iterator<E> iterator() {
    return map.values().iterator();
  }

  @Override
  public Spliterator<E> spliterator() {
    return map.values().spliterator();
  }

  @Override
  public boolean removeIf(Predicate<? super E> filter) {
    return map.values().removeIf(filter);
  }

  @Override
  public boolean removeAll(Collection<?> elements) {
    return map.values().removeAll(elements);
  }

  @Override
  public boolean retainAll(Collection<?> elements) {
    return map.values().retainAll(elements);
  }

  @Override
  public void clear() {
    map.clear();
  }

  @Override
  public PersistentQueue<E> in(TransactionScope scope) {
    return over(map.in(scope));
  }
}
