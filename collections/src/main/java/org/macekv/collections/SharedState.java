package org.macekv.collections;

/** What all objects that stand for one collection of a store share. */
interface SharedState {
  /** The collection was dropped, or the store was closed. */
  void gone();
}
