package org.macekv.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.macekv.error.BucketDroppedException;
import org.macekv.error.CorruptionException;
import org.macekv.internal.io.MemoryStorage;
import org.macekv.internal.io.ReadableFile;
import org.macekv.internal.io.WritableFile;
import org.macekv.internal.txn.StoredBucket;
import org.macekv.internal.txn.WriteTransaction;
import org.macekv.option.BucketOptions;
import org.macekv.option.Durability;
import org.macekv.option.MaceOptions;
import org.macekv.option.TransactionOptions;

/** Which log segments stay, whatever happens next. */
class LogRetentionTest {
  private static final MaceOptions OPTIONS =
      MaceOptions.defaults()
          .withDurability(Durability.BUFFERED)
          .withLogSegmentBytes(4 << 10)
          .withFlushIntervalMillis(60_000)
          .withCheckpointIntervalMillis(Integer.MAX_VALUE)
          .withCheckpointLogBytes(Long.MAX_VALUE);

  private final MemoryStorage storage = new MemoryStorage("store");

  private static Engine open(MemoryStorage storage) {
    return Engine.open(storage, OPTIONS, Environment.seeded(1));
  }

  private static byte[] key(int i) {
    return new byte[] {(byte) i};
  }

  private static byte[] value(int length, int seed) {
    byte[] value = new byte[length];
    new Random(seed).nextBytes(value);
    return value;
  }

  /** A segment without records goes at the next opening; the log must not end with nothing. */
  @Test
  void theSegmentBeforeOneWithoutRecordsStays() {
    try (Engine engine = open(storage)) {
      StoredBucket kept = engine.bucket("kept", null);
      StoredBucket dropped = engine.bucket("dropped", null);
      WriteTransaction transaction =
          engine.begin(TransactionOptions.defaults().withDurability(Durability.BUFFERED), this);
      transaction.put(dropped, key(1), value(3000, 1));
      engine.drop("dropped");
      engine.operations().put(kept, key(1), value(2000, 2));
      // Begins a segment for its record, and is then refused.
      assertThatThrownBy(transaction::commit).isInstanceOf(BucketDroppedException.class);
      engine.checkpoint();
      requireOpens(storage.copy("crashed"));
    }
    requireOpens(storage);
  }

  private static void requireOpens(MemoryStorage storage) {
    for (int i = 0; i < 3; i++) {
      try (Engine engine = open(storage)) {
        StoredBucket kept = engine.bucket("kept", null);
        assertThat(engine.operations().get(kept, key(1))).isEqualTo(value(2000, 2));
      }
    }
  }

  /** Damage in the newest manifest record: the one before it counts, and then log is missing. */
  @Test
  void logThatADamagedManifestRecordHadDeletedIsMissed() {
    BucketOptions large = BucketOptions.defaults().withInlineLimitBytes(256);
    MemoryStorage damaged;
    try (Engine engine = open(storage)) {
      StoredBucket values = engine.bucket("values", large);
      StoredBucket other = engine.bucket("other", null);
      engine.operations().put(values, key(1), value(1000, 1)); // keeps the first segment
      engine.checkpoint();
      for (int i = 0; i < 5; i++) {
        engine.operations().put(other, key(i), value(1500, i));
      }
      List<String> before = storage.list("log");
      engine.checkpoint();
      assertThat(storage.list("log").get(0)).isEqualTo(before.get(0));
      assertThat(storage.list("log")).doesNotContain(before.get(1));
      damaged = storage.copy("damaged");
    }
    damageLastByteOfTheManifest(damaged);
    assertThatThrownBy(() -> open(damaged).close())
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining("damaged/log/")
        .hasMessageContaining("synced");
  }

  private static void damageLastByteOfTheManifest(MemoryStorage storage) {
    storage.lock();
    String manifest =
        storage.list("").stream().filter(each -> each.startsWith("MANIFEST-")).findAny().get();
    long last;
    byte[] one = new byte[1];
    try (ReadableFile in = storage.open(manifest)) {
      last = in.length() - 1;
      in.read(last, one, 0, 1);
    }
    one[0] ^= 1;
    try (WritableFile out = storage.openForDamage(manifest)) {
      out.write(last, one, 0, 1);
    }
    storage.close();
  }
}
