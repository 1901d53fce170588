package org.macekv.collections;

import org.jspecify.annotations.Nullable;
import org.macekv.ValueReading;

/** One read of a collection that goes through the read cache. */
final class CachedReading<K, V> implements ValueReading<V> {
  private final StoredCollection<K, V> collection;
  private final ReadCache cache;
  private final ReadCache.Key key;
  private final boolean isNewest;

  CachedReading(StoredCollection<K, V> collection, ReadCache cache, byte[] key, boolean isNewest) {
    this.collection = collection;
    this.cache = cache;
    this.key = new ReadCache.Key(collection.bucket().id(), key);
    this.isNewest = isNewest;
  }

  @Override
  public @Nullable V made(long stamp, int length) {
    // Whoever looks for changes needs the bytes.
    return cache.detector() == null && cache.takes(length) ? cached(stamp) : null;
  }

  /** Not what another opening of the collection shares, and this one may not. */
  @SuppressWarnings("unchecked") // what this serializer has made
  private @Nullable V cached(long stamp) {
    V value = (V) cache.get(key, stamp, collection.values());
    return value != null && collection.sharing().allows(value) ? value : null;
  }

  @Override
  public V make(byte[] bytes, long stamp) {
    ChangeDetector detector = cache.detector();
    if (detector == null) {
      return decoded(bytes, stamp);
    }
    detector.check(key, bytes);
    V present = stamp == NONE || !cache.takes(bytes.length) ? null : cached(stamp);
    V value = present != null ? present : decoded(bytes, stamp);
    collection.watch(detector, key, value, bytes);
    return value;
  }

  private V decoded(byte[] bytes, long stamp) {
    V value = collection.decodeValue(key.key(), bytes);
    if (stamp != NONE && cache.takes(bytes.length) && collection.sharing().allows(value)) {
      cache.put(key, stamp, collection.values(), value, bytes.length, isNewest);
    }
    return value;
  }
}
