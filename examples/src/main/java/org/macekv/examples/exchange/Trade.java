package org.macekv.examples.exchange;

/**
 * What was traded.
 *
 * @param symbol what it was
 * @param buyer who bought it
 * @param seller who sold it
 * @param price in cents for one
 * @param quantity how many
 * @param minute of the session
 */
public record Trade(
    String symbol, String buyer, String seller, long price, int quantity, int minute) {}
