package org.macekv.collections;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.macekv.Bucket;
import org.macekv.Mace;
import org.macekv.StoreStatistics;
import org.macekv.option.BucketOptions;
import org.macekv.option.MaceOptions;
import org.macekv.option.TransactionOptions;
import org.macekv.serialization.Evolution;
import org.macekv.serialization.KeyCodec;
import org.macekv.serialization.KeyCodecs;
import org.macekv.serialization.KryoSerialization;
import org.macekv.serialization.Serializer;
import org.macekv.serialization.Tuple2;

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
  private final Evolution evolution;
  private final KryoSerialization kryo;
  private final ConcurrentMap<Class<?>, Serializer<?>> serializers = new ConcurrentHashMap<>();
  private final @Nullable ReadCache readCache;
  private final Listeners listeners;
  private final ConcurrentMap<Integer, SharedState> shared = new ConcurrentHashMap<>(); // by bucket

  private PersistentStore(
      Mace mace, List<Class<?>> registered, Evolution evolution, @Nullable ReadCache readCache) {
    this.mace = mace;
    this.readCache = readCache;
    this.listeners = new Listeners(mace.name());
    this.scopes = new ThreadScopes(this, mace);
    this.catalog = new CollectionCatalog(mace, evolution::keyCodecIdOfToday);
    this.evolution = evolution;
    this.kryo =
        KryoSerialization.builder(new StoredClassCatalog(mace))
            .register(registered.toArray(Class<?>[]::new))
            .evolution(evolution)
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
  static PersistentStore over(
      Mace mace, List<Class<?>> registered, Evolution evolution, @Nullable ReadCache readCache) {
    try {
      return new PersistentStore(mace, registered, evolution, readCache);
    } catch (RuntimeException | Error e) {
      try {
        mace.close();
      } catch (RuntimeException again) {
        e.addSuppressed(again);
      }
      throw e;
    }
  }

  /** The map of this definition; created if there is none, as by the method with the name. */
  public <K, V> PersistentNavigableMap<K, V> navigableMap(MapDefinition<K, V> definition) {
    return map(CollectionKind.NAVIGABLE_MAP, definition);
  }

  /**
   * The map of this name; created if there is none. Keys have the built-in codec of their class
   * (see {@link KeyCodecs}), values the serializer of theirs (see {@link KryoSerialization}).
   *
   * @param name 1 to 1,000 bytes in UTF-8
   * @throws IllegalArgumentException if there is no order-preserving codec for the keys, or no
   *     serializer for the values
   * @throws CollectionTypeException if the collection exists and is something else
   * @throws org.macekv.serialization.IncompatibleClassException if it may have values that the
   *     class can't be read from as it is now
   */
  public <K, V> PersistentNavigableMap<K, V> navigableMap(
      String name, Class<K> keys, Class<V> values) {
    return navigableMap(MapDefinition.of(name, keys, values));
  }

  /** The map of this name with values of a class, and with keys in an encoding of your choice. */
  public <K, V> PersistentNavigableMap<K, V> navigableMap(
      String name, KeyCodec<K> keys, Class<V> values) {
    return navigableMap(MapDefinition.of(name, keys, values));
  }

  /** The map of this name with keys of a class, and with values in a format of your choice. */
  public <K, V> PersistentNavigableMap<K, V> navigableMap(
      String name, Class<K> keys, Serializer<V> values) {
    return navigableMap(MapDefinition.of(name, keys, values));
  }

  /**
   * The map of this name, with encodings of your choice; created if there is none.
   *
   * @param name 1 to 1,000 bytes in UTF-8
   * @throws CollectionTypeException if the collection exists and is something else
   */
  public <K, V> PersistentNavigableMap<K, V> navigableMap(
      String name, KeyCodec<K> keys, Serializer<V> values) {
    return navigableMap(MapDefinition.of(name, keys, values));
  }

  /**
   * The map of this definition that promises no order; created if there is none. The order of its
   * codec is not used, only that its bytes tell keys apart.
   *
   * @throws CollectionTypeException if the collection exists and is something else
   */
  public <K, V> PersistentMap<K, V> map(MapDefinition<K, V> definition) {
    return map(CollectionKind.MAP, definition);
  }

  /**
   * The map of this name that promises no order; created if there is none. Keys and values as in
   * {@link #navigableMap(String, Class, Class)}; the keys may also be enums.
   *
   * @param name 1 to 1,000 bytes in UTF-8
   * @throws CollectionTypeException if the collection exists and is something else
   */
  public <K, V> PersistentMap<K, V> map(String name, Class<K> keys, Class<V> values) {
    return map(MapDefinition.of(name, KeyCodecs.unordered(keys), values));
  }

  /** The set of this definition; created if there is none, as by the method with the name. */
  public <E> PersistentSet<E> set(SetDefinition<E> definition) {
    return new StoredSet<>(
        map(
            CollectionKind.SET,
            definition.name(),
            definition.elements(),
            new StoredSet.Presence(),
            definition.options(),
            ValueSharing.NEVER));
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
    return set(SetDefinition.of(name, elements));
  }

  /**
   * The set of this name, with an encoding of your choice; created if there is none.
   *
   * @param name 1 to 1,000 bytes in UTF-8
   * @throws CollectionTypeException if the collection exists and is something else
   */
  public <E> PersistentSet<E> set(String name, KeyCodec<E> elements) {
    return set(SetDefinition.of(name, elements));
  }

  /**
   * The multimap of this name; created if there is none. Keys and values have the built-in codecs
   * of their classes (see {@link KeyCodecs}).
   *
   * @param name 1 to 1,000 bytes in UTF-8
   * @throws IllegalArgumentException if there is no order-preserving codec for them
   * @throws CollectionTypeException if the collection exists and is something else
   */
  public <K, V> PersistentMultimap<K, V> multimap(String name, Class<K> keys, Class<V> values) {
    return multimap(name, KeyCodecs.of(keys), KeyCodecs.of(values));
  }

  /**
   * The multimap of this name, with encodings of your choice; created if there is none.
   *
   * @param name 1 to 1,000 bytes in UTF-8
   * @throws CollectionTypeException if the collection exists and is something else
   */
  public <K, V> PersistentMultimap<K, V> multimap(
      String name, KeyCodec<K> keys, KeyCodec<V> values) {
    Bucket bucket = open(name, CollectionKind.MULTIMAP, keys.id(), values.id());
    StoredCollection<Tuple2<K, V>, Boolean> pairs =
        new StoredCollection<>(
            this,
            name,
            bucket,
            StoredMultimap.pairs(keys, values),
            new StoredSet.Presence(),
            ValueSharing.NEVER);
    return new StoredMultimap<>(view(pairs), values);
  }

  /**
   * The queue of this name; created if there is none. Elements have the serializer of their class
   * (see {@link KryoSerialization}).
   *
   * @param name 1 to 1,000 bytes in UTF-8
   * @throws CollectionTypeException if the collection exists and is something else
   */
  public <E> PersistentQueue<E> queue(String name, Class<E> elements) {
    return queue(name, serializerOf(elements));
  }

  /**
   * The queue of this name, with elements in a format of your choice; created if there is none.
   *
   * @param name 1 to 1,000 bytes in UTF-8
   * @throws CollectionTypeException if the collection exists and is something else
   */
  public <E> PersistentQueue<E> queue(String name, Serializer<E> elements) {
    Bucket bucket =
        catalog.open(name, type(CollectionKind.QUEUE, "", elements.id()), elements::readsId, null);
    StoredCollection<Long, E> numbered =
        new StoredCollection<>(this, name, bucket, KeyCodecs.LONG, elements, ValueSharing.NEVER);
    return new StoredQueue<>(
        view(numbered), shared(bucket, QueueState.class, of -> new QueueState(mace, of)));
  }

  /**
   * The counter of this name; created, with 0, if there is none.
   *
   * @param name 1 to 1,000 bytes in UTF-8
   * @throws CollectionTypeException if the collection exists and is something else
   */
  public PersistentCounter counter(String name) {
    Bucket bucket = open(name, CollectionKind.COUNTER, "", "");
    return new StoredCounter(
        this,
        name,
        shared(
            bucket,
            Additions.class,
            of -> new Additions(of, mace.options().maxTransactionWrites())),
        scopes,
        scopes.autoCommit());
  }

  /**
   * The gapless sequence of this name; created if there is none.
   *
   * @param name 1 to 1,000 bytes in UTF-8
   * @throws CollectionTypeException if the collection exists and is something else
   */
  public PersistentSequence sequence(String name) {
    Numbers numbers = numbers(name);
    return new StoredSequence(name, () -> numbers.next(scopes.current()));
  }

  /**
   * The sequence of this name, in blocks; created if there is none. The size of the blocks is no
   * part of it: the same sequence may be opened with another, and as a gapless one.
   *
   * @param name 1 to 1,000 bytes in UTF-8
   * @param block how many numbers are taken out of the store at a time, 1 or more
   * @throws CollectionTypeException if the collection exists and is something else
   */
  public PersistentSequence sequence(String name, int block) {
    if (block < 1) {
      throw new IllegalArgumentException("a block of " + block + " numbers, expected 1 or more");
    }
    Numbers numbers = numbers(name);
    return new StoredSequence(name, () -> numbers.nextOfBlock(scopes.autoCommit(), block));
  }

  /**
   * Begins to say how entities of a class are kept; their key comes next:
   *
   * <pre>{@code
   * store.entities("users", User.class).key(User::email).index("city", User::city).open()
   * }</pre>
   *
   * @param name 1 to 1,000 bytes in UTF-8
   */
  public <E> EntitiesBuilder.WithoutKey<E> entities(String name, Class<E> type) {
    return new EntitiesBuilder.WithoutKey<>(this, name, type);
  }

  /** Opens entities as a builder says. */
  @SuppressWarnings("unchecked") // one collection has entities and keys of one type
  <K, E> Entities<K, E> openEntities(
      String name,
      KeyCodec<K> keys,
      Class<E> type,
      Function<E, K> key,
      List<EntityIndex.Definition<E, ?>> indexes,
      List<Entities.Reference<E, ?>> references) {
    Serializer<E> values = serializerOf(type);
    Bucket bucket =
        catalog.open(
            name, type(CollectionKind.ENTITIES, keys.id(), values.id()), values::readsId, null);
    NavigableMapView<K, E> map =
        view(
            new StoredCollection<>(
                this, name, bucket, keys, values, ValueSharing.IF_IMMUTABLE.of(type)));
    EntityIndexes<K, E> open =
        (EntityIndexes<K, E>)
            shared(
                bucket,
                EntityIndexes.class,
                of ->
                    new EntityIndexes<>(
                        map.over(scopes::autoCommit),
                        mace.bucket(CollectionCatalog.indexBucketName(of.name())),
                        scopes.autoCommit(),
                        indexes,
                        mace.options().readOnly()));
    open.requireSame(indexes);
    return new Entities<>(map, open, key, references);
  }

  private Numbers numbers(String name) {
    Bucket bucket = open(name, CollectionKind.SEQUENCE, "", "");
    return shared(bucket, Numbers.class, of -> new Numbers(name, of));
  }

  /** What collections the store has, by the UTF-8 bytes of their names. */
  public List<CollectionInfo> collections() {
    return catalog.list();
  }

  /** What the store knows of a collection; empty if there is none of this name. */
  public Optional<CollectionInfo> collection(String name) {
    return Optional.ofNullable(catalog.info(name));
  }

  /**
   * Drops a collection, with all that is in it: a transaction of its own, also within a scope.
   * Snapshots that are open go on seeing it. Who has it open gets a {@link
   * org.macekv.error.BucketDroppedException} from then on, also if there is a collection of this
   * name again; and a scope that wrote to it can't be committed any more.
   *
   * @return false if there was none
   */
  public boolean drop(String name) {
    Bucket dropped = catalog.drop(name);
    SharedState state = dropped == null ? null : shared.remove(dropped.id());
    if (state != null) {
      state.gone();
    }
    if (dropped != null && readCache != null) {
      readCache.forget(dropped.id());
    }
    return dropped != null;
  }

  /**
   * Gives a collection another name: a transaction of its own, also within a scope. Who has it open
   * goes on with it; only messages call it by the old name.
   *
   * @param to 1 to 1,000 bytes in UTF-8
   * @throws IllegalArgumentException if there is none of the old name, or one of the new
   */
  public void rename(String from, String to) {
    catalog.rename(from, to);
  }

  /**
   * Makes a collection with what another has now, in the same encodings: as a whole or, after a
   * crash, not at all. What open scopes changed is not in it. Takes the time and the space of
   * writing all anew.
   *
   * @param to 1 to 1,000 bytes in UTF-8
   * @throws IllegalArgumentException if there is none of the old name, or one of the new
   */
  public void copy(String from, String to) {
    catalog.copy(from, to);
  }

  /**
   * Stores every value of a map, or of a view of one, anew that was stored in an older form of its
   * class, so that what was declared of that form ({@link Evolution}) is needed no more. In
   * transactions of some hundred entries, which are part of no scope; others may use the map
   * meanwhile. It may be ended at any time, by a crash or an exception, and begun again: what was
   * done stays.
   *
   * @param progress told after each transaction how many entries were looked at so far
   * @return how many were stored anew
   * @throws IllegalArgumentException if the map is of another store
   * @throws UnsupportedOperationException if the map is of a {@link Snapshot}
   */
  public long rewriteValues(PersistentMap<?, ?> map, LongConsumer progress) {
    if (!(map instanceof NavigableMapView<?, ?> view)) {
      throw new IllegalArgumentException("not a map of a store: " + map.getClass().getName());
    }
    view.collection().store().requireIs(this, view.name());
    view.writableAccess();
    return view.rewriteValues(scopes.autoCommit(), progress);
  }

  /**
   * Has a listener told of what commits change in a map, or in a view of one: after the commit, in
   * the order of the commits, each with the values before and after. Of transactions that have
   * written to the map before this it may be told in part. Not told of: dropping the map, bulk
   * loads, and what is written to its bucket past the collections ({@link #mace()}).
   *
   * <p>As long as somebody listens to it, each write to the map reads the value before, and a write
   * outside of a scope is a transaction like any other. What is to be told waits in memory: a
   * listener that is slower than the writers for long needs much of it. Closing the store waits
   * until all is told, but not for more than ten seconds; a listener can't use the store then.
   *
   * @return ends it when it is closed
   * @throws IllegalArgumentException if the map is of another store
   * @throws UnsupportedOperationException if the map is of a {@link Snapshot}
   */
  public <K, V> Subscription listen(PersistentMap<K, V> map, ChangeListener<K, V> listener) {
    if (!(map instanceof NavigableMapView<K, V> view)) {
      throw new IllegalArgumentException("not a map of a store: " + map.getClass().getName());
    }
    return listenTo(view, listener);
  }

  /** Like {@link #listen(PersistentMap, ChangeListener)}, with the elements as keys. */
  public <E> Subscription listen(PersistentSet<E> set, ChangeListener<E, Boolean> listener) {
    if (!(set instanceof StoredSet<E> view)) {
      throw new IllegalArgumentException("not a set of a store: " + set.getClass().getName());
    }
    return listenTo(view.map(), listener);
  }

  /** Like {@link #listen(PersistentMap, ChangeListener)}, by the entities' keys. */
  public <K, E> Subscription listen(Entities<K, E> entities, ChangeListener<K, E> listener) {
    return listenTo(entities.map(), listener);
  }

  private <K, V> Subscription listenTo(NavigableMapView<K, V> view, ChangeListener<K, V> listener) {
    Objects.requireNonNull(listener, "listener");
    view.collection().store().requireIs(this, view.name());
    view.writableAccess();
    return listeners.add(view.collection(), view.range(), listener);
  }

  Listeners listeners() {
    return listeners;
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

  /** Figures about the cache of decoded values; all 0 if there is none. */
  public ReadCacheStatistics readCacheStatistics() {
    return readCache == null ? ReadCacheStatistics.NONE : readCache.statistics();
  }

  @Nullable ReadCache readCache() {
    return readCache;
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
    shared.values().forEach(SharedState::gone);
    listeners.close();
    if (readCache != null) {
      readCache.clear();
      warnOfChangesInPlace(readCache.detector());
    }
  }

  private void warnOfChangesInPlace(@Nullable ChangeDetector detector) {
    ChangedInPlaceException found = detector == null ? null : detector.checkAll();
    if (found != null) {
      System.getLogger(PersistentStore.class.getName())
          .log(System.Logger.Level.WARNING, "found when the store was closed", found);
    }
  }

  /** What the store is called in messages. */
  @Override
  public String toString() {
    return mace.name();
  }

  private <K, V> NavigableMapView<K, V> map(CollectionKind kind, MapDefinition<K, V> definition) {
    return map(
        kind,
        definition.name(),
        definition.keys(),
        definition.values(this),
        definition.options(),
        definition.sharing());
  }

  private <K, V> NavigableMapView<K, V> map(
      CollectionKind kind,
      String name,
      KeyCodec<K> keys,
      Serializer<V> values,
      @Nullable BucketOptions options,
      ValueSharing sharing) {
    Bucket bucket =
        catalog.open(name, type(kind, keys.id(), values.id()), values::readsId, options);
    return view(new StoredCollection<>(this, name, bucket, keys, values, sharing));
  }

  private Bucket open(String name, CollectionKind kind, String keys, String values) {
    return catalog.open(
        name,
        type(kind, keys, values),
        stored -> evolution.keyCodecIdOfToday(stored).equals(values),
        null);
  }

  private static CollectionRecord.Type type(CollectionKind kind, String keys, String values) {
    return new CollectionRecord.Type(kind, keys, values);
  }

  private <K, V> NavigableMapView<K, V> view(StoredCollection<K, V> collection) {
    return new NavigableMapView<>(collection, scopes, KeyBounds.NONE, false);
  }

  /** What all objects that stand for one collection share. */
  private <T extends SharedState> T shared(
      Bucket bucket, Class<T> type, Function<Bucket, T> factory) {
    return type.cast(shared.computeIfAbsent(bucket.id(), id -> factory.apply(bucket)));
  }

  /** Ensures: this, the store of a collection, is {@code other}. */
  void requireIs(PersistentStore other, String collection) {
    if (other != this) {
      throw new IllegalArgumentException(
          "collection '" + collection + "' is in " + this + ", not in " + other);
    }
  }

  /** The serializer of a class. One for each, since making one is expensive. */
  @SuppressWarnings("unchecked") // kryo.of gives a serializer of the class it was given.
  <V> Serializer<V> serializerOf(Class<V> type) {
    return (Serializer<V>) serializers.computeIfAbsent(type, kryo::of);
  }
}
