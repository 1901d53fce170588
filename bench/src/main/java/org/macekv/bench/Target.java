package org.macekv.bench;

/**
 * A goal that the project has set itself for one line of the table.
 *
 * @param <P> the peers
 * @param over the peer that Mace is compared with; Mace itself for Mace on one thread
 * @param atLeast how many times as fast Mace shall be
 */
record Target<P>(P over, double atLeast) {

  boolean isMetBy(double ratio) {
    return ratio >= atLeast;
  }
}
