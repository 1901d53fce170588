package org.macekv.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.macekv.error.ConflictException;
import org.macekv.error.CorruptionException;
import org.macekv.error.StoreFailedException;
import org.macekv.error.StoreIOException;
import org.macekv.internal.io.HookedStorage;
import org.macekv.internal.io.MemoryStorage;
import org.macekv.internal.io.WritableFile;
import org.macekv.internal.txn.StoredBucket;
import org.macekv.option.Durability;
import org.macekv.option.MaceOptions;
import org.macekv.option.TransactionOptions;

/** What the engine does when the file system refuses (P7: it fails closed). */
class EngineFailureTest {
  private static final MaceOptions OPTIONS = MaceOptions.defaults().withLogSegmentBytes(4096);

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  private static StoreIOException refusal(String what) {
    return new StoreIOException(what, new IOException("injected"));
  }

  /** Merging reads a neighbour, which is no part of what was asked for. */
  @Test
  void aDeletionStandsWhereALeafBesideItIsDamaged() {
    MemoryStorage memory = new MemoryStorage("m");
    MaceOptions options = OPTIONS.withDurability(Durability.BUFFERED);
    try (Engine engine = Engine.open(memory, options, Environment.seeded(1))) {
      StoredBucket bucket = engine.bucket("b", null);
      for (int i = 0; i < 3000; i++) {
        engine.operations().put(bucket, bytes(i >> 8, i), new byte[200]);
      }
    }
    memory.lock();
    for (String file : memory.list("pages")) {
      try (WritableFile out = memory.openForDamage("pages/" + file)) {
        out.write(30_000, bytes(1, 2, 3, 4, 5), 0, 5);
      }
    }
    memory.close();
    int damaged = 0;
    MaceOptions withoutLast = options.withCheckpointOnClose(false);
    try (Engine engine = Engine.open(memory, withoutLast, Environment.seeded(1))) {
      StoredBucket bucket = engine.bucket("b", null);
      for (int i = 0; i < 3000; i++) {
        byte[] key = bytes(i >> 8, i);
        try {
          engine.operations().delete(bucket, key);
          assertThat(engine.operations().contains(bucket, key)).isFalse();
        } catch (CorruptionException e) {
          damaged++;
          assertThatThrownBy(() -> engine.operations().contains(bucket, key))
              .isInstanceOf(CorruptionException.class);
        }
      }
      assertThat(damaged).isBetween(1, 100);
      assertThat(engine.operations().count(bucket)).isEqualTo(damaged);
    }
    try (Engine engine = Engine.open(memory, withoutLast, Environment.seeded(1))) {
      assertThat(engine.operations().count(engine.bucket("b", null))).isEqualTo(damaged);
    }
  }

  @Test
  void failedSyncFailsTheStoreForGoodAndReadsGoOn() {
    MemoryStorage memory = new MemoryStorage("m");
    HookedStorage storage = new HookedStorage(memory);
    AtomicInteger syncs = new AtomicInteger();
    try {
      Engine engine = Engine.open(storage, OPTIONS, Environment.seeded(1));
      StoredBucket bucket = engine.bucket("b", null);
      engine.operations().put(bucket, bytes(1), bytes(10));
      storage.setHook(
          (operation, file) -> {
            if (operation.equals("sync") && syncs.incrementAndGet() == 1) {
              throw refusal("sync");
            }
          });
      assertThatThrownBy(() -> engine.operations().put(bucket, bytes(2), bytes(20)))
          .isInstanceOfSatisfying(
              StoreFailedException.class, e -> assertThat(e.outcomeUnknown()).isTrue());
      assertThatThrownBy(() -> engine.operations().put(bucket, bytes(3), bytes(30)))
          .isInstanceOfSatisfying(
              StoreFailedException.class, e -> assertThat(e.outcomeUnknown()).isFalse());
      assertThatThrownBy(engine::sync).isInstanceOf(StoreFailedException.class);
      assertThat(syncs).as("a sync that failed is never tried again").hasValue(1);
      assertThat(engine.operations().get(bucket, bytes(1))).containsExactly(10);
      assertThat(engine.operations().get(bucket, bytes(2))).as("not acknowledged").isNull();
      assertThat(engine.operations().count(bucket)).isEqualTo(1);
      assertThatThrownBy(engine::close)
          .isInstanceOf(StoreFailedException.class)
          .hasMessageContaining("may be lost");
      engine.close(); // idempotent
    } finally {
      storage.close();
    }
    try (Engine engine = Engine.open(memory.copy("c"), OPTIONS, Environment.seeded(1))) {
      StoredBucket bucket = engine.bucket("b", null);
      assertThat(engine.operations().get(bucket, bytes(1))).containsExactly(10);
      assertThat(engine.operations().get(bucket, bytes(3))).as("refused").isNull();
      engine.operations().put(bucket, bytes(4), bytes(40));
    }
  }

