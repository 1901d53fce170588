package org.macekv.examples.unicode;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.macekv.collections.PersistentStore;
import org.macekv.examples.CommandRun;

class UnicodeCommandTest {
  private static final int END = 0x3000;

  @TempDir Path directory;

  @Test
  void findsWhatTheJdkSays() {
    try (PersistentStore store = PersistentStore.inMemory()) {
      UnicodeDatabase database = new UnicodeDatabase(store);
      database.fill(END);
      database.fill(END); // all of it is there
      List<UnicodeCharacter> all =
          IntStream.range(0, END).mapToObj(UnicodeCharacter::of).flatMap(Optional::stream).toList();
      assertThat(database.count()).isEqualTo(all.size()).isGreaterThan(9000);
      assertThat(database.all().list()).isEqualTo(all);
      assertThat(database.all().and("script", "GREEK").and("property", "UPPER").list())
          .isEqualTo(
              all.stream()
                  .filter(c -> c.script().equals("GREEK") && c.properties().contains("UPPER"))
                  .toList())
          .isNotEmpty();
      assertThat(database.all().and("number", 7).and("property", "DIGIT").list())
          .isEqualTo(
              all.stream()
                  .filter(c -> c.number() == 7 && c.properties().contains("DIGIT"))
                  .toList())
          .isNotEmpty();
    }
  }

  @Test
  void commandPrintsThem() {
    String[] arguments = {
      "unicode",
      "find",
      "--store=" + directory,
      "--end=1024",
      "--prefix=GREEK SMALL LETTER A",
      "--property=LOWER",
      "--property=LETTER",
      "--script=GREEK"
    };
    for (int run = 0; run < 2; run++) {
      CommandRun found = CommandRun.of(arguments);
      assertThat(found.err()).isEmpty();
      assertThat(found.lines())
          .hasSize(5)
          .first()
          .asString()
          .startsWith("U+03B1 GREEK SMALL LETTER ALPHA [GREEK, GREEK] [LETTER, LOWER");
      assertThat(found.lines().get(4)).startsWith("4 of ");
    }
  }

  @Test
  void defaultsAreFine() {
    CommandRun found = CommandRun.of("unicode", "find", "--store=" + directory, "--limit=1");
    assertThat(found.exitCode()).isZero();
    assertThat(found.lines()).hasSize(2).first().asString().startsWith("U+0000 NULL");
  }
}
