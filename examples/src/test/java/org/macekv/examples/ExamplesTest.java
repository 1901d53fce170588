package org.macekv.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExamplesTest {

  @Test
  void helpNamesEveryCommand() {
    CommandRun run = CommandRun.of("--help");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("hello", "bank", "exchange", "unicode", "sessions", "jdk-atlas");
  }

  @Test
  void withoutACommandThereIsTheUsage() {
    CommandRun run = CommandRun.of();

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("Usage: mace-examples");
  }
}
