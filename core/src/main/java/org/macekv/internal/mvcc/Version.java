package org.macekv.internal.mvcc;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One value of one key, who committed it, and the version that it replaced. Immutable, but for the
 * fate of its commit.
 */
public final class Version {
  /** The value of a deleted key. */
  public static final Object TOMBSTONE =
      new Object() {
        @Override
        public String toString() {
          return "tombstone";
        }
      };

  private final Object value;
  private final Commit commit;
  private final @Nullable Version older;

  /**
   * @param value bytes, a {@link org.macekv.internal.format.LargeValue}, or {@link #TOMBSTONE}
   * @param commit who wrote it
   * @param older what it replaced; null: whatever the base of the leaf has
   */
  public Version(Object value, Commit commit, @Nullable Version older) {
    this.value = value;
    this.commit = commit;
    this.older = older;
  }

  /** Bytes, a large value, or {@link #TOMBSTONE}. */
  public Object value() {
    return value;
  }

  /** Who wrote it. */
  public Commit commit() {
    return commit;
  }

  /** What it replaced. */
  public @Nullable Version older() {
    return older;
  }

  /** The newest version at or below {@code snapshot} in a chain, or null if that is in the base. */
  public static @Nullable Version visible(@Nullable Version head, long snapshot) {
    Version version = head;
    while (version != null && version.commit.position() > snapshot) {
      version = version.older;
    }
    return version;
  }

  /** The first version of a chain whose commit was not rolled back. */
  public static @Nullable Version skipAborted(@Nullable Version head) {
    Version version = head;
    while (version != null && version.commit.position() == Commit.ABORTED) {
      version = version.older;
    }
    return version;
  }

  /** The chain without the versions of {@code commit}. */
  public static @Nullable Version without(@Nullable Version head, Commit commit) {
    List<Version> kept = new ArrayList<>();
    int length = 0;
    for (Version version = head; version != null; version = version.older) {
      length++;
      if (version.commit != commit) {
        kept.add(version);
      }
    }
    return kept.size() == length ? head : chain(kept);
  }

  /** A chain of the same values and commits, the newest first; null if there are none. */
  public static @Nullable Version chain(List<Version> newestFirst) {
    Version chain = null;
    for (int i = newestFirst.size() - 1; i >= 0; i--) {
      Version version = newestFirst.get(i);
      chain = version.older == chain ? version : new Version(version.value, version.commit, chain);
    }
    return chain;
  }
}
