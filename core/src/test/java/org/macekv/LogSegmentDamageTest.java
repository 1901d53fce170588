package org.macekv;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.macekv.error.CorruptionException;
import org.macekv.option.Durability;
import org.macekv.option.MaceOptions;

/** Damage to a log of many segments: files that are missing, exchanged, foreign, empty. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LogSegmentDamageTest {
  private static final MaceOptions OPTIONS =
      MaceOptions.defaults().withLogSegmentBytes(4 << 10).withCheckpointOnClose(false);

  private final StoreDirectory directory = StoreDirectory.createQuick();
  private RecordedHistory history;
  private StoreImage image;

  @BeforeAll
  void writeStore() {
    try (Mace store = Mace.open(directory.path(), OPTIONS)) {
      history = writeHistory(store, directory);
    }
    image = StoreImage.read(directory.path());
    assertThat(image.segments()).hasSizeGreaterThanOrEqualTo(5);
  }

  @AfterAll
  void deleteStore() {
    directory.close();
  }

  private static RecordedHistory writeHistory(Mace store, StoreDirectory directory) {
    RecordedHistory history = RecordedHistory.begin(store, directory.path());
    for (int i = 0; i < 30; i++) {
      history.commit(Durability.SYNC, i == 12 ? 20_000 : 300);
    }
    return history;
  }

  @Test
  void undamagedLogGivesEveryCommitAndNamesItsSegments() {
    Reopening reopening = Reopening.of(image, OPTIONS);
    assertThat(reopening.index(history)).isEqualTo(history.size() - 1);
    assertThat(reopening.report().cut()).isNull();
    assertThat(reopening.report().segments()).isEqualTo(image.segments().size());
  }

  @Test
  void missingSegmentBeforeTheNewestIsReported() {
    for (String name : older()) {
      requireReported("without " + name, image.without(name));
    }
  }

  @Test
  void emptySegmentBeforeTheNewestIsReported() {
    for (String name : older()) {
      requireReported(name + " empty", image.with(name, image.file(name).truncate(0)));
    }
  }

  @Test
  void shortenedSegmentBeforeTheNewestIsReported() {
    for (String name : older()) {
      int length = image.file(name).bytes().length;
      for (int cut = 1; cut < Math.min(length, 4000); cut += 401) {
        requireReported(
            name + " shortened by " + cut,
            image.with(name, image.file(name).truncate(length - cut)));
      }
    }
  }

  @Test
  void exchangedSegmentsAreReported() {
    List<String> names = image.segments();
    for (int i = 0; i + 1 < names.size(); i++) {
      String first = names.get(i);
      String second = names.get(i + 1);
      StoreImage exchanged = image.with(first, image.file(second)).with(second, image.file(first));
      requireReported(first + " and " + second + " exchanged", exchanged);
    }
  }

  @Test
  void segmentUnderTheNameOfAnotherIsReported() {
    for (String name : older()) {
      String newest = image.newestSegment();
      requireReported(newest + " as " + name, image.with(name, image.file(newest)));
    }
  }

  @Test
  void segmentOfAnotherStoreIsReported() {
    try (StoreDirectory otherDirectory = StoreDirectory.createQuick()) {
      try (Mace other = Mace.open(otherDirectory.path(), OPTIONS)) {
        writeHistory(other, otherDirectory);
      }
      StoreImage foreign = StoreImage.read(otherDirectory.path());
      // The same commits at the same positions: only the store's identity tells them apart.
      assertThat(foreign.segments()).isEqualTo(image.segments());
      for (String name : image.segments()) {
        requireReported("foreign " + name, image.with(name, foreign.file(name)));
      }
    }
  }

  @Test
  void missingOrEmptyNewestSegmentGivesAPrefixOrIsReported() {
    String newest = image.newestSegment();
    for (StoreImage damaged :
        List.of(image.without(newest), image.with(newest, image.file(newest).truncate(0)))) {
      Reopening reopening = Reopening.of(damaged, OPTIONS);
      if (!reopening.isRefused()) {
        assertThat(reopening.index(history)).isBetween(history.size() - 8, history.size() - 1);
        Reopening.goesOn(damaged, OPTIONS);
      }
    }
  }

  /** Opening a store never appends to an old segment, so its next commit begins one. */
  @Test
  void crashWhileASegmentIsBegunLosesNothing() {
    StoreImage.FileImage begun;
    String name;
    try (StoreDirectory copy = StoreDirectory.createQuick()) {
      image.writeTo(copy.path());
      try (Mace store = Mace.open(copy.path(), OPTIONS)) {
        store.bucket("alpha").put(Samples.bytes("new"), Samples.bytes("value"));
        StoreImage open = StoreImage.read(copy.path());
        assertThat(open.segments()).hasSize(image.segments().size() + 1);
        name = open.newestSegment();
        begun = open.file(name);
      }
    }
    for (int length = 0; length < begun.bytes().length; length++) {
      for (StoreImage.FileImage part :
          List.of(begun.truncate(length), begun.truncate(length).extend(begun.length()))) {
        StoreImage damaged = image.with(name, part);
        Reopening reopening = Reopening.of(damaged, OPTIONS);
        assertThat(reopening.refusal()).as("%d bytes of %s", length, name).isNull();
        assertThat(reopening.index(history)).isEqualTo(history.size() - 1);
        if (length % 8 == 0) {
          Reopening.goesOn(damaged, OPTIONS);
        }
      }
    }
  }

  @Test
  void otherFilesInTheLogDirectoryDoNoHarm() {
    StoreImage.FileImage text = StoreImage.FileImage.of(Samples.bytes("notes"));
    Reopening reopening = Reopening.of(image.with("log/readme.txt", text), OPTIONS);
    assertThat(reopening.refusal()).isNull();
    assertThat(reopening.index(history)).isEqualTo(history.size() - 1);
  }

  /** All segments but the newest: others that came later prove what belongs in them. */
  private List<String> older() {
    List<String> names = image.segments();
    return names.subList(0, names.size() - 1);
  }

  private static void requireReported(String what, StoreImage damaged) {
    Reopening reopening = Reopening.of(damaged, OPTIONS);
    assertThat(reopening.refusal()).as(what).isInstanceOf(CorruptionException.class);
    CorruptionException corruption = reopening.corruption();
    assertThat(corruption.file()).as(what).contains("log");
    assertThat(corruption.offset()).as(what).isNotNegative();
  }
}
