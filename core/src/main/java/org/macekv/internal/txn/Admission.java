package org.macekv.internal.txn;

import org.macekv.error.WriteStalledException;

/** Asked before each commit, with no lock held, and while a large one is made. Thread-safe. */
@FunctionalInterface
public interface Admission {

  /**
   * Returns when the commit may begin.
   *
   * @throws WriteStalledException if that takes too long
   */
  void admit();

  /**
   * Returns when a commit that has installed pending versions may install more. It is asked now and
   * then.
   *
   * @throws org.macekv.error.LimitExceededException if what it has changed can't be held in memory
   */
  default void admitMore() {}
}
