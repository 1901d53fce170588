package org.macekv.bench;

import java.io.IOException;
import java.time.Instant;
import org.mapdb.DataInput2;
import org.mapdb.DataOutput2;
import org.mapdb.serializer.GroupSerializerObjectArray;

/** Orders in MapDB's nodes, field by field. */
final class MapDbOrderSerializer extends GroupSerializerObjectArray<Order> {

  @Override
  public void serialize(DataOutput2 out, Order order) throws IOException {
    out.writeLong(order.id());
    out.packInt(order.quantity());
    out.writeUTF(order.customer());
    out.writeUTF(order.product());
    out.writeUTF(order.city());
    out.writeDouble(order.price());
    out.writeBoolean(order.paid());
    Instant placed = order.placed();
    out.packLong(placed.getEpochSecond());
    out.packInt(placed.getNano());
  }

  @Override
  public Order deserialize(DataInput2 in, int available) throws IOException {
    return new Order(
        in.readLong(),
        in.unpackInt(),
        in.readUTF(),
        in.readUTF(),
        in.readUTF(),
        in.readDouble(),
        in.readBoolean(),
        Instant.ofEpochSecond(in.unpackLong(), in.unpackInt()));
  }

  @Override
  public boolean isTrusted() {
    return true; // it reads exactly what it has written, so MapDB need not copy the bytes
  }
}
