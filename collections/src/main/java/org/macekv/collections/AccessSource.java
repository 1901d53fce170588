package org.macekv.collections;

/** Decides, at each call of a collection's method, where the call goes. Thread-safe. */
@FunctionalInterface
interface AccessSource {

  /** The access for a call made now by this thread. */
  Access current();
}
