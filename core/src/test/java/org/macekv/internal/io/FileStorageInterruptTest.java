package org.macekv.internal.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Interrupts harm no operation and no other thread, and none is lost. */
@Timeout(
    value = 120,
    threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // only so that a hang is a failure
class FileStorageInterruptTest {
  private static final long SEED = 20260102;
  private static final int ROUNDS = Boolean.getBoolean("mace.soak") ? 20_000 : 300;
  private static final int INTERRUPTS = Boolean.getBoolean("mace.soak") ? 10_000 : 150;
  private static final int FILE_BYTES = 1 << 20;

  @TempDir Path directory;
  private FileStorage storage;

  @BeforeEach
  void lockStore() {
    storage = new FileStorage(directory.resolve("store"), true);
    storage.lock();
  }

  @AfterEach
  void closeStore() {
    boolean interrupted = Thread.interrupted();
    storage.close();
    assertThat(interrupted).as("a flag left behind by a test").isFalse();
  }

  @Test
  void everyOperationWorksWithTheFlagSetAndKeepsIt() {
    storage.close();
    byte[] buffer = {1, 2, 3};
    interrupted(() -> storage = new FileStorage(directory.resolve("new/store"), true));
    interrupted(storage::lock);
    interrupted(() -> storage.createDirectory("d"));
    WritableFile[] out = new WritableFile[1];
    interrupted(() -> out[0] = storage.create("d/a"));
    interrupted(() -> out[0].write(0, buffer, 0, 3));
    interrupted(() -> out[0].setLength(2));
    interrupted(out[0]::sync);
    ReadableFile[] in = new ReadableFile[1];
    interrupted(() -> in[0] = storage.open("d/a"));
    interrupted(() -> assertThat(in[0].read(0, buffer, 1, 2)).isEqualTo(2));
    interrupted(() -> assertThat(in[0].length()).isEqualTo(2));
    interrupted(in[0]::close);
    interrupted(out[0]::close);
    interrupted(() -> storage.truncate("d/a", 1));
    interrupted(() -> storage.rename("d/a", "d/b"));
    interrupted(() -> assertThat(storage.list("d")).containsExactly("b"));
    interrupted(() -> storage.syncDirectory("d"));
    interrupted(() -> storage.delete("d/b"));
    interrupted(() -> assertThat(storage.exists("d/b")).isFalse());
    interrupted(storage::close);
    assertThat(buffer).containsExactly(1, 1, 2);
  }

  private static void interrupted(Runnable operation) {
    Thread.currentThread().interrupt();
    operation.run();
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void interruptsAtAnyMomentHarmNobodyAndNoneIsLost() throws Exception {
    byte[] common = new byte[FILE_BYTES];
    new Random(SEED).nextBytes(common);
    try (WritableFile file = storage.create("common")) {
      file.write(0, common, 0, common.length);
    }
    ExecutorService pool = Executors.newCachedThreadPool();
    try (ReadableFile shared = storage.open("common")) {
      List<Worker> interrupted =
          Stream.<Work>of(
                  random -> checkRead(shared, common, random),
                  random -> checkRead(shared, common, random),
                  new WriteAndSync("written-1"),
                  new WriteAndSync("written-2"),
                  random -> storage.syncDirectory(""))
              .map(work -> new Worker(work, INTERRUPTS))
              .toList();
      Worker bystander = new Worker(random -> checkRead(shared, common, random), 0);
      List<Future<?>> results = new ArrayList<>();
      interrupted.forEach(worker -> results.add(pool.submit(worker)));
      results.add(pool.submit(bystander));

      interruptUntilDone(interrupted, results);

      for (Future<?> result : results) {
        result.get(); // an operation that failed, or a wrong byte
      }
      assertThat(interrupted).allSatisfy(worker -> assertThat(worker.lost()).isZero());
      assertThat(bystander.received.get()).isZero();
    } finally {
      pool.shutdownNow();
    }
  }

  /** One interrupt at a time for each worker: the next when it has shown the last. */
  private static void interruptUntilDone(List<Worker> workers, List<Future<?>> results) {
    Random random = new Random(SEED);
    while (results.stream().anyMatch(result -> !result.isDone())) {
      Worker worker = workers.get(random.nextInt(workers.size()));
      Thread thread = worker.thread;
      if (thread != null && worker.lost() == 0 && worker.wantsInterrupts()) {
        worker.sent.incrementAndGet();
        thread.interrupt();
      }
      Thread.onSpinWait();
    }
  }

  private static void checkRead(ReadableFile file, byte[] expected, Random random) {
    int length = random.nextInt(200_000);
    int offset = random.nextInt(expected.length - length);
    byte[] target = new byte[length];
    assertThat(file.read(offset, target, 0, length)).isEqualTo(length);
    assertThat(Arrays.equals(target, 0, length, expected, offset, offset + length))
        .as("bytes read at %d", offset)
        .isTrue();
    assertThat(file.length()).isEqualTo(expected.length);
  }

  /** One operation, or a few. */
  private interface Work {
    void once(Random random);

    default void finish() {}
  }

  /** Writes at random places of a file, syncs it, and in the end compares it with a model. */
  private final class WriteAndSync implements Work {
    private final String name;
    private final WritableFile file;
    private final byte[] model = new byte[FILE_BYTES];

    WriteAndSync(String name) {
      this.name = name;
      this.file = storage.create(name);
    }

    @Override
    public void once(Random random) {
      byte[] bytes = new byte[random.nextInt(100_000)];
      random.nextBytes(bytes);
      int offset = random.nextInt(model.length - bytes.length);
      file.write(offset, bytes, 0, bytes.length);
      System.arraycopy(bytes, 0, model, offset, bytes.length);
      if (random.nextInt(4) == 0) {
        file.sync();
      }
    }

    @Override
    public void finish() {
      file.setLength(model.length);
      file.close();
      byte[] content = new byte[model.length];
      try (ReadableFile written = storage.open(name)) {
        assertThat(written.read(0, content, 0, content.length)).isEqualTo(model.length);
      }
      assertThat(content).isEqualTo(model);
    }
  }

  /** Works until it has done enough and has shown enough interrupts. */
  private static final class Worker implements Runnable {
    private final Work work;
    private final int wanted;
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger received = new AtomicInteger();
    private volatile Thread thread;

    Worker(Work work, int wanted) {
      this.work = work;
      this.wanted = wanted;
    }

    boolean wantsInterrupts() {
      return sent.get() < wanted;
    }

    int lost() {
      return sent.get() - received.get();
    }

    /**
     * An interrupt that an operation swallowed is never shown, and the next is not sent: then the
     * limit of the rounds ends the work, and {@link #lost} tells.
     */
    @Override
    public void run() {
      thread = Thread.currentThread();
      Random random = new Random(SEED + wanted);
      for (int round = 0; round < ROUNDS || received.get() < wanted; round++) {
        assertThat(round).as("rounds without the wanted interrupts").isLessThan(1000 * ROUNDS);
        work.once(random);
        if (Thread.interrupted()) {
          received.incrementAndGet();
        }
      }
      work.finish();
    }
  }
}
