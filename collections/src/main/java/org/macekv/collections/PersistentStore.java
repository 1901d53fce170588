package org.macekv.collections;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.macekv.Bucket;
import org.macekv.Mace;
import org.macekv.StoreStatistics;
import org.macekv.option.MaceOptions;
import org.macekv.option.TransactionOptions;
import org.macekv.serialization.KeyCodec;
import org.macekv.serialization.KeyCodecs;
import org.macekv.serialization.KryoSerialization;
import org.macekv.serialization.Serializer;

/**
 * A store of {@code java.util} collections in a directory, or in memory. One process, and in it one
 * {@code PersistentStore}, has a directory open at a time. Thread-safe.
 *
 * <pre>{@code
 * try (PersistentStore store = PersistentStore.open(Path.of("shop"))) {
 *   PersistentNavigableMap<String, Order> orders =
 *       store.navigableMap("orders", String.class, Order.class);
 *   orders.put("o-1", order);                       // durable when it returns
 *   store.transact(() -> transfer(orders));         // all of it or nothing
 * }
 * }</pre>
 *
 * <p>A collection has a name, which is one for all kinds, and is created when it is first opened;
 * from then on it is opened with the same kind and types only. It may be opened any number of
 * times, also within a scope, of which the creation is no part.
 */
public final class PersistentStore implements AutoCloseable {
  private final Mace mace;
  private final ThreadScopes scopes;
  private final CollectionCatalog catalog;
  private final KryoSerialization kryo;
  private final ConcurrentMap<Class<?>, Serializer<?>> serializers = new ConcurrentHashMap<>();

  private PersistentStore(Mace mace, List<Class<?>> registered) {
    this.mace = mace;
    this.scopes = new ThreadScopes(this, mace);
    this.catalog = new CollectionCatalog(mace);
    this.kryo =
        KryoSerialization.builder(new StoredClassCatalog(mace))
            .register(registered.toArray(Class<?>[]::new))
            .build();
  }

  /** Opens the store in {@code directory} with the default options; creates it if need be. */
  public static PersistentStore open(Path directory) {
    return builder(directory).open();
  }

  /**
   * Opens the store in {@code directory}; creates it if need be. Throws what {@link Mace#open(Path,
   * MaceOptions)} throws.
   */
  public static PersistentStore open(Path directory, MaceOptions options) {
    return builder(directory).options(options).open();
  }

  /** A new store in memory that is gone when it is closed. */
  public static PersistentStore inMemory() {
    return inMemoryBuilder().open();
  }

  /** Says in detail how to open the store in {@code directory}. */
  public static PersistentStoreBuilder builder(Path directory) {
    Objects.requireNonNull(directory, "directory");
    return new PersistentStoreBuilder(options -> Mace.open(directory, options));
  }

  /** Says in detail how to open a store in memory. */
  public static PersistentStoreBuilder inMemoryBuilder() {
    return new PersistentStoreBuilder(Mace::inMemory);
  }

  /**
   * Says in detail how to open a store in a new directory under {@code parent}, which is gone when
   * the store is closed: for collections that are larger than the heap and not to be kept.
   */
  public static PersistentStoreBuilder temporaryBuilder(Path parent) {
    Objects.requireNonNull(parent, "parent");
    return new PersistentStoreBuilder(options -> Mace.temporary(parent, options));
  }

  /** Takes over {@code mace}, and closes it if that fails. */
  static PersistentStore over(Mace mace, List<Class<?>> registered) {
    try {
      return new PersistentStore(mace, registered);
    } catch (RuntimeException | Error e) {
      try {
        mace.close();
      } catch (RuntimeException again) {
        e.addSuppressed(again);
      }
      throw e;
    }
  }

  /**
   * The map of this name; created if there is none. Keys have the built-in codec of their class
   * (see {@link KeyCodecs}), values the serializer of theirs (see {@link KryoSerialization}).
   *
   * @param name 1 to 1,000 bytes in UTF-8
   * @throws IllegalArgumentException if there is no order-preserving codec for the keys, or no
   *     serializer for the values
   * @throws CollectionTypeException if the collection exists and is something else
   */
  public <K, V> PersistentNavigableMap<K, V> navigableMap(
      String name, Class<K> keys, Class<V> values) {
    return navigableMap(name, KeyCodecs.of(keys), serializerOf(values));
  }

  /** The map of this name with values of a class, and with keys in an encoding of your choice. */
  public <K, V> PersistentNavigableMap<K, V> navigableMap(
      String name, KeyCodec<K> keys, Class<V> values) {
    return navigableMap(name, keys, serializerOf(values));
  }

  /** The map of this name with keys of a class, and with values in a format of your choice. */
  public <K, V> PersistentNavigableMap<K, V> navigableMap(
      String name, Class<K> keys, Serializer<V> values) {
    return navigableMap(name, KeyCodecs.of(keys), values);
  }

