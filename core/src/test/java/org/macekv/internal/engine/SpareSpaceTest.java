package org.macekv.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.macekv.error.StoreFailedException;
import org.macekv.error.StoreIOException;
import org.macekv.internal.io.HookedStorage;
import org.macekv.internal.io.MemoryStorage;
import org.macekv.internal.txn.StoredBucket;
import org.macekv.option.Durability;
import org.macekv.option.MaceOptions;

/** Log reserve that has no space yet, and the space that is kept for what is accepted into it. */
class SpareSpaceTest {
  private static final MaceOptions OPTIONS =
      MaceOptions.defaults()
          .withDurability(Durability.WRITE)
          .withLogSegmentBytes(128 << 20)
          .withFlushIntervalMillis(60_000)
          .withCheckpointIntervalMillis(Integer.MAX_VALUE)
          .withCheckpointLogBytes(Long.MAX_VALUE)
          .withCheckpointOnClose(false)
          .withCacheBytes(512 << 20);
  private static final int VALUE_BYTES = 4000;

  private final MemoryStorage memory = new MemoryStorage("store");
  private final HookedStorage storage = new HookedStorage(memory);
  private int count;

  private static byte[] key(int i) {
    return new byte[] {(byte) (i >> 16), (byte) (i >> 8), (byte) i};
  }

  private static Engine open(org.macekv.internal.io.Storage storage, MaceOptions options) {
    return Engine.open(storage, options, Environment.seeded(1));
  }

  private void put(Engine engine, StoredBucket bucket) {
    engine.operations().put(bucket, key(count), new byte[VALUE_BYTES]);
    count++;
  }

  private void putMiB(Engine engine, StoredBucket bucket, int mib) {
    for (int i = 0; i < (mib << 20) / VALUE_BYTES; i++) {
      put(engine, bucket);
    }
  }

  private boolean hasSpare(MemoryStorage where) {
    return where.list("log").contains("SPARE");
  }

  private boolean closedHasSpare(MemoryStorage where) {
    where.lock();
    try {
      return hasSpare(where);
    } finally {
      where.close();
    }
  }

  private void requireAll(MemoryStorage where) {
    try (Engine engine = open(where, OPTIONS)) {
      assertThat(engine.operations().count(engine.bucket("b", null))).isEqualTo(count);
    }
  }

  @Test
  void reserveIsNotWrittenOnceTheLogIsLong() {
    try (Engine engine = open(storage, OPTIONS)) {
      StoredBucket bucket = engine.bucket("b", null);
      putMiB(engine, bucket, 10);
      assertThat(hasSpare(memory)).isFalse(); // a small store is small
      putMiB(engine, bucket, 30);
      assertThat(hasSpare(memory)).isTrue();
      long before = engine.writtenBytes();
      long tail = engine.log().tail();
      putMiB(engine, bucket, 30);
      assertThat(engine.writtenBytes() - before).isLessThan((engine.log().tail() - tail) / 10 * 11);
    }
    assertThat(closedHasSpare(memory)).isFalse();
    requireAll(memory);
  }

  @Test
  void storeThatSyncsEachCommitWritesItsReserve() {
    try (Engine engine = open(storage, OPTIONS.withDurability(Durability.SYNC))) {
      StoredBucket bucket = engine.bucket("b", null);
      putMiB(engine, bucket, 40);
      assertThat(hasSpare(memory)).isFalse();
      assertThat(engine.writtenBytes()).isGreaterThan(engine.log().tail() * 2);
    }
  }

  @Test
  void whatWasAcceptedIsWrittenIntoTheSpareSpaceWhenTheDiskIsFull() {
    try (Engine engine = open(storage, OPTIONS)) {
      StoredBucket bucket = engine.bucket("b", null);
      putMiB(engine, bucket, 40);
      assertThat(hasSpare(memory)).isTrue();
      AtomicInteger space = new AtomicInteger(3); // writes that fit, once the spare file is gone
      storage.setHook(
          (operation, file) -> {
            if (operation.equals("write")
                && file.startsWith("log/")
                && (hasSpare(memory) || space.getAndDecrement() <= 0)) {
              throw new StoreIOException("no space", new IOException("injected"));
            }
          });
      put(engine, bucket); // was accepted, so it is written
      assertThat(hasSpare(memory)).isFalse();
      requireAll(memory.copy("crashed"));
      assertThatThrownBy(() -> putMiB(engine, bucket, 8)).isInstanceOf(StoreIOException.class);
      assertThat(engine.log().hasFailed()).isFalse();
      assertThat(engine.operations().get(bucket, key(count - 1))).hasSize(VALUE_BYTES);
      storage.setHook((operation, file) -> {});
      putMiB(engine, bucket, 20); // there is space again
      assertThat(hasSpare(memory)).isTrue();
      requireAll(memory.copy("crashed"));
    }
    requireAll(memory);
  }

  @Test
  void theStoreFailsIfThatIsNotEnough() {
    try {
      Engine engine = open(storage, OPTIONS);
      StoredBucket bucket = engine.bucket("b", null);
      putMiB(engine, bucket, 40);
      storage.setHook(
          (operation, file) -> {
            if (operation.equals("write") && file.startsWith("log/")) {
              throw new StoreIOException("no space", new IOException("injected"));
            }
          });
      assertThatThrownBy(() -> put(engine, bucket)).isInstanceOf(StoreFailedException.class);
      assertThat(engine.log().hasFailed()).isTrue();
      assertThatThrownBy(engine::close).isInstanceOf(StoreFailedException.class);
    } finally {
      storage.close();
    }
    requireAll(memory.copy("reopened"));
  }

  @Test
  void spareSpaceThatACrashLeftIsUsedAgain() {
    MemoryStorage crashed;
    try (Engine engine = open(memory, OPTIONS)) {
      putMiB(engine, engine.bucket("b", null), 40);
      crashed = memory.copy("crashed");
    }
    assertThat(closedHasSpare(crashed)).isTrue();
    try (Engine engine = open(crashed, OPTIONS)) {
      StoredBucket bucket = engine.bucket("b", null);
      assertThat(engine.operations().count(bucket)).isEqualTo(count);
      putMiB(engine, bucket, 40);
      assertThat(hasSpare(crashed)).isTrue();
    }
    assertThat(closedHasSpare(crashed)).isFalse();
  }

  @Test
  void spareSpaceThatACrashLeftGoesWithTheNextCloseThoughNobodyNeedsIt() {
    MemoryStorage crashed;
    try (Engine engine = open(memory, OPTIONS)) {
      putMiB(engine, engine.bucket("b", null), 40);
      crashed = memory.copy("crashed");
    }
    assertThat(closedHasSpare(crashed)).isTrue();
    open(crashed, OPTIONS.withDurability(Durability.SYNC)).close();
    assertThat(closedHasSpare(crashed)).isFalse();
    requireAll(crashed);
  }
}
