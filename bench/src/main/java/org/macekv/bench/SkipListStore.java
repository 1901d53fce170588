package org.macekv.bench;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's concurrent sorted map, which keeps nothing on disk and has no transactions. It takes
 * the caller's arrays as they are and hands out its own; both spare it copies that the stores make.
 * Its comparator is the vectorized one of the JDK. The upward scan is its {@code forEach}, which
 * makes no entry objects; downwards there is only the iterator.
 */
final class SkipListStore implements ByteStore {
  private final ConcurrentSkipListMap<byte[], byte[]> map =
      new ConcurrentSkipListMap<>(Arrays::compareUnsigned);

  @Override
  public byte @Nullable [] get(byte[] key) {
    return map.get(key);
  }

  @Override
  public void put(byte[] key, byte[] value) {
    map.put(key, value);
  }

  @Override
  public long scan() {
    Sum sum = new Sum();
    map.forEach(sum::add);
    return sum.value;
  }

  @Override
  public long scanReverse() {
    long sum = 0;
    for (Map.Entry<byte[], byte[]> entry : map.descendingMap().entrySet()) {
      sum += Touch.entry(entry.getKey(), entry.getValue());
    }
    return sum;
  }

  /** Does nothing: emptying the map would be work that nobody does who drops one. */
  @Override
  public void close() {}

  private static final class Sum {
    private long value;

    void add(byte[] key, byte[] entryValue) {
      value += Touch.entry(key, entryValue);
    }
  }
}
