package org.macekv.collections;

import java.util.HexFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.macekv.Bucket;
import org.macekv.serialization.KeyCodec;
import org.macekv.serialization.SerializationException;
import org.macekv.serialization.Serializer;

/**
 * A collection of a store, as opened: its bucket and how its entries are encoded. Immutable.
 *
 * @param store the store that it is in
 * @param name its name there
 * @param bucket where its entries are
 * @param keys how keys become bytes, in order
 * @param values how values become bytes
 * @param sharing whether readers may get the same instance of a value
 */
record StoredCollection<K, V>(
    PersistentStore store,
    String name,
    Bucket bucket,
    KeyCodec<K> keys,
    Serializer<V> values,
    ValueSharing sharing) {

  /**
   * The bytes of a key.
   *
   * @throws NullPointerException if it is null
   * @throws ClassCastException if it is not of the type of the keys
   */
  @SuppressWarnings("unchecked") // The codec casts it, and thereby finds keys of foreign types.
  byte[] encodeKey(@Nullable Object key) {
    return keys.encode((K) Objects.requireNonNull(key, "key"));
  }

  /**
   * The key of these bytes.
   *
   * @throws SerializationException that names store and collection if they cannot be read
   */
  K decodeKey(byte[] key) {
    try {
      return keys.decode(key);
    } catch (SerializationException e) {
      throw unreadable("key", key, e);
    }
  }

  /**
   * The value of a key, or null: through the read cache where instances may be shared.
   *
   * @param key its bytes, which are kept
   */
  @Nullable V read(Access access, byte[] key) {
    ReadCache cache = store.readCache();
    return cache == null || (sharing == ValueSharing.NEVER && cache.detector() == null)
        ? decodeNullable(key, access.get(bucket, key))
        : access.get(bucket, key, new CachedReading<>(this, cache, key, !access.isFrozen()));
  }

  /** The bytes of a value that is going to be stored. */
  byte[] encodeForStoring(byte[] key, @Nullable V value) {
    byte[] encoded = encodeValue(value);
    ReadCache cache = store.readCache();
    ChangeDetector detector = cache == null ? null : cache.detector();
    if (detector != null && value != null) {
      watch(detector, new ReadCache.Key(bucket.id(), key), value, encoded);
    }
    return encoded;
  }

  @SuppressWarnings("unchecked") // the detector gives back the instance that it got
  void watch(ChangeDetector detector, ReadCache.Key key, V value, byte[] stored) {
    detector.isNow(
        key,
        value,
        stored,
        instance -> values.serialize((V) instance),
        "collection '" + name + "' in " + store + ", value of key " + describe(key.key()));
  }

  byte[] encodeValue(@Nullable V value) {
    return values.serialize(Objects.requireNonNull(value, "value"));
  }

  /**
   * The value of these bytes.
   *
   * @param key the key that has it, for messages
   * @throws SerializationException that names store, collection and key if they cannot be read
   */
  V decodeValue(byte[] key, byte[] value) {
    try {
      return values.deserialize(value);
    } catch (SerializationException e) {
      throw unreadable("value of key", key, e);
    }
  }

  @Nullable V decodeNullable(byte[] key, byte @Nullable [] value) {
    return value == null ? null : decodeValue(key, value);
  }

  private SerializationException unreadable(String what, byte[] key, SerializationException cause) {
    return new SerializationException(
        "collection '"
            + name
            + "' in "
            + store
            + ", "
            + what
            + " "
            + describe(key)
            + ": "
            + cause.getMessage(),
        cause);
  }

  private String describe(byte[] key) {
    try {
      return keys.decode(key).toString();
    } catch (SerializationException e) {
      return HexFormat.of().formatHex(key);
    }
  }
}
