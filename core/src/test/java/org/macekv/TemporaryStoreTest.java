package org.macekv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.macekv.Samples.number;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.macekv.error.StoreClosedException;
import org.macekv.error.StoreIOException;
import org.macekv.option.BucketOptions;
import org.macekv.option.MaceOptions;

/** A temporary store is one like any other until it is closed; then it was never there. */
class TemporaryStoreTest {
  private static final MaceOptions SMALL =
      MaceOptions.defaults()
          .withCacheBytes(64 << 10)
          .withPageFileBytes(64 << 10)
          .withLogSegmentBytes(64 << 10);

  @TempDir Path parent;

  private List<Path> children() {
    try (Stream<Path> children = Files.list(parent)) {
      return children.toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void itHoldsMoreThanItsCacheAndIsGoneWhenItIsClosed() {
    Mace kept;
    try (Mace store = Mace.temporary(parent, SMALL)) {
      kept = store;
      Bucket bucket = store.bucket("b", BucketOptions.defaults().withInlineLimitBytes(256));
      for (int i = 0; i < 2000; i++) {
        bucket.put(number(i), Samples.value(i % 100 == 0 ? 5000 : 200, i));
      }
      store.checkpoint();
      assertThat(store.statistics().evictions()).isPositive();
      for (int i = 0; i < 2000; i++) {
        assertThat(bucket.get(number(i))).isEqualTo(Samples.value(i % 100 == 0 ? 5000 : 200, i));
      }
      assertThat(children()).hasSize(1);
      assertThat(children().get(0).getFileName().toString()).startsWith("mace-temporary-");
      assertThat(store.name()).contains(children().get(0).getFileName().toString());
    }
    assertThat(children()).isEmpty();
    kept.close(); // again
    assertThatThrownBy(kept::bucketNames).isInstanceOf(StoreClosedException.class);
  }

  @Test
  void twoAreApart() {
    try (Mace one = Mace.temporary(parent, SMALL);
        Mace two = Mace.temporary(parent, SMALL)) {
      one.bucket("one");
      assertThat(two.bucketNames()).isEmpty();
    }
    assertThat(children()).isEmpty();
  }

  @Test
  void whereItCannotBeCreatedTheErrorSaysWhere() {
    Path nowhere = parent.resolve("nowhere");
    assertThatThrownBy(() -> Mace.temporary(nowhere, SMALL))
        .isInstanceOf(StoreIOException.class)
        .hasMessageContaining(nowhere.toString());
  }
}
