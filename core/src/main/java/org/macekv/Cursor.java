package org.macekv;

/**
 * Walks over the entries of a range in one direction. Not thread-safe; needs no closing.
 *
 * <pre>{@code
 * Cursor cursor = view.scan(bucket, KeyRange.prefix(prefix));
 * while (cursor.next()) {
 *   use(cursor.key(), cursor.value());
 * }
 * }</pre>
 */
public final class Cursor {
  Cursor() {}

  /**
   * Moves to the next entry in the cursor's direction.
   *
   * @return false if there is none; the cursor is then at its end and stays there
   */
  public boolean next() {
    throw new UnsupportedOperationException();
  }

  /**
   * The key of the current entry, a fresh array.
   *
   * @throws IllegalStateException if the cursor is not on an entry
   */
  public byte[] key() {
    throw new UnsupportedOperationException();
  }

  /**
   * The value of the current entry, a fresh array. Values over the bucket's inline limit are read
   * from the log by this call and not before.
   *
   * @throws IllegalStateException if the cursor is not on an entry
   */
  public byte[] value() {
    throw new UnsupportedOperationException();
  }

  /**
   * The length of the current value in bytes, without reading it.
   *
   * @throws IllegalStateException if the cursor is not on an entry
   */
  public int valueLength() {
    throw new UnsupportedOperationException();
  }
}
