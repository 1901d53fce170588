package org.macekv.examples.exchange;

/**
 * The place of an order in the book of its side: those with a better price come first, of these the
 * older ones.
 *
 * @param symbol what is traded
 * @param price in cents
 * @param number of the order
 */
public record Place(String symbol, long price, long number) {}
