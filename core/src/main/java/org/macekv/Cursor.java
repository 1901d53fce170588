package org.macekv;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.macekv.internal.engine.Engine;
import org.macekv.internal.log.ValueGoneException;
import org.macekv.internal.tree.EntryCursor;

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
  private final Engine engine;
  private final EntryCursor cursor;

  Cursor(Engine engine, EntryCursor cursor) {
    this.engine = engine;
    this.cursor = cursor;
  }

  /**
   * Moves to the next entry in the cursor's direction.
   *
   * @return false if there is none; the cursor is then at its end and stays there
   */
  public boolean next() {
    engine.checkOpen();
    return cursor.next();
  }

  /**
   * The key of the current entry, a fresh array.
   *
   * @throws IllegalStateException if the cursor is not on an entry
   */
  public byte[] key() {
    return cursor.key();
  }

  /**
   * The value of the current entry, a fresh array. Values over the bucket's inline limit are read
   * from the log by this call and not before.
   *
   * @throws IllegalStateException if the cursor is not on an entry
   */
  public byte[] value() {
    Object value = cursor.value();
    engine.checkOpen();
    return load(value);
  }

  /**
   * The length of the current value in bytes, without reading it.
   *
   * @throws IllegalStateException if the cursor is not on an entry
   */
  public int valueLength() {
    return cursor.valueLength();
  }

  /**
   * The length of the current key in bytes.
   *
   * @throws IllegalStateException if the cursor is not on an entry
   */
  public int keyLength() {
    return cursor.keyLength();
  }

  /**
   * Copies the current key into {@code target} from {@code offset} on, which spares the array that
   * {@link #key} makes.
   *
   * @return the key's length in bytes
   * @throws IllegalStateException if the cursor is not on an entry
   * @throws IndexOutOfBoundsException if {@code target} has no room for {@link #keyLength} bytes at
   *     {@code offset}; nothing was copied
   */
  public int copyKey(byte[] target, int offset) {
    return cursor.copyKey(target, offset);
  }

  /**
   * Copies the current value into {@code target} from {@code offset} on, which spares the array
   * that {@link #value} makes. Values over the bucket's inline limit are read from the log.
   *
   * @return the value's length in bytes
   * @throws IllegalStateException if the cursor is not on an entry
   * @throws IndexOutOfBoundsException if {@code target} has no room for {@link #valueLength} bytes
   *     at {@code offset}; nothing was copied
   */
  public int copyValue(byte[] target, int offset) {
    int copied = cursor.copyValue(target, offset);
    if (copied >= 0) {
      return copied;
    }
    Objects.checkFromIndexSize(offset, cursor.valueLength(), target.length);
    engine.checkOpen();
    byte[] value = load(cursor.value());
    System.arraycopy(value, 0, target, offset, value.length);
    return value.length;
  }

  /** The bytes of a value; of the newest one if this one was replaced and cleaned away. */
  private byte[] load(@Nullable Object value) {
    Object wanted = value;
    while (true) {
      if (wanted == null) {
        throw new IllegalStateException("the entry was deleted after the cursor came to it");
      }
      try {
        return Objects.requireNonNull(engine.committer().load(wanted));
      } catch (ValueGoneException e) {
        wanted = cursor.newestValue();
      }
    }
  }
}
