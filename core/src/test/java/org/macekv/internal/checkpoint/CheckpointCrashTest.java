package org.macekv.internal.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.macekv.error.StoreIOException;
import org.macekv.internal.engine.Engine;
import org.macekv.internal.engine.Environment;
import org.macekv.internal.io.HookedStorage;
import org.macekv.internal.io.MemoryStorage;
import org.macekv.internal.tree.TreeCursor;
import org.macekv.internal.txn.StoredBucket;
import org.macekv.option.BucketOptions;
import org.macekv.option.MaceOptions;

/**
 * Every call that a checkpoint makes to change a file fails once, and is once the last thing that
 * happens before the process dies. What was written is there in both cases; what a power cut takes
 * back is not tried here.
 */
class CheckpointCrashTest {
  private static final MaceOptions OPTIONS =
      MaceOptions.defaults()
          .withLogSegmentBytes(4 << 10)
          .withPageFileBytes(4 << 10)
          .withCacheBytes(256 << 10)
          .withMaxGarbagePercent(5)
          .withCheckpointIntervalMillis(Integer.MAX_VALUE)
          .withCheckpointLogBytes(Long.MAX_VALUE)
          .withCheckpointOnClose(false);
  private static final BucketOptions BUCKET =
      BucketOptions.defaults().withLeafBytes(512).withInlineLimitBytes(256);

  /** A store in memory beside a plain map. */
  private static final class Run {
    final MemoryStorage memory = new MemoryStorage("m");
    final HookedStorage storage = new HookedStorage(memory);
    final NavigableMap<byte[], byte[]> model = new TreeMap<>(Arrays::compareUnsigned);
    final SplittableRandom random = new SplittableRandom(20_261_125);
    final Engine engine = Engine.open(storage, OPTIONS, Environment.seeded(1));
    final StoredBucket bucket = engine.bucket("b", BUCKET);

    void work() {
      for (int i = 0; i < 600; i++) {
        byte[] key = {(byte) random.nextInt(3), (byte) random.nextInt(70)};
        if (random.nextInt(4) == 0) {
          engine.operations().delete(bucket, key);
          model.remove(key);
        } else {
          byte[] value = new byte[random.nextInt(5) == 0 ? 700 : random.nextInt(60)];
          random.nextBytes(value);
          engine.operations().put(bucket, key, value);
          model.put(key, value);
        }
      }
    }

    void close() {
      storage.setHook((operation, file) -> {});
      engine.close();
    }
  }

  private static boolean isOfCheckpoint(String operation, String file) {
    return file.startsWith("pages")
        || file.startsWith("MANIFEST")
        || file.isEmpty()
        || operation.equals("delete");
  }

  private static void check(MemoryStorage storage, NavigableMap<byte[], byte[]> model) {
    try (Engine engine = Engine.open(storage, OPTIONS, Environment.seeded(2))) {
      StoredBucket bucket = engine.bucket("b", BUCKET);
      assertThat(engine.operations().count(bucket)).isEqualTo(model.size());
      TreeCursor cursor = engine.operations().scan(bucket, new byte[0], null, true);
      for (Map.Entry<byte[], byte[]> each : model.entrySet()) {
        assertThat(cursor.next()).isTrue();
        assertThat(cursor.key()).isEqualTo(each.getKey());
        assertThat(engine.operations().get(bucket, each.getKey())).isEqualTo(each.getValue());
      }
      assertThat(cursor.next()).isFalse();
      engine.checkpoint();
    }
  }

  /** Works and checkpoints so many times, and works again. */
  private static Run after(int checkpoints) {
    Run run = new Run();
    for (int i = 0; i < checkpoints; i++) {
      run.work();
      run.engine.checkpoint();
    }
    run.work();
    return run;
  }

  private static int calls(int checkpoints) {
    Run run = after(checkpoints);
    List<String> calls = new ArrayList<>();
    run.storage.setHook(
        (operation, file) -> {
          if (isOfCheckpoint(operation, file)) {
            calls.add(operation);
          }
        });
    run.engine.checkpoint();
    run.close();
    assertThat(calls).contains("create", "write", "sync", "syncDirectory", "delete");
    if (checkpoints == 0) {
      assertThat(calls).contains("rename", "openForWriting");
    }
    return calls.size();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void everyCallMayFail(int checkpoints) {
    int count = calls(checkpoints);
    for (int failing = 0; failing < count; failing++) {
      Run run = after(checkpoints);
      int[] left = {failing};
      run.storage.setHook(
          (operation, file) -> {
            if (isOfCheckpoint(operation, file) && left[0]-- == 0) {
              throw new StoreIOException(operation + " " + file, new IOException("injected"));
            }
          });
      try {
        run.engine.checkpoint();
      } catch (StoreIOException e) {
        assertThat(e).hasRootCauseMessage("injected");
      }
      assertThat(left[0]).as("call %s happened", failing).isNegative();
      check(run.memory.copy("after the failure"), run.model);
      run.storage.setHook((operation, file) -> {});
      run.work();
      run.engine.checkpoint();
      check(run.memory.copy("after the next checkpoint"), run.model);
      run.work();
      run.close();
      check(run.memory, run.model);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void everyCallMayBeTheLast(int checkpoints) {
    Run run = after(checkpoints);
    List<MemoryStorage> copies = new ArrayList<>();
    run.storage.setHook((operation, file) -> copies.add(run.memory.copy(operation + " " + file)));
    long moved = run.engine.checkpointer().movedValueBytes();
    run.engine.checkpoint();
    if (checkpoints > 0) {
      assertThat(run.engine.checkpointer().movedValueBytes()).isGreaterThan(moved);
    }
    run.close();
    assertThat(copies).hasSizeGreaterThan(10);
    copies.forEach(copy -> check(copy, run.model));
  }
}
