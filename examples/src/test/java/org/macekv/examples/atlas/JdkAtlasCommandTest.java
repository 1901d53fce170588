package org.macekv.examples.atlas;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.macekv.examples.CommandRun;

class JdkAtlasCommandTest {
  @TempDir private static Path directory;

  private static CommandRun built;

  @BeforeAll
  static void build() {
    built = run("build", "--modules", "java.logging,java.prefs");
  }

  @Test
  void aBuildShowsItsProgressAndEndsWithASummary() {
    assertThat(built.exitCode()).as(built.err()).isZero();
    assertThat(built.lines()).anyMatch(line -> line.startsWith("100%"));
    assertThat(built.out()).contains("2 modules", "facts in all", "MiB on disk");
  }

  @Test
  void verifyFindsNoDifference() {
    assertThat(run("verify").out()).contains("All of it agrees with the class files.");
  }

  @Test
  void prefixWithADotIsOfBinaryNames() {
    assertThat(run("prefix", "java.util.logging.Log").lines())
        .contains(
            "public class java.util.logging.Logger", "public class java.util.logging.LogRecord")
        .noneMatch(line -> line.contains("Handler"));
  }

  @Test
  void prefixWithoutADotIsOfSimpleNames() {
    assertThat(run("prefix", "Logg").lines()).contains("public class java.util.logging.Logger");
  }

  @Test
  void packageListsItsOwnClassesOnly() {
    assertThat(run("package", "java.util.prefs").lines())
        .contains("public abstract class java.util.prefs.Preferences")
        .allMatch(line -> line.contains("java.util.prefs."));
  }

  @Test
  void membersAreFieldsAndMethods() {
    assertThat(run("members", "java.util.logging.Formatter").lines())
        .startsWith("public abstract class java.util.logging.Formatter")
        .contains(
            "  public abstract java.lang.String format(java.util.logging.LogRecord)",
            "  protected void <init>()");
  }

  @Test
  void aSimpleNameWillDoWhereItIsTheOnlyOne() {
    assertThat(run("members", "SocketHandler").lines())
        .startsWith("public class java.util.logging.SocketHandler");
  }

  @Test
  void subclassesAreDirectOnesUnlessAllAreWanted() {
    String indirect = "public class java.util.logging.SocketHandler";

    assertThat(run("subclasses", "java.util.logging.Handler").lines())
        .contains("public class java.util.logging.StreamHandler")
        .doesNotContain(indirect);
    assertThat(run("subclasses", "java.util.logging.Handler", "--all").lines())
        .contains("  " + indirect);
  }

  @Test
  void callersAreOfAllOverloadsAndOfNothingElse() {
    assertThat(run("callers", "java.util.logging.Logger.getLogger").lines())
        .isNotEmpty()
        .allMatch(line -> line.contains("  ->  java.util.logging.Logger.getLogger("));
  }

  @Test
  void parametersChooseAnOverload() {
    String one = "java.util.logging.Logger.log(java.util.logging.LogRecord)";
    List<String> all = run("callers", "java.util.logging.Logger.log").lines();
    List<String> chosen = run("callers", one).lines();

    assertThat(chosen).isNotEmpty().allMatch(line -> line.endsWith("  ->  " + one));
    assertThat(all).containsAll(chosen).hasSizeGreaterThan(chosen.size());
    assertRefused(run("callers", "java.util.logging.Logger.log(int)"), "log(int)");
  }

  @Test
  void callersOfAFieldReadOrWriteIt() {
    assertThat(run("callers", "java.util.logging.Level#ALL").lines())
        .contains("java.util.logging.Handler.<init>()  ->  java.util.logging.Level.ALL");
  }

  @Test
  void membersAreFoundByTheirName() {
    assertThat(run("named", "getParent").lines()).contains("java.util.logging.Logger.getParent()");
  }

  @Test
  void referencesAreClassesThatNameIt() {
    assertThat(run("references", "LogRecord").lines()).contains("java.util.logging.Handler");
  }

  @Test
  void aLongAnswerIsCutAndSaysSo() {
    assertThat(run("package", "java.util.prefs", "--limit", "2").lines())
        .hasSize(3)
        .last()
        .asString()
        .startsWith("... and ");
  }

  @Test
  void anUnknownClassIsAnErrorThatNamesSimilarOnes() {
    assertRefused(
        run("members", "java.util.Logger"), "java.util.Logger", "java.util.logging.Logger");
    assertRefused(run("subclasses", "NoSuchClass"), "NoSuchClass");
  }

  @Test
  void anUnknownMemberIsAnError() {
    assertRefused(run("callers", "java.util.logging.Logger.fly"), "fly", "members");
    assertRefused(run("callers", "fly"), "java.lang.String.intern");
  }

  @Test
  void aMissingStoreIsAnError() {
    CommandRun run = CommandRun.of("jdk-atlas", "members", "A", "--store", directory + "/none");

    assertRefused(run, "none", "build");
    assertThat(directory.resolve("none")).doesNotExist();
  }

  @Test
  void aStoreOfSomethingElseIsAnError() {
    Path bank = directory.resolve("bank");
    CommandRun.of("bank", "--store=" + bank, "--transfers=1");

    assertRefused(CommandRun.of("jdk-atlas", "verify", "--store=" + bank), "bank", "build");
  }

  @Test
  void anUnknownModuleIsAnError() {
    assertRefused(run("build", "--modules", "java.nothing"), "java.nothing", "java.base");
  }

  @Test
  void anEmptyAnswerIsAnError() {
    assertRefused(run("prefix", "zzz."), "none");
  }

  @Test
  void mistakesInTheCommandLineHaveTheirOwnExitCode() {
    assertThat(run("members").exitCode()).isEqualTo(2);
    assertThat(run("no-such-command").exitCode()).isEqualTo(2);
    assertThat(run("verify", "--threads", "0").exitCode()).isEqualTo(2);
  }

  private static void assertRefused(CommandRun run, String... inMessage) {
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).startsWith("error: ").contains(inMessage).doesNotContain("\tat ");
  }

  private static CommandRun run(String... arguments) {
    List<String> all = new ArrayList<>();
    all.add("jdk-atlas");
    all.addAll(List.of(arguments));
    all.addAll(List.of("--store", directory.resolve("atlas").toString()));
    return CommandRun.of(all.toArray(String[]::new));
  }
}
