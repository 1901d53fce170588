package org.macekv.examples.exchange;

/**
 * An order that is not, or not wholly, executed yet.
 *
 * @param number its number; lower ones were there before
 * @param trader who wants it
 * @param symbol what is traded
 * @param side whether to buy or to sell
 * @param price in cents for one: the most that a buyer pays, the least that a seller takes
 * @param quantity how many are left
 */
public record Order(
    long number, String trader, String symbol, Side side, long price, int quantity) {

  Order withQuantity(int newQuantity) {
    return new Order(number, trader, symbol, side, price, newQuantity);
  }
}
