package org.macekv;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
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
  private final boolean live;
  private final @Nullable Object owner;
  private byte @Nullable [] large; // the current value, if it had to be read at once

  /** A cursor of a view or a transaction, which is not lost as long as somebody has the cursor. */
  Cursor(Engine engine, EntryCursor cursor, Object owner) {
    this(engine, cursor, false, owner);
  }

  /**
   * A cursor.
   *
   * @param live whether it has no snapshot: then what a large value's pointer leads to may go at
   *     any time, and is read when the cursor comes to the entry
   */
  Cursor(Engine engine, EntryCursor cursor, boolean live) {
    this(engine, cursor, live, null);
  }

  private Cursor(Engine engine, EntryCursor cursor, boolean live, @Nullable Object owner) {
    this.owner = owner;
    this.engine = engine;
    this.cursor = cursor;
    this.live = live;
  }

  /**
   * Moves to the next entry in the cursor's direction.
   *
   * @return false if there is none; the cursor is then at its end and stays there
   */
  public boolean next() {
    engine.checkOpen();
    large = null;
    try {
      while (cursor.next()) {
        if (!live || !cursor.isLarge() || readLarge()) {
          return true;
        }
      }
      return false;
    } finally {
      Reference.reachabilityFence(owner);
    }
  }

  /** Reads the current value, or a newer one; false if the key was deleted meanwhile. */
  private boolean readLarge() {
    large = load();
    return large != null;
  }

  /** The bytes of the current value; null only if there is no snapshot to show them. */
  private byte @Nullable [] load() {
    Object wanted = cursor.value();
    while (wanted != null) {
      try {
        return engine.committer().load(wanted);
      } catch (ValueGoneException e) {
        wanted = cursor.valueAgain(); // moved, or replaced, since the leaf was read
      }
    }
    return null;
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
   * from the log by this call and not before; but a cursor of {@link Bucket#scan}, which has no
   * snapshot, reads them when it comes to them.
   *
   * @throws IllegalStateException if the cursor is not on an entry
   */
  public byte[] value() {
    byte[] read = large;
    if (read != null) {
      return read.clone();
    }
    engine.checkOpen();
    return Objects.requireNonNull(load());
  }

  /**
   * The value of the current entry where it lies, which spares the copy that {@link #value} makes:
   * a read-only buffer of big-endian order from position 0 to a limit of {@link #valueLength}. Its
   * bytes never change, also when the cursor has moved on or the entry was replaced; but as long as
   * the buffer is reachable it keeps what the value lies in (a page of some kilobytes) on the heap,
   * so a value that shall be kept is better copied. Values over the bucket's inline limit are read
   * from the log.
   *
   * @throws IllegalStateException if the cursor is not on an entry
   */
  public ByteBuffer valueBuffer() {
    byte[] value = large;
    if (value == null) {
      ByteBuffer buffer = cursor.valueBuffer();
      if (buffer != null) {
        return buffer;
      }
      engine.checkOpen();
      value = Objects.requireNonNull(load());
    }
    return ByteBuffer.wrap(value).asReadOnlyBuffer();
  }

  /**
   * The length of the current value in bytes, without reading it.
   *
   * @throws IllegalStateException if the cursor is not on an entry
   */
  public int valueLength() {
    byte[] read = large;
    return read != null ? read.length : cursor.valueLength();
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
    byte[] value = large;
    if (value == null) {
      int copied = cursor.copyValue(target, offset);
      if (copied >= 0) {
        return copied;
      }
      Objects.checkFromIndexSize(offset, cursor.valueLength(), target.length);
      engine.checkOpen();
      value = Objects.requireNonNull(load());
    }
    System.arraycopy(value, 0, target, offset, value.length);
    return value.length;
  }
}