  @Test
  void failedWriteOfAcceptedBytesFailsTheStore() {
    HookedStorage storage = new HookedStorage(new MemoryStorage("m"));
    try {
      Engine engine = Engine.open(storage, OPTIONS, Environment.seeded(1));
      StoredBucket bucket = engine.bucket("b", null);
      storage.setHook(
          (operation, file) -> {
            if (operation.equals("write")) {
              throw refusal("write");
            }
          });
      assertThatThrownBy(() -> engine.operations().put(bucket, bytes(1), bytes(1)))
          .isInstanceOf(StoreFailedException.class)
          .hasMessageContaining("unknown until the store is opened again");
      assertThatThrownBy(() -> engine.operations().put(bucket, bytes(1), bytes(1)))
          .isInstanceOf(StoreFailedException.class)
          .hasMessageContaining("close and open it again");
      assertThatThrownBy(engine::close).isInstanceOf(StoreFailedException.class);
    } finally {
      storage.close();
    }
  }

  /** The refused record is large; the next, smaller one still fits into the segment before. */
  @Test
  void segmentWhoseCreationFailedIsGoneBeforeAnotherRecordIsAccepted() {
    MemoryStorage memory = new MemoryStorage("m");
    HookedStorage storage = new HookedStorage(memory);
    try (Engine engine = Engine.open(storage, OPTIONS, Environment.seeded(1))) {
      StoredBucket bucket = engine.bucket("b", null);
      engine.operations().put(bucket, bytes(0), new byte[3000]);
      AtomicBoolean broken = new AtomicBoolean(true);
      storage.setHook(
          (operation, file) -> {
            if (broken.get() && (operation.equals("syncDirectory") || operation.equals("delete"))) {
              throw refusal(operation);
            }
          });
      assertThatThrownBy(() -> engine.operations().put(bucket, bytes(1), new byte[2000]))
          .isInstanceOf(StoreIOException.class);
      assertThatThrownBy(() -> engine.operations().put(bucket, bytes(1), new byte[2000]))
          .as("what was left behind can't be deleted")
          .isInstanceOf(StoreIOException.class);
      broken.set(false);
      engine.operations().put(bucket, bytes(2), new byte[10]);
      engine.operations().put(bucket, bytes(3), new byte[2000]);
    }
    try (Engine engine = Engine.open(memory.copy("c"), OPTIONS, Environment.seeded(1))) {
      assertThat(engine.operations().count(engine.bucket("b", null))).isEqualTo(3);
      assertThat(engine.recovered().cut()).isNull();
    }
  }

  /** Else the next record would claim that what an unclean end left unsynced is synced. */
  @Test
  void openingMakesDurableWhatItKeeps() {
    MemoryStorage memory = new MemoryStorage("m");
    MaceOptions weak = OPTIONS.withDurability(Durability.WRITE);
    Set<String> segments;
    try (Engine engine = Engine.open(memory, weak, Environment.seeded(1))) {
      StoredBucket bucket = engine.bucket("b", null);
      for (int i = 0; i < 40; i++) {
        engine.operations().put(bucket, bytes(i), new byte[300]);
      }
      segments = new HashSet<>(memory.list("log"));
      HookedStorage crashed = new HookedStorage(memory.copy("crashed"));
      Set<String> rewritten = new HashSet<>();
      crashed.setHook(
          (operation, file) -> {
            if (operation.equals("rewrite")) {
              rewritten.add(file.substring("log/".length()));
            }
          });
      try (Engine reopened = Engine.open(crashed, weak, Environment.seeded(1))) {
        assertThat(reopened.operations().count(reopened.bucket("b", null))).isEqualTo(40);
        assertThat(segments).hasSizeGreaterThan(2);
        long claimed = engine.log().synced();
        for (String segment : segments) {
          if (Long.parseLong(segment.substring(0, 16), 16) >= claimed) {
            assertThat(rewritten).contains(segment);
          }
        }
      }
    }
  }

