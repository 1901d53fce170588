package org.macekv.collections;

/** That a listener is told of changes, until this is closed. Thread-safe. */
public interface Subscription extends AutoCloseable {
  /** Tells it nothing more, but for a call that is under way. Idempotent. */
  @Override
  void close();
}
