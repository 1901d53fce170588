package org.macekv.internal.io;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.macekv.error.StoreLockedException;

/** A second JVM that opens a store. Its standard output is its answer. */
final class LockingChild implements AutoCloseable {
  private static final String LOCKED = "locked";

  private final Process process;
  private final String answer;

  private LockingChild(Process process, String answer) {
    this.process = process;
    this.answer = answer;
  }

  /** Returns when the child holds the lock, or was refused. */
  static LockingChild start(Path store) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process process =
        new ProcessBuilder(
                java,
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                LockingChild.class.getName(),
                store.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = reader.readLine();
    return new LockingChild(process, line == null ? "(no answer)" : line);
  }

  boolean hasLock() {
    return answer.equals(LOCKED);
  }

  /** What the child was told when it was refused. */
  String answer() {
    return answer;
  }

  long pid() {
    return process.pid();
  }

  /** SIGKILL, where there are signals; returns when the process is gone. */
  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }

  public static void main(String[] arguments) throws IOException {
    Storage storage = new FileStorage(Path.of(arguments[0]), false);
    try {
      storage.lock();
      System.out.println(LOCKED);
    } catch (StoreLockedException e) {
      System.out.println(e.getMessage());
    }
    int read = System.in.read(); // until the parent kills this process, or is gone itself
    System.exit(Math.max(0, read));
  }
}
