package org.macekv.examples;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine;

/**
 * A command of the examples that ran in this JVM.
 *
 * @param exitCode what it ended with
 * @param out what it printed
 * @param err what it printed as errors
 */
public record CommandRun(int exitCode, String out, String err) {

  /** Runs a command line. */
  public static CommandRun of(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    StringWriter usageErrors = new StringWriter();
    CommandLine line =
        Examples.commandLine(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    StringWriter usage = new StringWriter();
    line.setOut(new PrintWriter(usage));
    line.setErr(new PrintWriter(usageErrors));
    int exitCode = line.execute(arguments);
    return new CommandRun(
        exitCode,
        out.toString(StandardCharsets.UTF_8) + usage,
        err.toString(StandardCharsets.UTF_8) + usageErrors);
  }

  /** What it printed, by lines. */
  public List<String> lines() {
    return out.lines().toList();
  }
}
