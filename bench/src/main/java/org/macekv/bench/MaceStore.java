package org.macekv.bench;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.macekv.Bucket;
import org.macekv.Cursor;
import org.macekv.KeyRange;
import org.macekv.Mace;
import org.macekv.Transaction;
import org.macekv.option.Durability;
import org.macekv.option.MaceOptions;
import org.macekv.option.TransactionOptions;

/**
 * Mace as an application would use it: default options but for the durability, one bucket (which
 * keeps its exact count, as by default), single operations.
 */
final class MaceStore implements ByteStore {
  private static final int PUTS_PER_LOADING_TRANSACTION = 1_000;
  private static final TransactionOptions LOADING =
      TransactionOptions.defaults().withDurability(Durability.BUFFERED);

  private final Path directory;
  private final MaceOptions options;
  private Mace store;
  private Bucket bucket;

  MaceStore(Path directory, Durability durability) {
    this.directory = directory;
    options = MaceOptions.defaults().withDurability(durability);
    store = Mace.open(directory, options);
    bucket = store.bucket("entries");
  }

  @Override
  public byte @Nullable [] get(byte[] key) {
    return bucket.get(key);
  }

  @Override
  public void put(byte[] key, byte[] value) {
    bucket.put(key, value);
  }

  /**
   * Loads with many puts in a transaction and {@code BUFFERED}, however puts are measured, and then
   * closes the store and opens it again: what is measured is a store as an application finds it.
   */
  @Override
  public void load(Dataset dataset) {
    for (int from = 0; from < dataset.entryCount(); from += PUTS_PER_LOADING_TRANSACTION) {
      int to = Math.min(dataset.entryCount(), from + PUTS_PER_LOADING_TRANSACTION);
      try (Transaction loading = store.begin(LOADING)) {
        for (int i = from; i < to; i++) {
          loading.put(bucket, dataset.key(i), dataset.value(i));
        }
        loading.commit();
      }
    }
    store.close();
    store = Mace.open(directory, options);
    bucket = store.bucket("entries");
  }

  @Override
  public long scan() {
    return sum(bucket.scan(KeyRange.all()));
  }

  @Override
  public long scanReverse() {
    return sum(bucket.scanReverse(KeyRange.all()));
  }

  /** Copies each key into an array that it uses again, and looks at each value where it lies. */
  private static long sum(Cursor cursor) {
    byte[] key = new byte[Dataset.KEY_BYTES];
    long sum = 0;
    while (cursor.next()) {
      int keyLength = cursor.copyKey(key, 0);
      sum += Touch.entry(key, keyLength, cursor.valueBuffer());
    }
    return sum;
  }

  @Override
  public void close() {
    store.close();
  }
}
