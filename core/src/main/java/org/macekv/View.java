package org.macekv;

import org.jspecify.annotations.Nullable;

/**
 * A read-only state of the whole store that does not change while it is open. Thread-safe; its
 * cursors are not. An open view keeps the history that it can see, so close it when it is done.
 */
public final class View implements SnapshotReader, AutoCloseable {
  View() {}

  @Override
  public byte @Nullable [] get(Bucket bucket, byte[] key) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean contains(Bucket bucket, byte[] key) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Cursor scan(Bucket bucket, KeyRange range) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Cursor scanReverse(Bucket bucket, KeyRange range) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long count(Bucket bucket) {
    throw new UnsupportedOperationException();
  }

  /** The bucket of this name in the state that the view shows, or null. */
  public @Nullable Bucket findBucket(String name) {
    throw new UnsupportedOperationException();
  }

  /** The position in the log that this view shows: every commit at or below it, none above. */
  public long position() {
    throw new UnsupportedOperationException();
  }

  /** Lets go of the history that only this view could see. Idempotent. */
  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
