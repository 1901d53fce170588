package org.macekv.examples.exchange;

/**
 * What a trader has of something.
 *
 * @param trader who has it
 * @param symbol what it is
 */
public record Holding(String trader, String symbol) {}
