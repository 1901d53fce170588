package org.macekv.internal.mvcc;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One value of one key, who committed it, and the version that it replaced. Immutable, but for the
 * fate of its commit. A write outside a transaction is its own commit, which saves an object and,
 * for whoever reads it cold, a cache miss.
 */
public final class Version extends Commit {
  /** The value of a deleted key. */
  public static final Object TOMBSTONE =
      new Object() {
        @Override
        public String toString() {
          return "tombstone";
        }
      };

  private final byte[] key;
  private final Object value;
  private final Commit commit;
  private final @Nullable Version older;

  /**
   * A version.
   *
   * @param key the key, shared
   * @param value bytes, a {@link org.macekv.internal.format.LargeValue}, or {@link #TOMBSTONE}
   * @param commit who wrote it; null: it is its own commit, and not decided
   * @param older what it replaced; null: whatever the base of the leaf has
   */
  public Version(byte[] key, Object value, @Nullable Commit commit, @Nullable Version older) {
    super(PENDING);
    this.key = key;
    this.value = value;
    this.commit = commit == null ? this : commit;
    this.older = older;
  }

  /** With another predecessor, but else the same as {@code other}. */
  private Version(Version other, @Nullable Version older) {
    super(other.position());
    this.key = other.key;
    this.value = other.value;
    this.older = older;
    // A decided commit of its own is copied, so that the copy does not hold the original and with
    // it the chain that was cut. An undecided one is waited for in the original.
    this.commit = other.commit == other && position() != PENDING ? this : other.commit;
  }

  /** The key, shared. */
  public byte[] key() {
    return key;
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
      chain = version.older == chain ? version : new Version(version, chain);
    }
    return chain;
  }
}
