package org.macekv.internal.tree;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A walk over entries, whatever is behind it. Confined to one thread. What asks for the current
 * entry throws {@link IllegalStateException} if there is none.
 */
public interface EntryCursor {
  /** Moves to the next entry; false at the end. */
  boolean next();

  /** The current key, a fresh array. */
  byte[] key();

  /** The current value: a fresh array or a large value. */
  Object value();

  /**
   * The value of the current key, looked up anew at the cursor's snapshot: for whoever finds that
   * what a large value's pointer leads to is gone. Null if the cursor has no snapshot, and the key
   * has no value any more.
   */
  @Nullable Object valueAgain();

  /** Whether the current value is a large value. */
  boolean isLarge();

  /** The length of the current key in bytes. */
  int keyLength();

  /** The length of the current value in bytes. */
  int valueLength();

  /**
   * Copies the current key and returns its length.
   *
   * @throws IndexOutOfBoundsException if there is no room for it
   */
  int copyKey(byte[] target, int offset);

  /**
   * Copies the current value and returns its length, or returns -1 if it is a large value.
   *
   * @throws IndexOutOfBoundsException if there is no room for it
   */
  int copyValue(byte[] target, int offset);

  /** The current value where it lies, read-only, or null if it is a large value. */
  @Nullable ByteBuffer valueBuffer();
}
