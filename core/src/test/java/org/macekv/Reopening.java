package org.macekv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.macekv.Samples.bytes;

import org.jspecify.annotations.Nullable;
import org.macekv.error.CorruptionException;
import org.macekv.error.FormatVersionException;
import org.macekv.error.MaceException;
import org.macekv.option.MaceOptions;

/**
 * What came of opening a store from an image of its files: contents and report, or the refusal. Any
 * other exception than the two for damage fails the test.
 */
record Reopening(
    @Nullable StoreContents contents,
    @Nullable RecoveryReport report,
    @Nullable MaceException refusal) {

  /** Opens a store with these files and closes it again. */
  static Reopening of(StoreImage image, MaceOptions options) {
    try (StoreDirectory directory = StoreDirectory.createQuick()) {
      image.writeTo(directory.path());
      try (Mace store = Mace.open(directory.path(), options)) {
        return new Reopening(StoreContents.of(store), store.recoveryReport(), null);
      } catch (CorruptionException | FormatVersionException e) {
        return new Reopening(null, null, e);
      }
    }
  }

  /** Opens it, commits, and opens it again: what was found and the commit are there, no more. */
  static void goesOn(StoreImage image, MaceOptions options) {
    try (StoreDirectory directory = StoreDirectory.createQuick()) {
      image.writeTo(directory.path());
      StoreContents before;
      try (Mace store = Mace.open(directory.path(), options)) {
        store.bucket("after").put(bytes("key"), bytes("value"));
        before = StoreContents.of(store);
      } catch (CorruptionException | FormatVersionException e) {
        return;
      }
      try (Mace store = Mace.open(directory.path(), options)) {
        assertThat(StoreContents.of(store)).isEqualTo(before);
        assertThat(store.recoveryReport().cut()).isNull();
      }
    }
  }

  boolean isRefused() {
    return refusal != null;
  }

  /** The damage that was reported. */
  CorruptionException corruption() {
    assertThat(refusal).isInstanceOf(CorruptionException.class);
    return (CorruptionException) refusal;
  }

  /** Which state of the history came back; one of them did. */
  int index(RecordedHistory history) {
    int index = history.indexOf(contents);
    assertThat(index)
        .as("index of the commit after which the store was so: %s", contents)
        .isNotNegative();
    assertThat(report.newestPosition()).isEqualTo(history.commit(index).position());
    return index;
  }
}
