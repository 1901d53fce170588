package org.macekv.internal.stress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the jcstress tests: for a moment each, in one mode of compilation; with {@code -Psoak} in
 * all modes that jcstress has, for longer.
 */
class StressTest {
  private static final boolean SOAK = Boolean.getBoolean("mace.soak");
  private static final int TESTS = 10;

  @TempDir private Path directory;

  private String run(String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add("org.openjdk.jcstress.Main");
    command.addAll(List.of("-t", "org.macekv.*"));
    command.addAll(List.of(options));
    Path output = directory.resolve("output");
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile()) // where it leaves results
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    int exit = process.waitFor();
    String text = Files.readString(output, UTF_8);
    assertThat(exit).as(text).isZero();
    return text;
  }

  @Test
  void onlyWhatIsAcceptedHappens() throws Exception {
    String output =
        SOAK
            ? run("-m", "default", "-v")
            : run(
                "-v",
                "-f",
                "1",
                "-iters",
                "1",
                "-time",
                "500",
                "-sc",
                "false",
                "-jvmArgs",
                "-Xmx256m -ea");
    assertThat(output).doesNotContain("FAILED").doesNotContain("ERROR");
    long passed = output.lines().filter(line -> line.contains("[OK] org.macekv")).count();
    assertThat(passed).as(output).isGreaterThanOrEqualTo(TESTS);
  }
}
