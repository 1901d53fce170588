package org.macekv.internal.txn;

import org.macekv.error.WriteStalledException;

/** Asked before each commit, with no lock held. Thread-safe. */
@FunctionalInterface
public interface Admission {

  /**
   * Returns when the commit may begin.
   *
   * @throws WriteStalledException if that takes too long
   */
  void admit();
}
