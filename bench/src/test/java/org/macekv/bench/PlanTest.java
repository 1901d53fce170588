package org.macekv.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanTest {
  private static final Path HERE = Path.of("here");

  private static Plan parse(String... arguments) {
    return Plan.parse(List.of(arguments), HERE);
  }

  @Test
  void withoutArgumentsEverythingIsMeasured() {
    Plan plan = parse();
    assertThat(plan.lines()).containsExactly(Line.values());
    assertThat(plan.peers()).containsExactly(Peer.values());
    assertThat(plan.entries()).isEqualTo(1_000_000);
    assertThat(plan.directory()).isEqualTo(HERE);
    assertThat(plan.pace().profiler()).isNull();
  }

  @Test
  void quickIsOneRoundThatJudgesEveryTarget() {
    Plan plan = parse("--quick");
    assertThat(plan.rounds()).isEqualTo(1);
    assertThat(plan.entries()).isEqualTo(parse().entries());
    for (Line line : Line.values()) {
      if (!line.targets().isEmpty()) {
        assertThat(plan.lines()).contains(line);
      }
    }
  }

  @Test
  void optionsOverrideQuickWhereverTheyStand() {
    Plan plan = parse("--rounds", "7", "--quick", "--lines", "scan-reverse,put-sync");
    assertThat(plan.rounds()).isEqualTo(7);
    assertThat(plan.lines()).containsExactly(Line.SCAN_REVERSE, Line.PUT_SYNC);
  }

  @Test
  void everyOptionIsRead() {
    Plan plan = parse("--entries", "99", "--peers", "mace", "--dir", "there", "--profiler", "gc");
    assertThat(plan.entries()).isEqualTo(99);
    assertThat(plan.peers()).containsExactly(Peer.MACE);
    assertThat(plan.directory()).isEqualTo(Path.of("there"));
    assertThat(plan.pace().profiler()).isEqualTo("gc");
  }

  @ParameterizedTest
  @CsvSource({
    "--fast, unknown option --fast",
    "--rounds, --rounds needs a value",
    "--rounds 0, '--rounds is 0, expected a number from 1 to 99999999'",
    "--entries 1e6, '--entries is 1e6, expected a number from 1 to 99999999'",
    "--peers leveldb, '--peers has ''leveldb'', expected one of skip-list, rocksdb, mace'",
    "'--lines get,', \"--lines has '', expected one of get, get-2-threads\"",
  })
  void whatCannotBeUnderstoodIsNamed(String arguments, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> parse(arguments.split(" ", -1)))
        .withMessageContaining(message.replace("\"", ""));
  }
}
