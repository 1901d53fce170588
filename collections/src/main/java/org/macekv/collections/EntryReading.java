package org.macekv.collections;

import java.util.Map;
import org.macekv.Cursor;

/**
 * What iterators and spliterators make of the entry that a cursor stands on.
 *
 * @param <T> what is made of it
 */
@FunctionalInterface
interface EntryReading<K, V, T> {

  /**
   * Reads the current entry.
   *
   * @param map the map that is walked over
   * @param access what the walk belongs to
   * @param key the key of the entry
   * @param cursor the cursor, for the value
   */
  T read(StoredMap<K, V> map, Access access, byte[] key, Cursor cursor);

  /** Keys; values are not read. */
  static <K, V> EntryReading<K, V, K> keys() {
    return (map, access, key, cursor) -> map.collection().decodeKey(key);
  }

  /** Values. */
  static <K, V> EntryReading<K, V, V> values() {
    return (map, access, key, cursor) -> map.collection().decodeValue(key, cursor.value());
  }

  /** Entries that write through. */
  static <K, V> EntryReading<K, V, Map.Entry<K, V>> entries() {
    return StoredEntry::new;
  }
}
