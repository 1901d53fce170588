package org.macekv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.macekv.error.CorruptionException;
import org.macekv.option.Durability;
import org.macekv.option.MaceOptions;

/**
 * Damage to a log of one segment, byte by byte: what opens is the store as it was after one of its
 * commits, with the cut named, or the damage is reported.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LogDamageTest {
  private static final MaceOptions OPTIONS =
      MaceOptions.defaults().withFlushIntervalMillis(60_000).withCheckpointOnClose(false);
  private static final int LARGE = 70_000;

  /** How many of the newest commits are damaged at every byte. */
  private static final int TAIL = Boolean.getBoolean("mace.soak") ? 12 : 4;

  /** Enough to hold any segment header and the first record. */
  private static final int HEAD_BYTES = 160;

  private final StoreDirectory directory = StoreDirectory.createQuick();
  private RecordedHistory history;

  /** As it was in the midst of its life, with bytes that no sync has promised. */
  private StoreImage open;

  /** Of the same commits, after the store was closed. */
  private StoreImage closed;

  @BeforeAll
  void writeStore() {
    try (Mace store = Mace.open(directory.path(), OPTIONS)) {
      history = RecordedHistory.begin(store, directory.path());
      for (int i = 0; i < 24; i++) {
        Durability durability = i % 3 == 0 ? Durability.BUFFERED : Durability.SYNC;
        history.commit(durability, i == 8 ? LARGE : 20 + i);
      }
      history.commit(Durability.SYNC, 10);
      for (int i = 0; i < TAIL - 1; i++) {
        history.commit(Durability.WRITE, 12);
      }
      open = StoreImage.read(directory.path());
    }
    closed = StoreImage.read(directory.path());
  }

  @AfterAll
  void deleteStore() {
    directory.close();
  }

  @Test
  void undamagedLogGivesEveryCommitAndNoCut() {
    for (StoreImage image : List.of(open, closed)) {
      Reopening reopening = Reopening.of(image, OPTIONS);
      assertThat(reopening.index(history)).isEqualTo(history.size() - 1);
      assertThat(reopening.report().cut()).isNull();
    }
  }

  @Test
  void truncationAtEveryByteOfTheTailOfAClosedStoreGivesAPrefix() {
    for (int length = tailStart(); length < segment(closed).length(); length++) {
      checkCutOff(closed, segment(closed).truncate(length), length);
    }
  }

  @Test
  void truncationAtEveryByteOfTheTailOfAnOpenStoreGivesAPrefix() {
    for (int length = tailStart(); length < segment(open).bytes().length + 20; length++) {
      checkCutOff(open, segment(open).truncate(length), length);
    }
  }

  @Test
  void zerosFromAnyByteOfTheTailOnGiveAPrefix() {
    long length = segment(open).length();
    for (int end = tailStart(); end < segment(open).bytes().length; end++) {
      var kept = segment(open).truncate(end);
      assertThat(length).isGreaterThanOrEqualTo(kept.length());
      checkCutOff(open, kept.extend(length), end);
    }
  }

  @Test
  void truncationAnywhereGivesAPrefix() {
    int step = Boolean.getBoolean("mace.soak") ? 7 : 501;
    for (int length = 0; length < segment(closed).length(); length += length < 80 ? 9 : step) {
      checkCutOff(closed, segment(closed).truncate(length), length);
    }
  }

  @Test
  void flipOfEveryByteOfTheTailGivesAPrefixOrIsReported() {
    for (StoreImage image : List.of(closed, open)) {
      int end = (int) Math.min(segment(image).length(), segment(image).bytes().length + 8);
      for (int offset = tailStart(); offset < end; offset++) {
        checkFlip(image, offset, 1 << offset % 8);
      }
    }
  }

  @Test
  void flipOfEveryByteOfTheHeaderGivesAPrefixOrIsReported() {
    for (int offset = 0; offset < HEAD_BYTES; offset++) {
      checkFlip(closed, offset, 1 << offset % 8);
      checkFlip(closed, offset, 0xff);
    }
  }

  @Test
  void flipBeforeASyncedEndIsReportedWithFileAndOffset() {
    int first = history.endOffset(14);
    int last = history.endOffset(17);
    for (int offset = first; offset < last; offset++) {
      for (StoreImage image : List.of(closed, open)) {
        StoreImage damaged = flipped(image, offset, 1 << offset % 8);
        CorruptionException e = Reopening.of(damaged, OPTIONS).corruption();
        assertThat(e.file()).contains(image.newestSegment().replace("log/", ""));
        assertThat(e.offset()).isBetween((long) first, (long) offset);
      }
    }
  }

  @Test
  void garbageBehindTheEndIsCutAndNeverSeen() {
    Random random = new Random(5);
    for (int round = 0; round < 20; round++) {
      byte[] garbage = new byte[1 + random.nextInt(round < 10 ? 20 : 3000)];
      random.nextBytes(garbage);
      garbage[0] |= 1;
      checkAppended(garbage);
    }
  }

  @Test
  void copiesOfOldRecordsBehindTheEndAreCutAndNeverSeen() {
    byte[] bytes = segment(closed).bytes();
    for (int from = history.size() - TAIL - 1; from < history.size() - 1; from++) {
      checkAppended(
          Arrays.copyOfRange(bytes, history.endOffset(from), history.endOffset(from + 1)));
      checkAppended(Arrays.copyOfRange(bytes, history.endOffset(from), bytes.length));
    }
  }

  @Test
  void recordTakenOutOfTheMiddleIsReportedOrEndsTheLog() {
    byte[] bytes = segment(closed).bytes();
    for (int i = 14; i < 18; i++) {
      byte[] shorter = Arrays.copyOf(bytes, bytes.length - recordLength(i));
      System.arraycopy(
          bytes,
          history.endOffset(i),
          shorter,
          history.endOffset(i - 1),
          bytes.length - history.endOffset(i));
      StoreImage damaged = closed.with(closed.newestSegment(), StoreImage.FileImage.of(shorter));
      Reopening reopening = Reopening.of(damaged, OPTIONS);
      if (!reopening.isRefused()) {
        assertThat(reopening.index(history)).isEqualTo(i - 1);
        assertThat(reopening.report().cut()).isNotNull();
      }
    }
  }

  @Test
  void damageInALargeValueIsReportedWhenTheStoreOpensOrItIsRead() {
    byte[] value = largeValue();
    Random random = new Random(9);
    for (int round = 0; round < 20; round++) {
      int at = random.nextInt(value.length - 32);
      int offset = indexOf(segment(closed).bytes(), Arrays.copyOfRange(value, at, at + 32));
      if (offset >= 0) {
        checkDamagedLargeValue(flipped(closed, offset + random.nextInt(32), 0x10));
      }
    }
  }

  @Test
  void damageUnderAnOpenStoreIsNeverReturnedAsData() throws IOException {
    byte[] value = largeValue();
    try (StoreDirectory copy = StoreDirectory.createQuick()) {
      closed.writeTo(copy.path());
      try (Mace store = Mace.open(copy.path(), OPTIONS)) {
        int offset = indexOf(segment(closed).bytes(), Arrays.copyOfRange(value, 9000, 9032));
        var path = copy.path().resolve(closed.newestSegment());
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
          file.seek(offset);
          file.write(value[9000] ^ 1);
        }
        assertThatThrownBy(() -> requireLargeValue(store))
            .isInstanceOf(CorruptionException.class)
            .hasMessageContaining(path.getFileName().toString());
      }
    }
  }

  // What must hold.

  private void checkCutOff(StoreImage image, StoreImage.FileImage cutOff, int length) {
    StoreImage damaged = image.with(image.newestSegment(), cutOff);
    Reopening reopening = Reopening.of(damaged, OPTIONS);
    if (reopening.isRefused()) {
      assertThat(history.isSyncedBeyond(length))
          .as("cut off at %d, refused: %s", length, reopening.refusal())
          .isTrue();
      return;
    }
    int index = reopening.index(history);
    assertThat(index)
        .as("newest commit of a log cut off at %d", length)
        .isBetween(history.newestSyncedWithin(length), history.size() - 1);
    requireCutNamed(reopening, index, cutOff);
    if (length % 16 == 0) {
      Reopening.goesOn(damaged, OPTIONS);
    }
  }

  private void checkFlip(StoreImage image, int offset, int mask) {
    StoreImage damaged = flipped(image, offset, mask);
    Reopening reopening = Reopening.of(damaged, OPTIONS);
    if (!reopening.isRefused()) {
      int index = reopening.index(history);
      if (index < history.size() - 1) {
        assertThat(reopening.report().cut()).as("cut after a flip at %d", offset).isNotNull();
        assertThat(reopening.report().cut().offset()).isLessThanOrEqualTo(offset);
      }
      if (offset % 16 == 0) {
        Reopening.goesOn(damaged, OPTIONS);
      }
    }
  }

  private void checkAppended(byte[] more) {
    for (StoreImage image : List.of(closed, open)) {
      StoreImage damaged = image.with(image.newestSegment(), segment(image).append(more));
      Reopening reopening = Reopening.of(damaged, OPTIONS);
      assertThat(reopening.refusal()).isNull();
      assertThat(reopening.index(history)).isEqualTo(history.size() - 1);
      assertThat(reopening.report().cut()).isNotNull();
      assertThat(reopening.report().cut().cause()).isNotBlank();
      Reopening.goesOn(damaged, OPTIONS);
    }
  }

  /** Bytes behind the last commit that are not zero are a torn tail, and the report says so. */
  private void requireCutNamed(Reopening reopening, int index, StoreImage.FileImage file) {
    int end = index == 0 ? 0 : history.endOffset(index);
    if (index > 2 && file.bytes().length > end) {
      RecoveryReport.Cut cut = reopening.report().cut();
      if (cut == null) {
        requireWholeRecords(file);
        return;
      }
      assertThat(cut.file()).contains(closed.newestSegment().replace("log/", ""));
      assertThat(cut.offset()).isBetween((long) end, (long) file.bytes().length);
      assertThat(cut.bytes()).isPositive();
    } else if (file.bytes().length <= end && index > 2) {
      assertThat(reopening.report().cut()).isNull();
    }
  }

  /**
   * Whole value records whose commit is missing are no torn tail. That the last of them is whole
   * shows in that a flip in its last byte makes it one.
   */
  private void requireWholeRecords(StoreImage.FileImage file) {
    int last = file.bytes().length - 1;
    StoreImage flipped = closed.with(closed.newestSegment(), file.flip(last, 1));
    RecoveryReport.Cut cut = Reopening.of(flipped, OPTIONS).report().cut();
    assertThat(cut).as("cut after a flip at %d", last).isNotNull();
    assertThat(cut.offset()).isLessThan(last);
  }

  private void checkDamagedLargeValue(StoreImage damaged) {
    try (StoreDirectory copy = StoreDirectory.createQuick()) {
      damaged.writeTo(copy.path());
      assertThatThrownBy(
              () -> {
                try (Mace store = Mace.open(copy.path(), OPTIONS)) {
                  requireLargeValue(store);
                }
              })
          .isInstanceOf(CorruptionException.class);
    }
  }

  private static void requireLargeValue(Mace store) {
    byte[] actual = store.findBucket("alpha").get(Samples.bytes("key 11"));
    assertThat(Samples.describe(actual)).isEqualTo(Samples.describe(largeValue()));
  }

  private static byte[] largeValue() {
    // The ninth commit behind the two buckets and the empty store.
    return Samples.value(LARGE, 11);
  }

  private static StoreImage.FileImage segment(StoreImage image) {
    return image.file(image.newestSegment());
  }

  private static StoreImage flipped(StoreImage image, int offset, int mask) {
    return image.with(image.newestSegment(), segment(image).flip(offset, mask));
  }

  /** The end of the last commit that is not damaged. */
  private int tailStart() {
    return history.endOffset(history.size() - 1 - TAIL);
  }

  private int recordLength(int index) {
    return history.endOffset(index) - history.endOffset(index - 1);
  }

  private static int indexOf(byte[] bytes, byte[] part) {
    for (int i = 0; i + part.length <= bytes.length; i++) {
      if (bytes[i] == part[0] && Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
        return i;
      }
    }
    return -1;
  }
}
