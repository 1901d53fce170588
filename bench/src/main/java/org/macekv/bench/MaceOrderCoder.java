package org.macekv.bench;

import org.macekv.serialization.InMemoryClassCatalog;
import org.macekv.serialization.KryoSerialization;
import org.macekv.serialization.Serializer;

/** The serializer that a store of Mace has for orders if nobody gives another. */
final class MaceOrderCoder implements OrderCoder {
  private final Serializer<Order> serializer =
      KryoSerialization.builder(new InMemoryClassCatalog()).build().of(Order.class);

  @Override
  public byte[] encode(Order order) {
    return serializer.serialize(order);
  }

  @Override
  public Order decode(byte[] bytes) {
    return serializer.deserialize(bytes);
  }
}
