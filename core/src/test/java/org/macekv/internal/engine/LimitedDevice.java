package org.macekv.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.macekv.error.StoreIOException;
import org.macekv.internal.io.LimitedStorage;
import org.macekv.internal.io.MemoryStorage;
import org.macekv.internal.io.Storage;
import org.macekv.internal.tree.EntryCursor;
import org.macekv.internal.txn.StoredBucket;
import org.macekv.option.BucketOptions;
import org.macekv.option.MaceOptions;

/** Stores on a device of limited size, and what has to be in them. */
abstract class LimitedDevice {
  static final int VALUE_BYTES = 2000;
  static final int MIB = 1 << 20;
  static final MaceOptions OPTIONS =
      MaceOptions.defaults()
          .withLogSegmentBytes(8 << 20)
          .withPageFileBytes(2 << 20)
          .withCacheBytes(64 << 20)
          .withFlushIntervalMillis(60_000)
          .withCheckpointIntervalMillis(Integer.MAX_VALUE)
          .withCheckpointLogBytes(Long.MAX_VALUE);

  final MemoryStorage memory = new MemoryStorage("store");
  final LimitedStorage device = new LimitedStorage(memory);
  final TreeMap<Integer, Integer> expected = new TreeMap<>();
  int next;

  static byte[] key(int i) {
    return new byte[] {(byte) (i >> 24), (byte) (i >> 16), (byte) (i >> 8), (byte) i};
  }

  static int number(byte[] key) {
    return key[0] << 24 | (key[1] & 0xff) << 16 | (key[2] & 0xff) << 8 | (key[3] & 0xff);
  }

  static byte[] value(int i, int version) {
    byte[] value = new byte[VALUE_BYTES];
    Arrays.fill(value, (byte) (i * 31 + version));
    return value;
  }

  static Engine open(Storage storage, MaceOptions options) {
    return Engine.open(storage, options, Environment.seeded(1));
  }

  void put(Engine engine, StoredBucket bucket, int i, int version) {
    engine.operations().put(bucket, key(i), value(i, version));
    expected.put(i, version);
  }

  void delete(Engine engine, StoredBucket bucket, int i) {
    engine.operations().delete(bucket, key(i));
    expected.remove(i);
  }

  void putMiB(Engine engine, StoredBucket bucket, int mib) {
    for (int end = next + mib * MIB / VALUE_BYTES; next < end; next++) {
      put(engine, bucket, next, 0);
    }
  }

  /** Puts until that is refused though a checkpoint has given back what it can. */
  StoreIOException fillUp(Engine engine, StoredBucket bucket) {
    int before;
    StoreIOException refused;
    do {
      while (!engine.isCheckpointThreadIdle()) {
        Thread.onSpinWait(); // a put that was refused has asked for a checkpoint
      }
      engine.checkpoint();
      before = next;
      refused = putAll(engine, bucket);
    } while (next > before);
    while (!engine.isCheckpointThreadIdle()) {
      Thread.onSpinWait();
    }
    if (engine.log().headroom().isSpent()) { // the last checkpoint took more than was thought
      long full = device.taken();
      device.setCapacity(full + MIB);
      engine.checkpoint();
      device.setCapacity(Math.max(full, device.taken()));
      assertThat(engine.log().headroom().held()).isEqualTo(MIB);
    }
    return refused;
  }

  StoreIOException putAll(Engine engine, StoredBucket bucket) {
    while (true) {
      try {
        put(engine, bucket, next, 0);
        next++;
      } catch (StoreIOException e) {
        return e;
      }
    }
  }

  void requireAll(Engine engine) {
    EntryCursor cursor = engine.operations().scan(engine.bucket("b", null), key(0), null, true);
    for (Map.Entry<Integer, Integer> each : expected.entrySet()) {
      assertThat(cursor.next()).isTrue();
      assertThat(number(cursor.key())).isEqualTo(each.getKey());
      assertThat(cursor.value()).isEqualTo(value(each.getKey(), each.getValue()));
    }
    assertThat(cursor.next()).isFalse();
  }

  /** A store of some 30 MiB with head-room, on a device that has no more. */
  Engine openFull(MaceOptions options) {
    Engine engine = open(device, options);
    StoredBucket bucket = engine.bucket("b", BucketOptions.defaults());
    putMiB(engine, bucket, 16);
    engine.checkpoint();
    device.setCapacity(device.taken() + 16 * MIB);
    fillUp(engine, bucket);
    return engine;
  }
}
