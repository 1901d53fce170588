package org.macekv.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TypedMapPlanTest {
  private static final Path HERE = Path.of("here");

  private static TypedMapPlan parse(String... arguments) {
    return TypedMapPlan.parse(List.of(arguments), HERE);
  }

  @Test
  void withoutArgumentsEverythingIsMeasured() {
    TypedMapPlan plan = parse();
    assertThat(plan.lines()).containsExactly(TypedLine.values());
    assertThat(plan.peers()).containsExactly(TypedPeer.values());
    assertThat(plan.entries()).isEqualTo(1_000_000);
    assertThat(plan.rounds()).isEqualTo(3);
    assertThat(plan.directory()).isEqualTo(HERE);
  }

  @Test
  void quickIsOneRoundOfAllLinesOfASmallerMap() {
    TypedMapPlan plan = parse("--quick");
    assertThat(plan.lines()).containsExactly(TypedLine.values());
    assertThat(plan.entries()).isEqualTo(100_000);
    assertThat(plan.rounds()).isEqualTo(1);
  }

  @Test
  void everyOptionIsRead() {
    TypedMapPlan plan =
        parse("--entries", "99", "--rounds", "5", "--lines", "get-no-cache,put", "--quick");
    assertThat(plan.entries()).isEqualTo(99);
    assertThat(plan.rounds()).isEqualTo(5);
    assertThat(plan.lines()).containsExactly(TypedLine.GET_NO_CACHE, TypedLine.PUT);
    plan = parse("--peers", "engine-kryo", "--dir", "there", "--profiler", "gc");
    assertThat(plan.peers()).containsExactly(TypedPeer.ENGINE_KRYO);
    assertThat(plan.directory()).isEqualTo(Path.of("there"));
    assertThat(plan.pace().profiler()).isEqualTo("gc");
  }

  @ParameterizedTest
  @CsvSource({
    "--fast, unknown option --fast",
    "--entries, --entries needs a value",
    "--entries 0, '--entries is 0, expected a number from 1 to 99999999'",
    "--peers rocksdb, '--peers has ''rocksdb'', expected one of skip-list, mapdb, mvstore'",
    "--lines scan, '--lines has ''scan'', expected one of get, get-no-cache, put, set'",
  })
  void whatCannotBeUnderstoodIsNamed(String arguments, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> parse(arguments.split(" ", -1)))
        .withMessageContaining(message);
  }
}
