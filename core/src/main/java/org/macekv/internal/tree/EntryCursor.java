package org.macekv.internal.tree;

/** A walk over entries, whatever is behind it. Confined to one thread. */
public interface EntryCursor {
  /** Moves to the next entry; false at the end. */
  boolean next();

  /** Whether the cursor is on an entry. */
  boolean isOnEntry();

  /** The current key, a fresh array. */
  byte[] key();

  /** The current value: a fresh array or a large value. */
  Object value();

  /** The length of the current key in bytes. */
  int keyLength();

  /** The length of the current value in bytes. */
  int valueLength();

  /** Copies the current key. Requires: there is room for it. */
  void copyKey(byte[] target, int offset);

  /**
   * Copies the current value, unless it is a large value. Requires: there is room for it.
   *
   * @return whether it was copied
   */
  boolean copyValue(byte[] target, int offset);
}
