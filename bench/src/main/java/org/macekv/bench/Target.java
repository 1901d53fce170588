package org.macekv.bench;

/**
 * A goal that the project has set itself for one line of the table.
 *
 * @param over the peer that Mace is compared with; {@link Peer#MACE} for Mace on one thread
 * @param atLeast how many times as fast Mace shall be
 */
record Target(Peer over, double atLeast) {

  boolean isMetBy(double ratio) {
    return ratio >= atLeast;
  }
}
