package org.macekv.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.macekv.option.Durability;

/** All peers do the same work, so that their times may be compared. */
class ByteStoreTest {
  private static final Dataset DATASET = new Dataset(2_500);

  @TempDir private Path directory;

  @ParameterizedTest
  @EnumSource
  void aScanEachWayTouchesEveryEntryOnce(Peer peer) {
    try (ByteStore store = peer.open(directory, Durability.BUFFERED)) {
      store.load(DATASET);
      assertThat(store.scan()).isEqualTo(DATASET.checksum());
      assertThat(store.scanReverse()).isEqualTo(DATASET.checksum());
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyAccessKeyHasTheValueThatWasPutLast(Peer peer) {
    try (ByteStore store = peer.open(directory, Durability.BUFFERED)) {
      store.load(DATASET);
      byte[] key = new byte[Dataset.KEY_BYTES];
      for (int i = 0; i < DATASET.entryCount(); i++) {
        DATASET.copyAccessKey(i, key);
        assertThat(store.get(key)).hasSize(Dataset.VALUE_BYTES);
        store.put(DATASET.accessKey(i), DATASET.value(-i));
        assertThat(store.get(key)).isEqualTo(DATASET.value(-i));
      }
      store.put(new byte[Dataset.KEY_BYTES], DATASET.value(1));
      assertThat(store.get(new byte[Dataset.KEY_BYTES])).isEqualTo(DATASET.value(1));
    }
  }
}
