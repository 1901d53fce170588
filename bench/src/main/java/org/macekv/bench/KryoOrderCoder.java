package org.macekv.bench;

import com.esotericsoftware.kryo.kryo5.Kryo;
import com.esotericsoftware.kryo.kryo5.io.Input;
import com.esotericsoftware.kryo.kryo5.io.Output;
import java.time.Instant;

/**
 * Kryo as it comes, with its own serializers of records and instants, the classes registered, and
 * one instance, input and output used again and again.
 */
final class KryoOrderCoder implements OrderCoder {
  private final Kryo kryo = new Kryo();
  private final Output output = new Output(256, -1);
  private final Input input = new Input();

  KryoOrderCoder() {
    kryo.register(Order.class);
    kryo.register(Instant.class);
  }

  @Override
  public byte[] encode(Order order) {
    output.reset();
    kryo.writeObject(output, order);
    return output.toBytes();
  }

  @Override
  public Order decode(byte[] bytes) {
    input.setBuffer(bytes);
    return kryo.readObject(input, Order.class);
  }
}
