package org.macekv.internal.tree;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.macekv.internal.format.LeafPage;
import org.macekv.internal.mvcc.Commit;

/**
 * One key's change on its way into a tree, and what was found there. Confined to the thread that
 * commits it.
 */
public final class Write {
  /** A snapshot for changes that never conflict. */
  public static final long ANY = Commit.ABORTED;

  // With its entry in a map, and the headers of two arrays.
  private static final int OBJECT_BYTES = 72 + 40 + 2 * 20;

  private final byte[] key;
  // Bytes, a large value, or null for a deletion. Of bytes only a part may be the value.
  private final @Nullable Object value;
  private final int from;
  private final int length;

  private @Nullable Function<Object, byte[]> previousLoader;
  private boolean onlyIfPresent;

  private boolean existed;
  private long replaced;
  private boolean installed;
  private byte @Nullable [] previous;

  private Write(byte[] key, @Nullable Object value, int from, int length) {
    this.key = key;
    this.value = value;
    this.from = from;
    this.length = length;
  }

  /**
   * Sets a value.
   *
   * @param key the key; never changed by anybody from now on
   * @param value bytes that nobody changes from now on, or a large value
   */
  public static Write put(byte[] key, Object value) {
    return new Write(key, value, 0, value instanceof byte[] bytes ? bytes.length : 0);
  }

  /**
   * Sets a value that is a part of other bytes, which nobody changes until the write is done.
   *
   * <p>Requires: it is short enough for a page.
   */
  public static Write put(byte[] key, byte[] bytes, int from, int length) {
    assert length <= LeafPage.MAX_VALUE_IN_PAGE;
    return new Write(key, bytes, from, length);
  }

  /** Removes a key. */
  public static Write delete(byte[] key) {
    return new Write(key, null, 0, 0);
  }

  /**
   * Asks for the value before.
   *
   * @param loader gives the bytes of a value; it is called with the cell locked, since what a large
   *     value's pointer leads to may go when the value was replaced
   */
  public void wantPrevious(Function<Object, byte[]> loader) {
    previousLoader = loader;
  }

  /** Asks for nothing to be done if there is no value before. */
  public void onlyIfPresent() {
    onlyIfPresent = true;
  }

  /** The key. */
  public byte[] key() {
    return key;
  }

  /**
   * The new value, shared: bytes, a large value, or null for a deletion.
   *
   * <p>Requires: it was not given as a part of other bytes.
   */
  public @Nullable Object value() {
    return value;
  }

  /** Whether this removes the key. */
  public boolean isDeletion() {
    return value == null;
  }

  /** Whether the key had a value before. */
  public boolean existed() {
    return existed;
  }

  /** What this adds to the number of entries. */
  public int countChange() {
    return (isDeletion() ? 0 : 1) - (existed ? 1 : 0);
  }

  /** The position of the version that this replaced or conflicts with, 0 if that is in the base. */
  public long replaced() {
    return replaced;
  }

  /** The value before if it was asked for, a fresh array, or null. */
  public byte @Nullable [] previous() {
    return previous;
  }

  /** Whether it is in the tree: not after a conflict, nor if there was nothing to delete. */
  public boolean isInstalled() {
    return installed;
  }

  boolean isPreviousWanted() {
    return previousLoader != null;
  }

  boolean isOnlyIfPresent() {
    return onlyIfPresent;
  }

  void found(boolean newExisted, long newReplaced) {
    existed = newExisted;
    replaced = newReplaced;
  }

  void setPrevious(@Nullable Object found) {
    Function<Object, byte[]> loader = previousLoader;
    previous = found == null || loader == null ? null : loader.apply(found);
  }

  void setInstalled() {
    installed = true;
  }

  /** About how much heap it takes in a transaction's buffer. */
  public int heapBytes() {
    return OBJECT_BYTES + key.length + (value instanceof byte[] bytes ? bytes.length : 100);
  }

  /** The value tag of its entry in a page. */
  int tag() {
    if (value == null) {
      return LeafPage.TOMBSTONE_TAG;
    }
    return value instanceof byte[] && length <= LeafPage.MAX_VALUE_IN_PAGE
        ? length << 1
        : LeafPage.BESIDE_TAG;
  }

  /** The value that is kept beside the page. */
  Object besideValue() {
    Object beside = value;
    if (beside == null) {
      throw new IllegalStateException("a deletion has no value");
    }
    return beside;
  }

  /** Copies the value, which is bytes. */
  void copyValue(byte[] target, int at) {
    if (value instanceof byte[] bytes) {
      System.arraycopy(bytes, from, target, at, length);
    }
  }
}
