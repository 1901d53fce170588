package org.macekv.collections;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.macekv.serialization.KeyCodec;

/**
 * Objects of a class, kept in a store by a property that is their key, and found by others that are
 * indexed:
 *
 * <pre>{@code
 * Entities<String, User> users =
 *     store.entities("users", User.class)
 *         .key(User::email)
 *         .index("city", User::city)
 *         .unique("phone", User::phone)
 *         .open();
 * users.put(new User("a@b.c", "Berlin", "030"));
 * users.update("a@b.c", user -> user.movedTo("Paris"));
 * List<User> there = users.where("city", "Paris").list();
 * }</pre>
 *
 * <p>An entity and its indexes are changed in one transaction: that of the scope that the thread
 * has open, else one of their own, which is tried again after a conflict; so functions that are
 * given must have no effects. They take part in scopes and snapshots as {@link
 * PersistentNavigableMap} does. Entities are copies: a change to an object is none of what is
 * stored.
 *
 * <p>Thread-safe. Inside a scope it is confined as {@link TransactionScope} says.
 *
 * @param <K> the keys
 * @param <E> the entities
 */
public final class Entities<K, E> {
  private final NavigableMapView<K, E> map;
  private final EntityIndexes<K, E> indexes;
  private final Function<E, K> key;
  private final List<Reference<E, ?>> references;

  /** A property that is the key of other entities. */
  record Reference<E, T>(String index, Function<E, @Nullable T> property, Entities<T, ?> target) {
    void check(Access within, E entity, String from) {
      T value = property.apply(entity);
      if (value != null && !target.isThereToStay(within, value)) {
        throw new ReferenceViolationException(
            from + ": '" + index + "' refers to " + value + ", which is not in " + target.indexes);
      }
    }
  }

  Entities(
      NavigableMapView<K, E> map,
      EntityIndexes<K, E> indexes,
      Function<E, K> key,
      List<Reference<E, ?>> references) {
    this.map = map;
    this.indexes = indexes;
    this.key = key;
    this.references = List.copyOf(references);
    for (Reference<E, ?> each : references) {
      each.target.indexes.addReferrer(indexes, each.index);
    }
  }

  private Entities<K, E> over(NavigableMapView<K, E> newMap) {
    return new Entities<>(newMap, indexes, key, references);
  }

  Entities<K, E> over(AccessSource source) {
    return over(map.over(source));
  }

  void requireStore(PersistentStore store) {
    map.collection().store().requireIs(store, name());
  }

  KeyCodec<K> keyCodec() {
    return map.collection().keys();
  }

  NavigableMapView<K, E> map() {
    return map;
  }

  EntityIndexes<K, E> indexes() {
    return indexes;
  }

  /** The name of the collection in its store. */
  public String name() {
    return map.name();
  }

  /** How many there are: outside a scope, and in a snapshot, in constant time. */
  public long count() {
    return map.count();
  }

  /** The entity of a key, or null. */
  public @Nullable E get(K entityKey) {
    return map.get(entityKey);
  }

  /** Whether there is an entity of this key. */
  public boolean contains(K entityKey) {
    return map.containsKey(entityKey);
  }

  /**
   * Stores an entity, in the place of the one that has its key.
   *
   * @return the one that had it, or null
   * @throws UniqueViolationException if another entity has a value of a unique property
   * @throws ReferenceViolationException if it refers to one that is not there
   */
  public @Nullable E put(E entity) {
    Access access = map.writableAccess();
    byte[] bytes = bytesOfKeyOf(entity);
    byte[] value = map.collection().encodeValue(entity);
    return access.atomically(
        within -> {
          E before = read(within, bytes);
          store(within, bytes, before, entity, value);
          return before;
        });
  }

  /**
   * Stores an entity whose key no other has.
   *
   * @return whether it was stored; not if there is one of its key
   * @throws UniqueViolationException if another entity has a value of a unique property
   * @throws ReferenceViolationException if it refers to one that is not there
   */
  public boolean insert(E entity) {
    Access access = map.writableAccess();
    byte[] bytes = bytesOfKeyOf(entity);
    byte[] value = map.collection().encodeValue(entity);
    return access.atomically(
        within -> {
          boolean free = !within.contains(map.collection().bucket(), bytes);
          if (free) {
            store(within, bytes, null, entity, value);
          }
          return free;
        });
  }

