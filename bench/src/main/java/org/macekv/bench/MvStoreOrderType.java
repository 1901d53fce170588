package org.macekv.bench;

import java.nio.ByteBuffer;
import java.time.Instant;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;

/** Orders in MVStore's pages, field by field. */
final class MvStoreOrderType extends BasicDataType<Order> {
  private static final int OBJECTS_BYTES = 24 + 56 + 3 * (24 + 16); // an instant, an order, strings

  @Override
  public int getMemory(Order order) {
    return OBJECTS_BYTES
        + order.customer().length()
        + order.product().length()
        + order.city().length();
  }

  @Override
  public void write(WriteBuffer buffer, Order order) {
    buffer.putLong(order.id()).putVarInt(order.quantity());
    write(buffer, order.customer());
    write(buffer, order.product());
    write(buffer, order.city());
    Instant placed = order.placed();
    buffer
        .putDouble(order.price())
        .put((byte) (order.paid() ? 1 : 0))
        .putVarLong(placed.getEpochSecond())
        .putVarInt(placed.getNano());
  }

  private static void write(WriteBuffer buffer, String text) {
    buffer.putVarInt(text.length()).putStringData(text, text.length());
  }

  @Override
  public Order read(ByteBuffer buffer) {
    return new Order(
        buffer.getLong(),
        DataUtils.readVarInt(buffer),
        DataUtils.readString(buffer),
        DataUtils.readString(buffer),
        DataUtils.readString(buffer),
        buffer.getDouble(),
        buffer.get() != 0,
        Instant.ofEpochSecond(DataUtils.readVarLong(buffer), DataUtils.readVarInt(buffer)));
  }

  @Override
  public Order[] createStorage(int size) {
    return new Order[size];
  }
}
