package org.macekv.collections;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.macekv.Cursor;

/** An entry as it was when it was read; {@link #setValue} writes to where it was read from. */
final class StoredEntry<K, V> implements Map.Entry<K, V> {
  private final StoredMap<K, V> map;
  private final Access access;
  private final K key;
  private V value;

  StoredEntry(StoredMap<K, V> map, Access access, byte[] key, Cursor cursor) {
    this.map = map;
    this.access = access;
    this.key = map.collection().decodeKey(key);
    this.value = map.collection().decodeValue(key, cursor.value());
  }

  @Override
  public K getKey() {
    return key;
  }

  @Override
  public V getValue() {
    return value;
  }

  @Override
  public V setValue(V newValue) {
    access.requireWritable();
    StoredCollection<K, V> collection = map.collection();
    byte[] encoded = collection.encodeKey(key);
    access.put(collection.bucket(), encoded, collection.encodeForStoring(encoded, newValue));
    V old = value;
    value = newValue;
    return old;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Map.Entry<?, ?> entry
        && key.equals(entry.getKey())
        && value.equals(entry.getValue());
  }

  @Override
  public int hashCode() {
    return key.hashCode() ^ value.hashCode();
  }

  @Override
  public String toString() {
    return key + "=" + value;
  }
}
