package org.macekv.bench;

import java.time.Instant;

/**
 * The value of typed maps: what a shop knows of an order.
 *
 * @param id its key in the map
 * @param quantity of the product
 * @param customer 8 to 20 characters, as are the other strings
 * @param product which one
 * @param city where it goes
 * @param price of one
 * @param paid whether it is
 * @param placed when
 */
public record Order(
    long id,
    int quantity,
    String customer,
    String product,
    String city,
    double price,
    boolean paid,
    Instant placed) {

  /** The same order with another key and another quantity. */
  Order as(long newId, int newQuantity) {
    return new Order(newId, newQuantity, customer, product, city, price, paid, placed);
  }

  /**
   * A number that needs the order and its strings to be there.
   *
   * @throws IllegalStateException if this is not the order of {@code key}
   */
  long touch(long key) {
    if (id != key) {
      throw new IllegalStateException("the key " + key + " has the order " + id);
    }
    return id
        + quantity
        + customer.length()
        + product.length()
        + city.length()
        + placed.getEpochSecond()
        + placed.getNano()
        + (long) price
        + (paid ? 1 : 0);
  }
}
