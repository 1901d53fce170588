package org.macekv.examples.atlas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);

  @Test
  void elsewhereThereIsALineForEachTwentieth() {
    Progress progress = new Progress(out, false, "things", 0, 2_000);
    for (int i = 0; i < 2_000; i++) {
      progress.advance();
    }

    assertThat(text().lines()).hasSize(20).contains(" 50%  1,000 of 2,000 things");
    assertThat(text().lines().reduce((first, second) -> second))
        .contains("100%  2,000 of 2,000 things");
  }

  @Test
  void whatWasDoneBeforeIsNotShownAgain() {
    Progress progress = new Progress(out, false, "things", 19, 20);
    progress.advance();

    assertThat(text().lines()).containsExactly("100%  20 of 20 things");
  }

  @Test
  void onATerminalTheSameLineIsDrawnAgain() {
    Progress progress = new Progress(out, true, "things", 0, 2);
    progress.advance();
    progress.advance();

    assertThat(text())
        .isEqualTo(
            "\r[####################....................]  50%  1 of 2 things"
                + "\r[########################################] 100%  2 of 2 things\n");
  }

  private String text() {
    return printed.toString(StandardCharsets.UTF_8);
  }
}
