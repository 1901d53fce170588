package org.macekv.bench;

/** Orders as bytes. For one thread. */
interface OrderCoder {
  /** The bytes of an order: a new array. */
  byte[] encode(Order order);

  /** The order of these bytes. */
  Order decode(byte[] bytes);
}