  /** Rolled back transactions and single operations on the same key, again and again. */
  @Test
  void rolledBackVersionIsNeverTakenForTheValue() throws InterruptedException {
    MaceOptions fast = MaceOptions.defaults().withDurability(Durability.BUFFERED);
    MemoryStorage memory = new MemoryStorage("m");
    try (Engine engine = Engine.open(memory, fast, Environment.seeded(1))) {
      StoredBucket bucket = engine.bucket("b", null);
      engine.operations().put(bucket, bytes(1), bytes(1));
      engine.operations().put(bucket, bytes(2), bytes(1));
      AtomicBoolean stop = new AtomicBoolean();
      Thread loser =
          new Thread(
              () -> {
                while (!stop.get()) {
                  var transaction =
                      engine.begin(
                          TransactionOptions.defaults().withDurability(Durability.BUFFERED), this);
                  transaction.put(bucket, bytes(1), bytes(66));
                  transaction.put(bucket, bytes(2), bytes(66));
                  engine.operations().put(bucket, bytes(2), bytes(1)); // makes it lose
                  try {
                    transaction.commit();
                    throw new AssertionError("no conflict");
                  } catch (ConflictException e) {
                    assertThat(e.key()).isNotNull();
                  }
                }
              });
      loser.start();
      try {
        for (int i = 0; i < 100_000; i++) {
          assertThat(engine.operations().getAndPut(bucket, bytes(1), bytes(1))).containsExactly(1);
        }
      } finally {
        stop.set(true);
        loser.join();
      }
      assertThat(engine.operations().count(bucket)).isEqualTo(2);
    }
    try (Engine engine = Engine.open(memory.copy("c"), fast, Environment.seeded(1))) {
      assertThat(engine.operations().count(engine.bucket("b", null))).isEqualTo(2);
    }
  }

  @Test
  void thousandsOfViewsOnOneHotKey() {
    MaceOptions fast = MaceOptions.defaults().withDurability(Durability.BUFFERED);
    try (Engine engine = Engine.open(new MemoryStorage("m"), fast, Environment.seeded(1))) {
      StoredBucket bucket = engine.bucket("b", null);
      List<Engine.OpenView> views = new ArrayList<>();
      for (int i = 0; i < 4_000; i++) {
        engine.operations().put(bucket, bytes(1), bytes(i, i >> 8));
        views.add(engine.openView(this));
      }
      for (int i = 0; i < 4_000; i++) {
        assertThat(engine.reads(views.get(i)).get(bucket, bytes(1))).isEqualTo(bytes(i, i >> 8));
        engine.closeView(views.get(i));
      }
    }
  }

  @Test
  void viewFindsEveryBucketThatItsStateHas() {
    try (Engine engine =
        Engine.open(new MemoryStorage("m"), MaceOptions.defaults(), Environment.seeded(1))) {
      var before = engine.openView(this);
      engine.bucket("b", null);
      var between = engine.openView(this);
      engine.drop("b");
      var after = engine.openView(this);
      assertThat(engine.findAt(engine.reads(before), "b")).isNull();
      assertThat(engine.findAt(engine.reads(between), "b")).isNotNull();
      assertThat(engine.findAt(engine.reads(after), "b")).isNull();
      engine.closeView(before);
      engine.closeView(between);
      engine.closeView(after);
    }
  }

