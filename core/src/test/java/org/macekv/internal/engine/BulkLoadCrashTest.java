package org.macekv.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.macekv.error.CorruptionException;
import org.macekv.error.MaceException;
import org.macekv.error.StoreIOException;
import org.macekv.internal.io.HookedStorage;
import org.macekv.internal.io.MemoryStorage;
import org.macekv.internal.tree.TreeCursor;
import org.macekv.internal.txn.StoredBucket;
import org.macekv.option.BucketOptions;
import org.macekv.option.BulkLoadOptions;
import org.macekv.option.MaceOptions;

/**
 * Every call that a load makes to change a file fails once, and is once the last thing that happens
 * before the process dies.
 */
class BulkLoadCrashTest {
  private static final int COUNT = 400;
  private static final MaceOptions OPTIONS =
      MaceOptions.defaults()
          .withLogSegmentBytes(16 << 10)
          .withPageFileBytes(4 << 10)
          .withCacheBytes(256 << 10)
          .withCheckpointIntervalMillis(Integer.MAX_VALUE)
          .withCheckpointLogBytes(Long.MAX_VALUE)
          .withCheckpointOnClose(false);
  private static final BucketOptions BUCKET =
      BucketOptions.defaults().withLeafBytes(512).withInlineLimitBytes(256);

  private final MemoryStorage memory = new MemoryStorage("m");
  private final HookedStorage storage = new HookedStorage(memory);

  private static byte[] key(int i) {
    return ByteBuffer.allocate(4).putInt(i).array();
  }

  private static byte[] value(int i) {
    return new byte[i % 40 == 0 ? 1000 : 40 + i % 7];
  }

  private Engine open() {
    Engine engine = Engine.open(storage, OPTIONS, Environment.seeded(1));
    engine.operations().put(engine.bucket("other", null), key(1), key(1));
    return engine;
  }

  private static StoredBucket load(Engine engine, boolean sorted) {
    BulkLoadOptions options =
        BulkLoadOptions.defaults().withSorted(sorted).withMemoryBytes(64 << 10);
    try (BulkLoad load = engine.load("b", BUCKET, options)) {
      for (int i = 0; i < COUNT; i++) {
        int at = sorted ? i : i * 7 % COUNT;
        load.put(key(at), value(at));
      }
      return load.commit();
    }
  }

  private static void assertLoaded(Engine engine) {
    StoredBucket bucket = engine.find("b");
    assertThat(engine.operations().count(bucket)).isEqualTo(COUNT);
    TreeCursor cursor = engine.operations().scan(bucket, new byte[0], null, true);
    for (int i = 0; i < COUNT; i++) {
      assertThat(cursor.next()).isTrue();
      assertThat(cursor.key()).isEqualTo(key(i));
      assertThat(engine.operations().get(bucket, key(i))).isEqualTo(value(i));
    }
    assertThat(cursor.next()).isFalse();
  }

  /** Either all is there or nothing, and no file is left that nobody needs. */
  private static boolean check(MemoryStorage left) {
    boolean there;
    for (int round = 0; ; round++) {
      try (Engine engine = Engine.open(left, OPTIONS, Environment.seeded(2))) {
        StoredBucket other = engine.bucket("other", null);
        assertThat(engine.operations().get(other, key(1))).isEqualTo(key(1));
        there = engine.find("b") != null;
        assertThat(left.list("load")).isEmpty();
        if (there) {
          assertLoaded(engine);
          engine.operations().put(engine.find("b"), key(COUNT - 1), value(COUNT - 1));
          assertLoaded(engine);
        } else if (round == 0) {
          load(engine, true);
          assertLoaded(engine);
          engine.drop("b");
        }
        if (round == 0) {
          engine.checkpoint();
        } else {
          engine.clean();
          assertThat(left.list("pages").size()).isLessThan(there ? 40 : 5);
          return there;
        }
      }
    }
  }

