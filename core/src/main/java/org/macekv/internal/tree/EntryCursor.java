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

  /** The length of the current value in bytes. */
  int valueLength();
}
