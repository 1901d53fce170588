package org.macekv;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * All buckets and entries of a store at one moment, with keys and values {@linkplain
 * Samples#describe described}: equal contents are equal, and a difference can be read. Every read
 * checks that the two directions of a scan, the count and the single gets agree.
 */
record StoreContents(Map<String, Map<String, String>> buckets) {

  static StoreContents of(Mace store) {
    try (View view = store.view()) {
      Map<String, Map<String, String>> buckets = new TreeMap<>();
      for (String name : store.bucketNames()) {
        buckets.put(name, entries(view, view.findBucket(name)));
      }
      return new StoreContents(buckets);
    }
  }

  private static Map<String, String> entries(SnapshotReader reader, Bucket bucket) {
    Map<String, String> up = new TreeMap<>();
    walk(reader.scan(bucket, KeyRange.all()), (key, value) -> add(up, key, value));
    Map<String, String> down = new TreeMap<>();
    walk(reader.scanReverse(bucket, KeyRange.all()), (key, value) -> add(down, key, value));
    walk(
        reader.scan(bucket, KeyRange.all()),
        (key, value) -> requireEqual(Samples.describe(value), get(reader, bucket, key)));
    requireEqual(up, down);
    requireEqual((long) up.size(), reader.count(bucket));
    return up;
  }

  private static String get(SnapshotReader reader, Bucket bucket, byte[] key) {
    return Samples.describe(reader.get(bucket, key));
  }

  private static void add(Map<String, String> entries, byte[] key, byte[] value) {
    String old = entries.put(Samples.describe(key), Samples.describe(value));
    requireEqual(null, old);
  }

  private static void walk(Cursor cursor, BiConsumer<byte[], byte[]> action) {
    while (cursor.next()) {
      action.accept(cursor.key(), cursor.value());
    }
  }

  private static void requireEqual(Object expected, Object actual) {
    org.assertj.core.api.Assertions.assertThat(actual).isEqualTo(expected);
  }
}
