package org.macekv.internal.mvcc;

/**
 * Told when a thread comes to a point at which others may get in its way, so that a test can hold
 * it there while they run. (A checkpoint is held at its writes, by the storage.) Thread-safe.
 */
@FunctionalInterface
public interface Probe {
  /** Nobody is held. */
  Probe NONE = point -> {};

  /** Where a thread may be held. */
  enum Point {
    /** A leaf is about to be folded, with its cell locked. */
    FOLD,
    /** What a transaction has read was checked; its commit record comes next. Nothing is held. */
    BEFORE_APPEND,
    /** A commit is decided and in the log, and {@code newest} is not advanced: in the section. */
    BEFORE_PUBLICATION
  }

  /** The calling thread has come to a point. */
  void at(Point point);
}
