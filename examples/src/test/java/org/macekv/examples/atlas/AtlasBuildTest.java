package org.macekv.examples.atlas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.macekv.examples.CommandFailure;

class AtlasBuildTest {
  private static final List<String> LOGGING = List.of("java.logging");

  private final RuntimeImage image = new RuntimeImage();

  @TempDir private Path directory;

  @Test
  void allFactsOfAModuleAreInTheCollections() {
    try (Atlas atlas = Atlas.openOrCreate(directory)) {
      build(atlas, LOGGING);

      assertThat(differences(atlas)).isEmpty();
      assertThat(atlas.modules()).containsOnlyKeys("java.logging");
      assertThat(atlas.classes()).hasSize(image.classFiles("java.logging").size());
      assertThat(atlas.callers()).hasSizeGreaterThan(500);
    }
  }

  @Test
  void aSecondBuildAddsNothing() {
    try (Atlas atlas = Atlas.openOrCreate(directory)) {
      build(atlas, LOGGING);
      AtlasBuild again = AtlasBuild.plan(atlas, image, LOGGING);

      assertThat(again.missing()).isZero();
      assertThat(again.found()).isEqualTo(atlas.classes().size());
    }
  }

  @Test
  void whatIsThereSurvivesReopening() {
    AtlasSummary before;
    try (Atlas atlas = Atlas.openOrCreate(directory)) {
      build(atlas, LOGGING);
      before = AtlasSummary.of(atlas);
    }
    try (Atlas atlas = Atlas.openExisting(directory)) {
      assertThat(AtlasSummary.of(atlas)).isEqualTo(before);
      assertThat(differences(atlas)).isEmpty();
    }
  }

  @Test
  void aModuleWhoseClassesAreAllThereIsOnlyMarked() {
    try (Atlas atlas = Atlas.openOrCreate(directory)) {
      build(atlas, LOGGING);
      atlas.modules().clear();
      AtlasBuild again = AtlasBuild.plan(atlas, image, LOGGING);
      assertThat(again.missing()).isZero();
      build(atlas, LOGGING);

      assertThat(atlas.modules()).containsOnlyKeys("java.logging");
    }
  }

  @Test
  void verificationReportsAFactThatIsLost() {
    try (Atlas atlas = Atlas.openOrCreate(directory)) {
      build(atlas, LOGGING);
      String lost = atlas.callers().pollFirst();

      assertThat(differences(atlas))
          .contains("callers lacks " + lost.replace('\0', ' '))
          .anyMatch(difference -> difference.startsWith("the collections hold"));
    }
  }

  @Test
  void verificationReportsAFactTooMany() {
    try (Atlas atlas = Atlas.openOrCreate(directory)) {
      build(atlas, LOGGING);
      atlas.subtypes().add(CompositeKey.of("java.lang.Object", "not.There"));

      assertThat(differences(atlas)).hasSize(1);
    }
  }

  @Test
  void verificationReportsARecordThatIsWrong() {
    try (Atlas atlas = Atlas.openOrCreate(directory)) {
      build(atlas, LOGGING);
      String key = atlas.methods().firstKey();
      atlas.methods().put(key, new MethodRecord(0, "wrong", "()V", List.of()));

      assertThat(differences(atlas)).hasSize(1).first().asString().contains("wrong", key);
    }
  }

  @Test
  void theAtlasOfAnotherJdkIsRefused() {
    try (Atlas atlas = Atlas.openOrCreate(directory)) {
      atlas.bindTo("Java 1");

      assertThatThrownBy(() -> AtlasBuild.plan(atlas, image, LOGGING))
          .isInstanceOf(CommandFailure.class)
          .hasMessageContaining("Java 1")
          .hasMessageContaining(image.version());
    }
  }

  @Test
  void anUnknownModuleIsRefusedBeforeAnythingIsRead() {
    try (Atlas atlas = Atlas.openOrCreate(directory)) {
      assertThatThrownBy(() -> AtlasBuild.plan(atlas, image, List.of("java.logging", "no.such")))
          .isInstanceOf(CommandFailure.class)
          .hasMessageContaining("no.such")
          .hasMessageContaining("java.base");
      assertThat(atlas.classes()).isEmpty();
    }
  }

  private void build(Atlas atlas, List<String> modules) {
    AtlasBuild build = AtlasBuild.plan(atlas, image, modules);
    build.run(2, silent(build.found() + build.missing()));
  }

  static List<String> differences(Atlas atlas) {
    return AtlasVerification.differences(
        atlas, new RuntimeImage(), 2, silent(atlas.classes().size()));
  }

  private static Progress silent(int total) {
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    return new Progress(nowhere, false, "classes", 0, total);
  }
}
