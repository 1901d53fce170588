package org.macekv.internal.tree;

import java.util.concurrent.locks.AbstractQueuedSynchronizer;

/**
 * A node that is its own lock (exclusive, not reentrant, not fair): whoever locks it has one object
 * less to load, and with it one cache miss.
 */
abstract class NodeLock extends AbstractQueuedSynchronizer {
  private static final int FREE = 0;
  private static final int HELD = 1;

  private static final long serialVersionUID = 1L;

  final void lock() {
    acquire(HELD);
  }

  final boolean tryLock() {
    return tryAcquire(HELD);
  }

  final void unlock() {
    release(FREE);
  }

  @Override
  protected final boolean tryAcquire(int acquires) {
    return compareAndSetState(FREE, HELD);
  }

  @Override
  protected final boolean tryRelease(int releases) {
    setState(FREE);
    return true;
  }

  @Override
  protected final boolean isHeldExclusively() {
    return getState() == HELD;
  }
}