  private List<String> calls(boolean sorted) {
    List<String> calls = new ArrayList<>();
    try (Engine engine = open()) {
      storage.setHook((operation, file) -> calls.add(operation + " " + file));
      load(engine, sorted);
      storage.setHook((operation, file) -> {});
      assertLoaded(engine);
    }
    assertThat(calls).anyMatch(each -> each.startsWith("write log"));
    assertThat(calls).anyMatch(each -> each.startsWith("sync pages"));
    return calls;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void everyCallMayBeTheLast(boolean sorted) {
    int count = new BulkLoadCrashTest().calls(sorted).size();
    int kept = 0;
    for (int last = 0; last < count; last++) {
      MemoryStorage fresh = new MemoryStorage("m");
      HookedStorage hooked = new HookedStorage(fresh);
      MemoryStorage[] died = {null};
      try (Engine engine = Engine.open(hooked, OPTIONS, Environment.seeded(1))) {
        engine.operations().put(engine.bucket("other", null), key(1), key(1));
        int[] left = {last};
        hooked.setHook(
            (operation, file) -> {
              synchronized (left) {
                if (left[0]-- == 0) {
                  died[0] = fresh.copy("died");
                }
              }
            });
        load(engine, sorted);
        synchronized (left) {
          if (died[0] == null) {
            died[0] = fresh.copy("died");
          }
        }
        hooked.setHook((operation, file) -> {});
      }
      kept += check(died[0]) ? 1 : 0;
    }
    assertThat(kept).isBetween(1, count / 4);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void everyCallMayFail(boolean sorted) {
    int count = new BulkLoadCrashTest().calls(sorted).size();
    for (int failing = 0; failing < count; failing++) {
      MemoryStorage fresh = new MemoryStorage("m");
      HookedStorage hooked = new HookedStorage(fresh);
      boolean done = false;
      boolean failed = false;
      try (Engine engine = Engine.open(hooked, OPTIONS, Environment.seeded(1))) {
        engine.operations().put(engine.bucket("other", null), key(1), key(1));
        int[] left = {failing};
        hooked.setHook(
            (operation, file) -> {
              synchronized (left) {
                if (left[0]-- == 0) {
                  throw new StoreIOException(operation + " " + file, new IOException("injected"));
                }
              }
            });
        try {
          load(engine, sorted);
          done = true;
        } catch (MaceException e) {
          assertThat(e).hasRootCauseMessage("injected");
          failed = engine.log().hasFailed();
          if (!failed) {
            hooked.setHook((operation, file) -> {});
            assertThat(fresh.list("load")).isEmpty();
            load(engine, sorted);
            assertLoaded(engine);
            done = true;
          }
        }
        hooked.setHook((operation, file) -> {});
      } catch (MaceException e) {
        assertThat(failed).isTrue(); // closing tells of it once more
      }
      boolean there = check(fresh.copy("left"));
      assertThat(there || !done).isTrue();
    }
  }

  /** With a checkpoint that does not have it yet: the log says where it is. */
  @Test
  void filesThatAreGoneAreMissed() {
    MemoryStorage copy;
    try (Engine engine = open()) {
      engine.checkpoint();
      List<String> before = memory.list("pages");
      MemoryStorage[] committed = {null};
      storage.setHook(
          (operation, file) -> {
            if (file.startsWith("MANIFEST") && committed[0] == null) {
              committed[0] = memory.copy("died");
            }
          });
      load(engine, true);
      engine.checkpoint();
      storage.setHook((operation, file) -> {});
      copy = committed[0];
      List<String> loaded = new ArrayList<>(copy.list("pages"));
      loaded.removeAll(before);
      assertThat(loaded.size()).isGreaterThan(5);
      MemoryStorage whole = copy.copy("whole");
      try (Engine again = Engine.open(whole, OPTIONS, Environment.seeded(3))) {
        assertLoaded(again);
      }
      copy.delete("pages/" + loaded.get(2));
    }
    assertThatThrownBy(() -> Engine.open(copy, OPTIONS, Environment.seeded(3)))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining("bulk load")
        .hasMessageContaining("missing");
  }
}
