package org.macekv.collections;

import java.util.Collection;
import java.util.Objects;
import org.macekv.serialization.Serializer;

/** A set, or a view of one: the keys of a map whose values are empty. */
final class StoredSet<E> extends KeySetView<E, Boolean> implements PersistentSet<E> {

  StoredSet(NavigableMapView<E, Boolean> map) {
    super(map);
  }

  /** The value of every element: no bytes. */
  static final class Presence implements Serializer<Boolean> {
    private static final byte[] NO_BYTES = {};

    @Override
    public byte[] serialize(Boolean present) {
      return NO_BYTES;
    }

    @Override
    public Boolean deserialize(byte[] bytes) {
      return Boolean.TRUE;
    }

    @Override
    public String id() {
      return "";
    }
  }

  @Override
  public String name() {
    return map().name();
  }

  @Override
  public long count() {
    return map().count();
  }

  @Override
  public boolean add(E element) {
    return map().putIfAbsent(element, Boolean.TRUE) == null;
  }

  @Override
  public boolean addAll(Collection<? extends E> elements) {
    Objects.requireNonNull(elements, "elements");
    return map().addKeys(elements, Boolean.TRUE);
  }

  @Override
  public void set(E element) {
    map().set(element, Boolean.TRUE);
  }

  @Override
  public void delete(E element) {
    map().delete(element);
  }

  @Override
  public PersistentSet<E> in(TransactionScope scope) {
    return new StoredSet<>(map().in(scope));
  }

  @Override
  public PersistentSet<E> prefixSet(Object... prefix) {
    return new StoredSet<>(map().prefixMap(prefix));
  }

  @Override
  public PersistentSet<E> descendingSet() {
    return new StoredSet<>(map().descendingMap());
  }

  @Override
  public PersistentSet<E> subSet(E from, boolean fromInclusive, E to, boolean toInclusive) {
    return new StoredSet<>(map().subMap(from, fromInclusive, to, toInclusive));
  }

  @Override
  public PersistentSet<E> headSet(E to, boolean inclusive) {
    return new StoredSet<>(map().headMap(to, inclusive));
  }

  @Override
  public PersistentSet<E> tailSet(E from, boolean inclusive) {
    return new StoredSet<>(map().tailMap(from, inclusive));
  }

  @Override
  public PersistentSet<E> subSet(E from, E to) {
    return subSet(from, true, to, false);
  }

  @Override
  public PersistentSet<E> headSet(E to) {
    return headSet(to, false);
  }

  @Override
  public PersistentSet<E> tailSet(E from) {
    return tailSet(from, true);
  }
}
