package org.macekv.examples.exchange;

/** What somebody wants to do. */
public enum Side {
  /** To buy. */
  BUY,
  /** To sell. */
  SELL
}