  /** Segments are 4 KiB here, so a few commits later a new one must be reserved. */
  @Test
  void noSpaceToReserveRefusesTheCommitAndResumesWhenThereIsRoom() {
    MemoryStorage memory = new MemoryStorage("m");
    HookedStorage storage = new HookedStorage(memory);
    AtomicBoolean full = new AtomicBoolean();
    int acknowledged = 0;
    try (Engine engine = Engine.open(storage, OPTIONS, Environment.seeded(1))) {
      StoredBucket bucket = engine.bucket("b", null);
      storage.setHook(
          (operation, file) -> {
            if (full.get() && operation.equals("create")) {
              throw refusal("no space");
            }
          });
      full.set(true);
      int refused = 0;
      for (int i = 0; i < 40; i++) {
        try {
          engine.operations().put(bucket, bytes(i), new byte[200]);
          acknowledged++;
        } catch (StoreIOException e) {
          refused++;
          assertThat(engine.operations().get(bucket, bytes(i))).isNull();
        }
      }
      assertThat(refused).isPositive();
      assertThat(acknowledged).isPositive();
      assertThat(engine.operations().count(bucket)).isEqualTo(acknowledged);
      full.set(false);
      engine.operations().put(bucket, bytes(99), bytes(1));
      acknowledged++;
    }
    try (Engine engine = Engine.open(memory.copy("c"), OPTIONS, Environment.seeded(1))) {
      assertThat(engine.operations().count(engine.bucket("b", null))).isEqualTo(acknowledged);
    }
  }

  @Test
  void committersShareSyncs() throws InterruptedException {
    HookedStorage storage = new HookedStorage(new MemoryStorage("m"));
    int threads = 8;
    try (Engine engine = Engine.open(storage, MaceOptions.defaults(), Environment.seeded(1))) {
      StoredBucket bucket = engine.bucket("b", null);
      long newest = engine.committer().marks().newest();
      long syncsBefore = engine.log().syncs();
      // The first leader waits in its sync until all others have appended their records.
      AtomicBoolean first = new AtomicBoolean(true);
      storage.setHook(
          (operation, file) -> {
            if (operation.equals("sync") && first.compareAndSet(true, false)) {
              while (engine.operations().count(bucket) == 0 && appended(engine, newest) < threads) {
                Thread.onSpinWait();
              }
            }
          });
      Thread[] all = new Thread[threads];
      for (int i = 0; i < threads; i++) {
        byte[] key = bytes(i);
        all[i] = new Thread(() -> engine.operations().put(bucket, key, key));
        all[i].start();
      }
      for (Thread thread : all) {
        thread.join();
      }
      assertThat(engine.operations().count(bucket)).isEqualTo(threads);
      assertThat(engine.log().syncs() - syncsBefore).isLessThanOrEqualTo(2);
    }
  }

  /** How many of the equal-sized commits there were since. */
  private static long appended(Engine engine, long since) {
    long length = 36 + 2 + 1 + 1 + 1 + 1 + 1 + 1;
    return (engine.committer().marks().newest() - since) / length;
  }

  @Test
  void unacknowledgedCommitIsNotShownUntilItIsDurable() throws InterruptedException {
    HookedStorage storage = new HookedStorage(new MemoryStorage("m"));
    try (Engine engine = Engine.open(storage, MaceOptions.defaults(), Environment.seeded(1))) {
      StoredBucket bucket = engine.bucket("b", null);
      engine.operations().put(bucket, bytes(1), bytes(1));
      AtomicBoolean inSync = new AtomicBoolean();
      AtomicBoolean goOn = new AtomicBoolean();
      storage.setHook(
          (operation, file) -> {
            if (operation.equals("sync")) {
              inSync.set(true);
              while (!goOn.get()) {
                Thread.onSpinWait();
              }
            }
          });
      Thread writer = new Thread(() -> engine.operations().put(bucket, bytes(1), bytes(2)));
      writer.start();
      while (!inSync.get()) {
        Thread.onSpinWait();
      }
      assertThat(engine.operations().get(bucket, bytes(1))).containsExactly(1);
      var slot = engine.openView(this);
      assertThat(engine.reads(slot).get(bucket, bytes(1))).containsExactly(1);
      // A writer sees it already, and so may not end before it is durable.
      var transaction =
          engine.begin(TransactionOptions.defaults().withDurability(Durability.SYNC), this);
      assertThat(transaction.get(bucket, bytes(1))).containsExactly(2);
      goOn.set(true);
      transaction.commit();
      assertThat(engine.committer().marks().published())
          .isEqualTo(engine.committer().marks().newest());
      writer.join();
      assertThat(engine.operations().get(bucket, bytes(1))).containsExactly(2);
      assertThat(engine.reads(slot).get(bucket, bytes(1))).containsExactly(1);
      engine.closeView(slot);
    }
  }
}