  /**
   * Changes an entity.
   *
   * @param change gives what is to be stored instead, with the same key; may be called again after
   *     a conflict
   * @return what is stored now, or null if there is no entity of this key
   * @throws IllegalArgumentException if the new one has another key
   * @throws UniqueViolationException if another entity has a value of a unique property
   * @throws ReferenceViolationException if it refers to one that is not there
   */
  public @Nullable E update(K entityKey, UnaryOperator<E> change) {
    Objects.requireNonNull(change, "change");
    Access access = map.writableAccess();
    byte[] bytes = map.collection().encodeKey(entityKey);
    return access.atomically(
        within -> {
          // What the change does to the object that it is given shall not be taken for what was.
          E before = read(within, bytes);
          E given = before == null ? null : read(within, bytes);
          if (given == null) {
            return null;
          }
          E after = Objects.requireNonNull(change.apply(given), "the changed entity");
          if (!Arrays.equals(bytesOfKeyOf(after), bytes)) {
            throw new IllegalArgumentException(
                indexes + ": the key of " + entityKey + " was changed to " + key.apply(after));
          }
          store(within, bytes, before, after, map.collection().encodeValue(after));
          return after;
        });
  }

  private void store(Access within, byte[] bytes, @Nullable E before, E after, byte[] value) {
    for (Reference<E, ?> each : references) {
      each.check(within, after, indexes.toString());
    }
    indexes.change(within, bytes, before, after);
    within.put(map.collection().bucket(), bytes, value);
  }

  /**
   * Deletes the entity of a key.
   *
   * @return whether there was one
   * @throws ReferenceViolationException if another refers to it
   */
  public boolean delete(K entityKey) {
    Access access = map.writableAccess();
    byte[] bytes = map.collection().encodeKey(entityKey);
    return access.atomically(
        within -> {
          E before = read(within, bytes);
          if (before == null) {
            return false;
          }
          indexes.requireNotReferredTo(within, entityKey);
          indexes.change(within, bytes, before, null);
          within.delete(map.collection().bucket(), bytes);
          return true;
        });
  }

  /** Whether an entity is there, and will be when the transaction is committed. */
  private boolean isThereToStay(Access within, K entityKey) {
    byte[] bytes = map.collection().encodeKey(entityKey);
    return ((TransactionAccess) within).getForUpdate(map.collection().bucket(), bytes) != null;
  }

  private @Nullable E read(Access within, byte[] bytes) {
    return map.collection().decodeNullable(bytes, within.get(map.collection().bucket(), bytes));
  }

  private byte[] bytesOfKeyOf(E entity) {
    return map.collection().encodeKey(key.apply(Objects.requireNonNull(entity, "entity")));
  }

  /** All entities, in the order of their keys. */
  public Query<K, E> all() {
    return new Query<>(this);
  }

  /**
   * Those with a value of an indexed property.
   *
   * @throws IllegalArgumentException if there is no such index
   * @throws IllegalStateException if it is being built
   */
  public Query<K, E> where(String index, Object value) {
    return all().and(index, value);
  }

  /**
   * Those with a value of an indexed property in a range, in the order of that; null for no bound.
   * The low end belongs to it, the high end does not.
   */
  public Query<K, E> whereBetween(String index, @Nullable Object low, @Nullable Object high) {
    return all().andBetween(index, low, true, high, false);
  }

  /**
   * Those with a value of an indexed property that begins so: see {@link KeyCodec#encodePrefix}.
   */
  public Query<K, E> wherePrefix(String index, Object... prefix) {
    return all().andPrefix(index, prefix);
  }

  /** How many entities are in each index that is being built; empty if there is none. */
  public Map<String, Long> indexProgress() {
    return indexes.progress();
  }

  /**
   * Waits until all indexes are built.
   *
   * @throws InterruptedException if the thread is interrupted meanwhile
   * @throws UniqueViolationException if two entities have a value of a property that is to be
   *     unique: its index can't be built, and is tried again at the next opening
   * @throws org.macekv.error.MaceException if something else ended it
   */
  public void awaitIndexes() throws InterruptedException {
    indexes.await();
  }

  /** These entities as part of {@code scope}; see {@link PersistentNavigableMap#in}. */
  public Entities<K, E> in(TransactionScope scope) {
    return over(map.in(scope));
  }
}
