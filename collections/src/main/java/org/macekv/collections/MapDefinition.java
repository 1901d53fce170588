package org.macekv.collections;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.macekv.option.BucketOptions;
import org.macekv.serialization.KeyCodec;
import org.macekv.serialization.KeyCodecs;
import org.macekv.serialization.Serializer;

/**
 * A map's name, types and options, to be said once, in a constant, and opened by it:
 *
 * <pre>{@code
 * static final MapDefinition<String, Order> ORDERS =
 *     MapDefinition.of("orders", String.class, Order.class);
 *
 * PersistentNavigableMap<String, Order> orders = store.navigableMap(ORDERS);
 * }</pre>
 *
 * <p>Immutable, and of no store.
 *
 * @param <K> the keys
 * @param <V> the values
 */
public final class MapDefinition<K, V> {
  private final String name;
  private final KeyCodec<K> keys;
  private final @Nullable Class<V> valueClass;
  private final @Nullable Serializer<V> values;
  private final @Nullable BucketOptions options;
  private final ValueSharing sharing;

  private MapDefinition(
      String name,
      KeyCodec<K> keys,
      @Nullable Class<V> valueClass,
      @Nullable Serializer<V> values,
      @Nullable BucketOptions options,
      ValueSharing sharing) {
    this.name = Objects.requireNonNull(name, "name");
    this.keys = Objects.requireNonNull(keys, "keys");
    this.valueClass = valueClass;
    this.values = values;
    this.options = options;
    this.sharing = sharing;
  }

  /**
   * Keys have the built-in codec of their class (see {@link KeyCodecs}), values the serializer of
   * theirs (see {@link org.macekv.serialization.KryoSerialization}).
   *
   * @param name 1 to 1,000 bytes in UTF-8
   * @throws IllegalArgumentException if there is no built-in codec for the keys
   */
  public static <K, V> MapDefinition<K, V> of(String name, Class<K> keys, Class<V> values) {
    return of(name, KeyCodecs.of(keys), values);
  }

  /** With values of a class, and with keys in an encoding of your choice. */
  public static <K, V> MapDefinition<K, V> of(String name, KeyCodec<K> keys, Class<V> values) {
    return new MapDefinition<>(
        name,
        keys,
        Objects.requireNonNull(values, "values"),
        null,
        null,
        ValueSharing.IF_IMMUTABLE);
  }

  /** With keys of a class, and with values in a format of your choice. */
  public static <K, V> MapDefinition<K, V> of(String name, Class<K> keys, Serializer<V> values) {
    return of(name, KeyCodecs.of(keys), values);
  }

  /** With encodings of your choice. */
  public static <K, V> MapDefinition<K, V> of(String name, KeyCodec<K> keys, Serializer<V> values) {
    return new MapDefinition<>(
        name,
        keys,
        null,
        Objects.requireNonNull(values, "values"),
        null,
        ValueSharing.IF_IMMUTABLE);
  }

  /**
   * With options for how the data is kept. Without, a collection has the defaults when it is
   * created, and keeps what it has. Those that fix the form of the data can't be changed
   * afterwards, and opening with others is refused.
   */
  public MapDefinition<K, V> withOptions(BucketOptions newOptions) {
    return new MapDefinition<>(
        name, keys, valueClass, values, Objects.requireNonNull(newOptions, "newOptions"), sharing);
  }

  /**
   * With the word of the caller that values, and all that they lead to, are never changed: readers
   * may get the same instance, out of the read cache, whatever its class. Without, they do where
   * the class is known to be immutable ({@link PersistentStoreBuilder#readCacheBytes}).
   */
  public MapDefinition<K, V> withSharedValues() {
    return new MapDefinition<>(name, keys, valueClass, values, options, ValueSharing.ALWAYS);
  }

  /** With values decoded anew for each read, whatever their class. */
  public MapDefinition<K, V> withoutSharedValues() {
    return new MapDefinition<>(name, keys, valueClass, values, options, ValueSharing.NEVER);
  }

  /** The name of the map in its store. */
  public String name() {
    return name;
  }

  KeyCodec<K> keys() {
    return keys;
  }

  /** The serializer of the values; that of a class is looked up in the store. */
  Serializer<V> values(PersistentStore store) {
    Class<V> type = valueClass;
    return type == null ? Objects.requireNonNull(values) : store.serializerOf(type);
  }

  @Nullable BucketOptions options() {
    return options;
  }

  ValueSharing sharing() {
    return sharing.of(valueClass);
  }

  /** For messages. */
  @Override
  public String toString() {
    return "map '" + name + "'";
  }
}
