package org.macekv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.macekv.Samples.bytes;
import static org.macekv.Samples.number;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.macekv.option.BucketOptions;
import org.macekv.option.BulkLoadOptions;
import org.macekv.option.MaceOptions;

/** The store at the edges of what is promised; each of these was wrong once. */
@Timeout(120)
class StoreEdgesTest {
  private final StoreDirectory directory = StoreDirectory.createQuick();

  @AfterEach
  void delete() {
    directory.close();
  }

  /** T14. */
  @Test
  void loadThatIsClosedByItsProgressIsNotCommitted() {
    BulkLoader[] loader = {null};
    BulkLoadOptions options =
        BulkLoadOptions.defaults()
            .withProgress(
                (stage, done, total) -> {
                  BulkLoader load = loader[0];
                  if (load != null && stage == BulkLoadOptions.Stage.PUBLISHING) {
                    load.close(); // the user has pressed "cancel"
                  }
                });
    try (Mace store = Mace.open(directory.path())) {
      BulkLoader load = store.bulkLoad("b", BucketOptions.defaults(), options);
      loader[0] = load;
      for (int i = 0; i < 10_000; i++) {
        load.put(number(i), number(i));
      }
      try {
        load.commit();
      } catch (IllegalStateException e) {
        assertThat(e).hasMessageContaining("abandoned");
      }
      System.out.println("T14 " + store.bucketNames());
    }
    Mace.open(directory.path()).close();
  }

  /** T12. */
  @Test
  void exceptionOfNestedWorkGoesToTheCaller() {
    try (Mace store = Mace.inMemory(MaceOptions.defaults().withMaxTransactionLogBytes(1 << 20))) {
      Bucket bucket = store.bucket("b");
      try (Transaction transaction = store.begin()) {
        assertThatThrownBy(
                () ->
                    transaction.nested(
                        tx -> {
                          tx.put(bucket, bytes("k"), new byte[2 << 20]);
                          throw new UnsupportedOperationException("mine");
                        }))
            .isInstanceOf(UnsupportedOperationException.class);
      }
    }
  }
}
