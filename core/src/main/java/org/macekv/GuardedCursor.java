package org.macekv;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.macekv.internal.tree.EntryCursor;

/** A cursor of a view: ends with it, since the view's history may go then. */
final class GuardedCursor implements EntryCursor {
  private final AtomicBoolean closed;
  private final EntryCursor cursor;

  GuardedCursor(AtomicBoolean closed, EntryCursor cursor) {
    this.closed = closed;
    this.cursor = cursor;
  }

  @Override
  public boolean next() {
    checkOpen();
    boolean found = cursor.next();
    checkOpen(); // the step may have missed what went when the view was closed beside it
    return found;
  }

  private void checkOpen() {
    if (closed.get()) {
      throw new IllegalStateException("the view is closed");
    }
  }

  @Override
  public byte[] key() {
    return cursor.key();
  }

  @Override
  public Object value() {
    return cursor.value();
  }

  @Override
  public int valueLength() {
    return cursor.valueLength();
  }

  @Override
  public @Nullable Object valueAgain() {
    checkOpen(); // else it may be gone for good, and looked for for ever
    return cursor.valueAgain();
  }

  @Override
  public boolean isLarge() {
    return cursor.isLarge();
  }

  @Override
  public int keyLength() {
    return cursor.keyLength();
  }

  @Override
  public int copyKey(byte[] target, int offset) {
    return cursor.copyKey(target, offset);
  }

  @Override
  public int copyValue(byte[] target, int offset) {
    return cursor.copyValue(target, offset);
  }

  @Override
  public @Nullable ByteBuffer valueBuffer() {
    return cursor.valueBuffer();
  }
}
