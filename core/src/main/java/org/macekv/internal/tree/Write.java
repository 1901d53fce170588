package org.macekv.internal.tree;

import org.jspecify.annotations.Nullable;
import org.macekv.internal.mvcc.Commit;
import org.macekv.internal.mvcc.Version;

/**
 * One key's change on its way into a tree, and what was found there. Confined to the thread that
 * commits it.
 */
public final class Write {
  /** A snapshot for changes that never conflict. */
  public static final long ANY = Commit.ABORTED;

  private final byte[] key;
  private final Object value;
  private boolean existed;
  private long replaced;
  private @Nullable Object previous;
  private @Nullable Version version;

  /**
   * @param key the key; never changed by anybody from now on
   * @param value bytes that nobody changes from now on, a large value, or {@link Version#TOMBSTONE}
   */
  public Write(byte[] key, Object value) {
    this.key = key;
    this.value = value;
  }

  /** The key. */
  public byte[] key() {
    return key;
  }

  /** The new value. */
  public Object value() {
    return value;
  }

  /** Whether this removes the key. */
  public boolean isDeletion() {
    return value == Version.TOMBSTONE;
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

  /** The value before, shared, if it was asked for. */
  public @Nullable Object previous() {
    return previous;
  }

  /** The version that was installed; null after a conflict, and if there was nothing to delete. */
  public @Nullable Version version() {
    return version;
  }

  void setVersion(Version installed) {
    version = installed;
  }

  void found(boolean newExisted, long newReplaced) {
    existed = newExisted;
    replaced = newReplaced;
  }

  void setPrevious(@Nullable Object value) {
    previous = value;
  }
}