  /**
   * The map of this name, with encodings of your choice; created if there is none.
   *
   * @param name 1 to 1,000 bytes in UTF-8
   * @throws CollectionTypeException if the collection exists and is something else
   */
  public <K, V> PersistentNavigableMap<K, V> navigableMap(
      String name, KeyCodec<K> keys, Serializer<V> values) {
    return map(CollectionRecord.Kind.NAVIGABLE_MAP, name, keys, values);
  }

  /**
   * The set of this name; created if there is none. Elements have the built-in codec of their class
   * (see {@link KeyCodecs}).
   *
   * @param name 1 to 1,000 bytes in UTF-8
   * @throws IllegalArgumentException if there is no order-preserving codec for the elements
   * @throws CollectionTypeException if the collection exists and is something else
   */
  public <E> PersistentSet<E> set(String name, Class<E> elements) {
    return set(name, KeyCodecs.of(elements));
  }

  /**
   * The set of this name, with an encoding of your choice; created if there is none.
   *
   * @param name 1 to 1,000 bytes in UTF-8
   * @throws CollectionTypeException if the collection exists and is something else
   */
  public <E> PersistentSet<E> set(String name, KeyCodec<E> elements) {
    return new StoredSet<>(
        map(CollectionRecord.Kind.SET, name, elements, new StoredSet.Presence()));
  }

  /**
   * Begins a scope for the calling thread, with the store's durability; or, if the thread has one
   * open, a scope {@linkplain TransactionScope nested} in that. Close it, best with {@code try}.
   */
  public TransactionScope begin() {
    return begin(TransactionOptions.defaults());
  }

  /**
   * Like {@link #begin()}, with options for the transaction.
   *
   * @throws IllegalArgumentException if the thread has a scope open, which has other options
   */
  public TransactionScope begin(TransactionOptions options) {
    return scopes.begin(options);
  }

  /**
   * Runs {@code work} in a scope of the calling thread and commits it; after a conflict, again in a
   * new one, up to {@link MaceOptions#maxAttempts()} times with random pauses. The work may thus
   * run more than once: it must not have effects outside the store's collections. If it throws, the
   * scope is rolled back and the exception goes on to the caller. If the thread has a scope open,
   * the work runs once, in a scope {@linkplain TransactionScope nested} in that.
   *
   * @return what the work returned
   * @throws org.macekv.error.ConflictException after the last attempt
   */
  public <R extends @Nullable Object> R transact(Supplier<? extends R> work) {
    return transact(TransactionOptions.defaults(), work);
  }

  /** Like {@link #transact(Supplier)}, with options for the transaction. */
  public <R extends @Nullable Object> R transact(
      TransactionOptions options, Supplier<? extends R> work) {
    return scopes.transact(options, work);
  }

  /** Like {@link #transact(Supplier)}, for work that returns nothing. */
  public void transact(Runnable work) {
    transact(TransactionOptions.defaults(), work);
  }

  /** Like {@link #transact(Runnable)}, with options for the transaction. */
  public void transact(TransactionOptions options, Runnable work) {
    scopes.<@Nullable Object>transact(
        options,
        () -> {
          work.run();
          return null;
        });
  }

  /** The state of all collections now, without what open scopes changed. Close it. */
  public Snapshot snapshot() {
    return new Snapshot(this, mace.view());
  }

  /** Returns when every commit that was acknowledged before is on the device. */
  public void sync() {
    mace.sync();
  }

  /** Figures about the store at this moment. */
  public StoreStatistics statistics() {
    return mace.statistics();
  }

  /**
   * The engine under the collections, for buckets of bytes beside them. Its buckets with names that
   * begin with {@code collection/} and {@code catalog/} belong to the collections.
   */
  public Mace mace() {
    return mace;
  }

  /**
   * Makes all commits durable, rolls back open scopes and closes the store. Idempotent. Later use
   * of its collections gives {@link org.macekv.error.StoreClosedException}.
   */
  @Override
  public void close() {
    mace.close();
  }

  /** What the store is called in messages. */
  @Override
  public String toString() {
    return mace.name();
  }

  private <K, V> NavigableMapView<K, V> map(
      CollectionRecord.Kind kind, String name, KeyCodec<K> keys, Serializer<V> values) {
    Bucket bucket = catalog.open(name, new CollectionRecord(kind, keys.id(), values.id()));
    StoredCollection<K, V> collection = new StoredCollection<>(this, name, bucket, keys, values);
    return new NavigableMapView<>(collection, scopes, KeyBounds.NONE, false);
  }

  /** One for each class, since making one is expensive. */
  @SuppressWarnings("unchecked") // kryo.of gives a serializer of the class it was given.
  private <V> Serializer<V> serializerOf(Class<V> type) {
    return (Serializer<V>) serializers.computeIfAbsent(type, kryo::of);
  }
}
