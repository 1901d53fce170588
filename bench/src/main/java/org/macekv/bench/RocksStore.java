package org.macekv.bench;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.macekv.option.Durability;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.CompressionType;
import org.rocksdb.DataBlockIndexType;
import org.rocksdb.LRUCache;
import org.rocksdb.OptimisticTransactionDB;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * RocksDB through its JNI, set up to be as fast as it gets at this work:
 *
 * <ul>
 *   <li>a block cache that holds everything several times over; index and filter blocks outside of
 *       it, always in memory; files stay open
 *   <li>full Bloom filters of 10 bits a key, and a hash index in each data block for point reads
 *   <li>no compression
 *   <li>four write buffers of 256 MiB, so that puts seldom wait for a flush
 *   <li>what is read was loaded, flushed and compacted before: one level, no overlapping files
 *   <li>the write-ahead log is on and goes to the operating system with each put, without sync
 *       unless {@link Durability#SYNC} is measured. That is what Mace calls {@link
 *       Durability#WRITE}, so the table has a line for that as well as for {@code BUFFERED}.
 *   <li>puts go directly to the store and not through transaction objects, which is RocksDB's own
 *       way of committing a single put beside optimistic transactions, and its fastest
 * </ul>
 *
 * Keys and values come as byte arrays, as from the other peers; walks copy them into arrays that
 * are used again, as those of Mace do.
 */
final class RocksStore implements ByteStore {
  private static final int PUTS_PER_LOADING_BATCH = 1_000;

  /** In the order of creation; closed in the reverse order, the database first. */
  private final Deque<AutoCloseable> resources = new ArrayDeque<>();

  private final ReadOptions readOptions;
  private final WriteOptions writeOptions;
  private final OptimisticTransactionDB store;

  RocksStore(Path directory, Durability durability) {
    RocksDB.loadLibrary();
    readOptions = own(new ReadOptions());
    writeOptions = own(new WriteOptions());
    writeOptions.setSync(durability == Durability.SYNC);
    try {
      store = own(OptimisticTransactionDB.open(options(), directory.toString()));
    } catch (RocksDBException e) {
      throw new IllegalStateException(e);
    }
  }

  private Options options() {
    BlockBasedTableConfig tables =
        new BlockBasedTableConfig()
            .setBlockCache(own(new LRUCache(1L << 30)))
            .setFilterPolicy(own(new BloomFilter(10)))
            .setDataBlockIndexType(DataBlockIndexType.kDataBlockBinaryAndHash)
            .setDataBlockHashTableUtilRatio(0.75);
    return own(new Options())
        .setCreateIfMissing(true)
        .setTableFormatConfig(tables)
        .setCompressionType(CompressionType.NO_COMPRESSION)
        .setWriteBufferSize(256L << 20)
        .setMaxWriteBufferNumber(4)
        .setMaxOpenFiles(-1)
        .setIncreaseParallelism(Runtime.getRuntime().availableProcessors());
  }

  private <T extends AutoCloseable> T own(T resource) {
    resources.push(resource);
    return resource;
  }

  @Override
  public byte @Nullable [] get(byte[] key) {
    try {
      return store.get(readOptions, key);
    } catch (RocksDBException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void put(byte[] key, byte[] value) {
    try {
      store.put(writeOptions, key, value);
    } catch (RocksDBException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Loads in key order and in batches: after the compaction the files are the same as if it had
   * been done in random order, and the measurement begins sooner.
   */
  @Override
  public void load(Dataset dataset) {
    Integer[] sorted = new Integer[dataset.entryCount()];
    Arrays.setAll(sorted, i -> i);
    Arrays.sort(sorted, (a, b) -> Arrays.compareUnsigned(dataset.key(a), dataset.key(b)));
    try (WriteOptions loading = new WriteOptions();
        WriteBatch batch = new WriteBatch()) {
      for (int index : sorted) {
        batch.put(dataset.key(index), dataset.value(index));
        if (batch.count() == PUTS_PER_LOADING_BATCH) {
          store.write(loading, batch);
          batch.clear();
        }
      }
      store.write(loading, batch);
      store.compactRange();
    } catch (RocksDBException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public long scan() {
    byte[] key = new byte[Dataset.KEY_BYTES];
    byte[] value = new byte[Dataset.VALUE_BYTES];
    long sum = 0;
    try (RocksIterator iterator = store.newIterator(readOptions)) {
      for (iterator.seekToFirst(); iterator.isValid(); iterator.next()) {
        sum += Touch.entry(key, iterator.key(key), value, iterator.value(value));
      }
      iterator.status();
    } catch (RocksDBException e) {
      throw new IllegalStateException(e);
    }
    return sum;
  }

  @Override
  public long scanReverse() {
    byte[] key = new byte[Dataset.KEY_BYTES];
    byte[] value = new byte[Dataset.VALUE_BYTES];
    long sum = 0;
    try (RocksIterator iterator = store.newIterator(readOptions)) {
      for (iterator.seekToLast(); iterator.isValid(); iterator.prev()) {
        sum += Touch.entry(key, iterator.key(key), value, iterator.value(value));
      }
      iterator.status();
    } catch (RocksDBException e) {
      throw new IllegalStateException(e);
    }
    return sum;
  }

  @Override
  public void close() {
    for (AutoCloseable resource : resources) {
      try {
        resource.close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
