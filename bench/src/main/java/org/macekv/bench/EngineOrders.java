package org.macekv.bench;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.macekv.Bucket;
import org.macekv.Cursor;
import org.macekv.KeyRange;
import org.macekv.Mace;
import org.macekv.Transaction;
import org.macekv.option.Durability;
import org.macekv.option.MaceOptions;
import org.macekv.serialization.KeyCodecs;

/**
 * Mace's engine without the collections on it: what a user would write who needs no more than one
 * map. {@code BUFFERED}, and otherwise with the default options.
 */
final class EngineOrders implements OrderMap {
  private static final int PUTS_PER_LOADING_TRANSACTION = 1_000;
  private static final int PREPARED = 1_024;
  private static final MaceOptions OPTIONS =
      MaceOptions.defaults().withDurability(Durability.BUFFERED);

  /** What is made of the bytes that are read. */
  enum Reading {
    /** Nothing, and for a put nothing is encoded either: its value is one of some made before. */
    BYTES,
    /** The order. */
    ORDERS
  }

  private final Path directory;
  private final OrderCoder coder;
  private final Reading reading;
  private final byte[][] prepared = new byte[PREPARED][];
  private Mace store;
  private Bucket bucket;

  EngineOrders(Path directory, OrderCoder coder, Reading reading) {
    this.directory = directory;
    this.coder = coder;
    this.reading = reading;
    store = Mace.open(directory, OPTIONS);
    bucket = store.bucket("orders");
    Orders some = new Orders(PREPARED);
    for (int i = 0; i < PREPARED; i++) {
      prepared[i] = coder.encode(some.order(i));
    }
  }

  @Override
  public void load(Orders orders) {
    for (int from = 0; from < orders.count(); from += PUTS_PER_LOADING_TRANSACTION) {
      int to = Math.min(orders.count(), from + PUTS_PER_LOADING_TRANSACTION);
      try (Transaction loading = store.begin()) {
        for (int i = from; i < to; i++) {
          loading.put(bucket, bytes(Orders.id(i)), coder.encode(orders.order(i)));
        }
        loading.commit();
      }
    }
    store.close();
    store = Mace.open(directory, OPTIONS);
    bucket = store.bucket("orders");
  }

  @Override
  public long get(long key) {
    return touched(key, bucket.get(bytes(key)));
  }

  @Override
  public long put(long key, Order order) {
    return touched(key, bucket.getAndPut(bytes(key), bytes(order)));
  }

  @Override
  public void set(long key, Order order) {
    bucket.put(bytes(key), bytes(order));
  }

  @Override
  public long iterate() {
    return reading == Reading.BYTES ? iterateBytes() : iterateOrders();
  }

  private long iterateBytes() {
    byte[] key = new byte[Long.BYTES];
    long sum = 0;
    Cursor cursor = bucket.scan(KeyRange.all());
    while (cursor.next()) {
      sum += Touch.entry(key, cursor.copyKey(key, 0), cursor.valueBuffer());
    }
    return sum;
  }

  private long iterateOrders() {
    long sum = 0;
    Cursor cursor = bucket.scan(KeyRange.all());
    while (cursor.next()) {
      long key = KeyCodecs.LONG.decode(cursor.key());
      sum += coder.decode(cursor.value()).touch(key);
    }
    return sum;
  }

  @Override
  public void close() {
    store.close();
  }

  private static byte[] bytes(long key) {
    return KeyCodecs.LONG.encode(key);
  }

  private byte[] bytes(Order order) {
    return reading == Reading.BYTES
        ? prepared[order.quantity() & (PREPARED - 1)].clone()
        : coder.encode(order);
  }

  private long touched(long key, byte @Nullable [] value) {
    if (value == null) {
      throw new IllegalStateException("there is no order " + key);
    }
    return reading == Reading.BYTES ? Touch.value(value) : coder.decode(value).touch(key);
  }
}
