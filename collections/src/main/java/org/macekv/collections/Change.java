package org.macekv.collections;

import org.jspecify.annotations.Nullable;

/**
 * What one commit did to one key. Key and values are decoded when they are asked for, each time
 * anew; what can't be decoded gives the exception that a read would give. Immutable.
 *
 * @param <K> the keys
 * @param <V> the values
 */
public final class Change<K, V> {
  private final StoredCollection<K, V> collection;
  private final byte[] key;
  private final byte @Nullable [] before;
  private final byte @Nullable [] after;

  Change(
      StoredCollection<K, V> collection,
      byte[] key,
      byte @Nullable [] before,
      byte @Nullable [] after) {
    this.collection = collection;
    this.key = key;
    this.before = before;
    this.after = after;
  }

  /** The key. */
  public K key() {
    return collection.decodeKey(key);
  }

  /** The value that the key had before the commit, or null if it had none. */
  public @Nullable V oldValue() {
    return collection.decodeNullable(key, before);
  }

  /** The value that the commit gave it, or null if it removed the key. */
  public @Nullable V newValue() {
    return collection.decodeNullable(key, after);
  }

  /** Whether the key was not there before. */
  public boolean isAddition() {
    return before == null;
  }

  /** Whether the key is not there any more. */
  public boolean isRemoval() {
    return after == null;
  }

  /** For messages; decodes. */
  @Override
  public String toString() {
    return key() + ": " + oldValue() + " -> " + newValue();
  }
}
