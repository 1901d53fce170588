package org.macekv.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** The examples in a JVM of their own, which can be killed in mid-work. */
public final class ChildJvm implements AutoCloseable {
  private final Process process;
  private final BufferedReader output;

  /** Starts the command line of the examples in {@code directory}. */
  public ChildJvm(Path directory, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx512m");
    command.add("-XX:TieredStopAtLevel=1"); // starts sooner
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(Examples.class.getName());
    command.addAll(List.of(arguments));
    process =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
    output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /**
   * What came of a child.
   *
   * @param lines what it printed
   * @param exitCode what it ended with
   * @param killed whether it was killed before it had done its work
   */
  public record Outcome(List<String> lines, int exitCode, boolean killed) {
    /** The output as one text, for messages of tests. */
    public String text() {
      return String.join("\n", lines);
    }
  }

  /** Reads until {@code count} lines that match were printed, then kills the child as by -9. */
  public Outcome killAfter(int count, Predicate<String> counted) throws InterruptedException {
    List<String> lines = new ArrayList<>();
    int seen = 0;
    String line = readLine();
    while (line != null) {
      lines.add(line);
      if (counted.test(line) && ++seen == count) {
        // By its handle: Process would close the pipe, with acknowledgements still in it.
        process.toHandle().destroyForcibly();
      }
      line = readLine();
    }
    int exitCode = process.waitFor();
    return new Outcome(lines, exitCode, seen >= count && count > 0 && exitCode != 0);
  }

  /** Lets the child end by itself. */
  public Outcome await() throws InterruptedException {
    return killAfter(0, line -> false);
  }

  private String readLine() {
    try {
      return output.readLine();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    output.close();
  }
}
