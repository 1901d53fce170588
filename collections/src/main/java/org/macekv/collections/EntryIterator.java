package org.macekv.collections;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import org.macekv.Cursor;

/**
 * Walks over a map and stays with the access that it was made with. It reads ahead only when it is
 * asked whether there is more, and then no values.
 */
final class EntryIterator<K, V, T> implements Iterator<T> {
  private final StoredMap<K, V> map;
  private final Access access;
  private final EntryReading<K, V, T> reading;
  private final Cursor cursor;

  /** Whether the cursor stands on an entry that was not returned yet. */
  private boolean ahead;

  /** The key of the entry that was returned last and not removed. */
  private byte @Nullable [] returned;

  EntryIterator(StoredMap<K, V> map, boolean descending, EntryReading<K, V, T> reading) {
    this.map = map;
    this.access = map.access();
    this.reading = reading;
    this.cursor = access.scan(map.collection().bucket(), map.range(), descending);
  }

  @Override
  public boolean hasNext() {
    access.requireUsable();
    if (!ahead) {
      ahead = cursor.next();
    }
    return ahead;
  }

  @Override
  public T next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    ahead = false;
    byte[] key = cursor.key();
    returned = key;
    return reading.read(map, access, key, cursor);
  }

  @Override
  public void remove() {
    access.requireWritable();
    byte[] key = returned;
    if (key == null) {
      throw new IllegalStateException("no entry was returned since the last removal");
    }
    access.delete(map.collection().bucket(), key);
    returned = null;
  }
}
