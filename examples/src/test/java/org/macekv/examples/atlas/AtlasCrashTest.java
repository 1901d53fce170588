package org.macekv.examples.atlas;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.macekv.examples.ChildJvm;
import org.macekv.examples.ChildJvm.Outcome;

/** A build in a JVM of its own, killed in mid-work again and again. */
class AtlasCrashTest {
  private static final String MODULES = "java.xml,java.logging";
  private static final int KILLS = Boolean.getBoolean("mace.soak") ? 20 : 6;

  @TempDir private Path directory;

  @Test
  void aBuildThatIsKilledGoesOnWithNothingTwiceAndNothingLost() throws Exception {
    long seed = Long.getLong("mace.seed", new Random().nextLong());
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    Path killedStore = directory.resolve("killed");
    int killed = 0;
    int classesBefore = 0;
    for (int round = 0; round < KILLS; round++) {
      Outcome outcome = buildAndKill(killedStore, 1 + random.nextInt(4));
      killed += outcome.killed() ? 1 : 0;
      classesBefore = checkWhatIsThere(killedStore, classesBefore, outcome);
    }
    assertThat(killed).as("rounds killed in mid-work").isPositive();

    Path wholeStore = directory.resolve("whole");
    finish(killedStore);
    finish(wholeStore);
    compare(killedStore, wholeStore);
  }

  private Outcome buildAndKill(Path store, int progressLines) throws Exception {
    try (ChildJvm child = startBuild(store)) {
      return child.killAfter(progressLines, line -> line.contains("%"));
    }
  }

  private void finish(Path store) throws Exception {
    try (ChildJvm child = startBuild(store)) {
      Outcome outcome = child.await();
      assertThat(outcome.exitCode()).as(outcome.text()).isZero();
    }
  }

  private ChildJvm startBuild(Path store) throws Exception {
    return new ChildJvm(
        directory, "jdk-atlas", "build", "--store", store.toString(), "--modules", MODULES);
  }

  /** Every class that is there is there as a whole, and none that was there before is gone. */
  private static int checkWhatIsThere(Path store, int classesBefore, Outcome outcome) {
    try (Atlas atlas = Atlas.openOrCreate(store)) {
      int classes = atlas.classes().size();
      assertThat(classes).as(outcome.text()).isGreaterThanOrEqualTo(classesBefore);
      assertThat(AtlasBuildTest.differences(atlas)).isEmpty();
      return classes;
    }
  }

  private static void compare(Path oneStore, Path otherStore) {
    try (Atlas one = Atlas.openExisting(oneStore);
        Atlas other = Atlas.openExisting(otherStore)) {
      assertThat(one.modules()).hasSize(2);
      other
          .collections()
          .forEach(
              (name, expected) ->
                  assertThat(elements(one.collections().get(name)))
                      .as(name)
                      .isNotEmpty()
                      .isEqualTo(elements(expected)));
    }
  }

  private static List<Object> elements(Iterable<?> collection) {
    List<Object> elements = new ArrayList<>();
    collection.forEach(elements::add);
    return elements;
  }
}
