package org.macekv.collections;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.macekv.serialization.KeyCodec;
import org.macekv.serialization.KeyCodecs;

/**
 * Says which properties of entities are indexed, and opens them; got from {@link
 * PersistentStore#entities(String, Class)}. The types of properties that are method references or
 * lambda expressions are found; a codec can be given instead. An entity whose property is null is
 * not in the index of that. Not thread-safe.
 *
 * @param <K> the keys of the entities
 * @param <E> the entities
 */
public final class EntitiesBuilder<K, E> {
  private final PersistentStore store;
  private final String name;
  private final Class<E> type;
  private final KeyCodec<K> keyCodec;
  private final Function<E, K> key;
  private final List<EntityIndex.Definition<E, ?>> indexes = new ArrayList<>();
  private final List<Entities.Reference<E, ?>> references = new ArrayList<>();

  private EntitiesBuilder(
      PersistentStore store, String name, Class<E> type, KeyCodec<K> keyCodec, Function<E, K> key) {
    this.store = store;
    this.name = name;
    this.type = type;
    this.keyCodec = keyCodec;
    this.key = key;
  }

  /** Entities of which the key is not said yet. */
  public static final class WithoutKey<E> {
    private final PersistentStore store;
    private final String name;
    private final Class<E> type;

    WithoutKey(PersistentStore store, String name, Class<E> type) {
      this.store = Objects.requireNonNull(store, "store");
      this.name = Objects.requireNonNull(name, "name");
      this.type = Objects.requireNonNull(type, "type");
    }

    /**
     * The property that tells entities apart: never null, and never changed.
     *
     * @throws IllegalArgumentException if its type can't be found, or has no order-preserving codec
     */
    public <K> EntitiesBuilder<K, E> key(Property<E, K> property) {
      return key(KeyCodecs.of(PropertyType.of(property)), property);
    }

    /** The same, with keys in an encoding of your choice. */
    public <K> EntitiesBuilder<K, E> key(KeyCodec<K> codec, Function<E, K> property) {
      return new EntitiesBuilder<>(
          store,
          name,
          type,
          Objects.requireNonNull(codec, "codec"),
          Objects.requireNonNull(property, "property"));
    }
  }

  /**
   * An index of a property, by which entities are found. What is in it is what the property was
   * when the entity was stored: if it comes to mean something else, or values of older forms of the
   * class are read with another one (a migration, a value for an added field), give the index
   * another name, so that it is built anew.
   *
   * @param index its name, one for each index
   * @throws IllegalArgumentException if there is an index of this name, or the type of the property
   *     can't be found, or has no order-preserving codec
   */
  public <I> EntitiesBuilder<K, E> index(String index, Property<E, @Nullable I> property) {
    return index(index, codecOf(property), property);
  }

  /** The same, in an encoding and order of your choice; of several properties as a tuple, say. */
  public <I> EntitiesBuilder<K, E> index(
      String index, KeyCodec<I> codec, Function<E, @Nullable I> property) {
    return add(new EntityIndex.Definition<>(index, codec, single(property), false, false));
  }

  /** An index of a property that no two entities may have in common. */
  public <I> EntitiesBuilder<K, E> unique(String index, Property<E, @Nullable I> property) {
    return unique(index, codecOf(property), property);
  }

  /** The same, in an encoding and order of your choice. */
  public <I> EntitiesBuilder<K, E> unique(
      String index, KeyCodec<I> codec, Function<E, @Nullable I> property) {
    return add(new EntityIndex.Definition<>(index, codec, single(property), true, false));
  }

  /** An index of a property that has any number of values: an entity is found by each of them. */
  public <I> EntitiesBuilder<K, E> indexEach(
      String index, Class<I> values, Function<E, ? extends Collection<? extends I>> property) {
    return indexEach(index, KeyCodecs.of(values), property);
  }

  /** The same, in an encoding and order of your choice. */
  public <I> EntitiesBuilder<K, E> indexEach(
      String index, KeyCodec<I> codec, Function<E, ? extends Collection<? extends I>> property) {
    return add(new EntityIndex.Definition<>(index, codec, property, false, true));
  }

  /**
   * A property that is the key of another entity: it has to be there, and is not deleted as long as
   * it is referred to ({@link ReferenceViolationException}). It is an index, too. Whoever deletes
   * the other entities has to have these open, since what is not open is not asked.
   *
   * @param target of the same store; may not be the ones that are being opened
   */
  public <T> EntitiesBuilder<K, E> reference(
      String index, Function<E, @Nullable T> property, Entities<T, ?> target) {
    target.requireStore(store);
    references.add(new Entities.Reference<>(index, property, target));
    return index(index, target.keyCodec(), property);
  }

  private static <E, I> Function<E, List<I>> single(Function<E, @Nullable I> property) {
    Objects.requireNonNull(property, "property");
    return entity -> {
      I value = property.apply(entity);
      return value == null ? List.of() : List.of(value);
    };
  }

  private static <E, I> KeyCodec<I> codecOf(Property<E, @Nullable I> property) {
    return KeyCodecs.of(PropertyType.of(property));
  }

  private EntitiesBuilder<K, E> add(EntityIndex.Definition<E, ?> definition) {
    Objects.requireNonNull(definition.name(), "index");
    if (definition.name().isEmpty()
        || indexes.stream().anyMatch(each -> each.name().equals(definition.name()))) {
      throw new IllegalArgumentException(
          "the entities '"
              + name
              + "' have an index '"
              + definition.name()
              + "' already, or no name for it");
    }
    indexes.add(definition);
    return this;
  }

  /**
   * Opens the entities; creates them if there are none. Indexes that are new are built from the
   * entities there are, and those that are not named any more are emptied: by a thread of their
   * own, that goes on when the store is opened the next time, if it was closed or crashed. Until an
   * index is built, queries by it are refused; {@link Entities#awaitIndexes} waits for that.
   *
   * @throws CollectionTypeException if the collection exists and is something else
   * @throws IllegalStateException if it is open already with other indexes
   * @throws org.macekv.serialization.IncompatibleClassException if it may have entities that the
   *     class can't be read from as it is now
   */
  public Entities<K, E> open() {
    return store.openEntities(name, keyCodec, type, key, indexes, references);
  }
}
