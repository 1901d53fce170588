package org.macekv.collections;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.macekv.serialization.Serializer;

/**
 * Decoded values of a store's collections. Thread-safe.
 *
 * <p>It can't show what is not so: each read finds in the engine which version of the key it has to
 * show, and takes from here only what was decoded of a value with the same stamp ({@link
 * org.macekv.ValueReading}). What is here under another stamp is replaced by the next read that
 * decodes.
 */
final class ReadCache {
  /** About how many bytes an entry takes beside key and value: its objects and the policy's. */
  private static final int OVERHEAD = 200;

  private final Cache<Key, Decoded> cache;
  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();
  private final LongAdder evictions = new LongAdder();
  private final int leastLength;
  private final @Nullable ChangeDetector detector;

  /**
   * A cache.
   *
   * @param maxBytes about how many bytes what is in it takes
   * @param leastLength values of fewer bytes are not kept
   * @param detector looks for values that were changed in place, or null
   */
  ReadCache(long maxBytes, int leastLength, @Nullable ChangeDetector detector) {
    this.cache =
        Caffeine.newBuilder()
            .maximumWeight(maxBytes)
            .weigher((Key key, Decoded decoded) -> decoded.weight)
            .evictionListener((key, decoded, cause) -> evictions.increment())
            .executor(Runnable::run) // no thread that would outlive the store
            .build();
    this.leastLength = leastLength;
    this.detector = detector;
  }

  /** What a value is kept under. */
  @SuppressWarnings("ArrayRecordComponent") // compared by what is in it
  record Key(int bucketId, byte[] key) {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key that && bucketId == that.bucketId && Arrays.equals(key, that.key);
    }

    @Override
    public int hashCode() {
      return 31 * Arrays.hashCode(key) + bucketId;
    }
  }

  /** A value, and of what bytes it was made by whom. */
  private record Decoded(long stamp, Serializer<?> serializer, Object value, int weight) {}

  /** Finds who was changed in place, if that is asked for. */
  @Nullable ChangeDetector detector() {
    return detector;
  }

  /** Whether values of so many bytes are kept. */
  boolean takes(int length) {
    return length >= leastLength;
  }

  /** What a serializer made of the value with this stamp, or null. */
  @Nullable Object get(Key key, long stamp, Serializer<?> serializer) {
    Decoded decoded = cache.getIfPresent(key);
    if (decoded != null && decoded.stamp == stamp && decoded.serializer == serializer) {
      hits.increment();
      return decoded.value;
    }
    misses.increment();
    return null;
  }

  /**
   * Keeps a value that may be shared.
   *
   * @param length of its bytes
   * @param isNewest false if it may be one of the past, which does not displace another
   */
  void put(
      Key key, long stamp, Serializer<?> serializer, Object value, int length, boolean isNewest) {
    // Objects take about twice the room of their bytes.
    int weight = OVERHEAD + key.key.length + (int) Math.min(1L << 30, 2L * length);
    Decoded decoded = new Decoded(stamp, serializer, value, weight);
    if (isNewest) {
      cache.put(key, decoded);
    } else {
      cache.asMap().putIfAbsent(key, decoded);
    }
  }

  /** Lets go of what a bucket has had. */
  void forget(int bucketId) {
    cache.asMap().keySet().removeIf(key -> key.bucketId == bucketId);
  }

  /** Lets go of everything. */
  void clear() {
    cache.invalidateAll();
  }

  ReadCacheStatistics statistics() {
    cache.cleanUp();
    long bytes = cache.policy().eviction().orElseThrow().weightedSize().orElseThrow();
    return new ReadCacheStatistics(
        hits.sum(), misses.sum(), evictions.sum(), cache.estimatedSize(), bytes);
  }
}
