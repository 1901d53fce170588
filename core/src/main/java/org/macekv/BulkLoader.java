package org.macekv;

import org.macekv.internal.engine.BulkLoad;
import org.macekv.internal.engine.Engine;

/**
 * Fills a new {@linkplain Bucket bucket} with entries of any number, many times faster than puts:
 * entries are sorted, through files if they are more than memory shall hold, and become pages
 * directly, without the log, of which each byte is written once. Only large values go to the log,
 * as always.
 *
 * <p>The bucket appears with {@link #commit}, as a whole and durably. Until then nobody sees
 * anything of it, not even a name, and other work on the store goes on. A loader that is closed
 * without having committed, or whose store is closed, leaves nothing behind; what a crash leaves is
 * deleted when the store is opened again (large values in the log by the next checkpoint).
 *
 * <pre>{@code
 * try (BulkLoader loader = store.bulkLoad("words", BucketOptions.defaults(), BulkLoadOptions.defaults())) {
 *   for (...) {
 *     loader.put(key, value);
 *   }
 *   Bucket words = loader.commit();
 * }
 * }</pre>
 *
 * <p>Memory: what {@link org.macekv.option.BulkLoadOptions#memoryBytes} says for entries that wait
 * to be sorted, some 10 MiB while they are merged, and a few pages. Disk: the pages, and as long as
 * the load lasts the files for sorting. Views and transactions that began before the commit see the
 * bucket as empty; a transaction that did, and that writes to the bucket, or is serializable and
 * has read it, meets a conflict.
 *
 * <p>Thread-safe: calls of several threads wait for each other. A call that fails with another
 * exception than {@code IllegalArgumentException} or {@code LimitExceededException} ends the load.
 */
public final class BulkLoader implements AutoCloseable {
  private final Engine engine;
  private final BulkLoad load;

  BulkLoader(Engine engine, BulkLoad load) {
    this.engine = engine;
    this.load = load;
  }

  /**
   * Adds an entry. Without the option {@code sorted} the last of equal keys counts. Both arrays are
   * copied.
   *
   * @param key 0 to 65,536 bytes
   * @param value 0 bytes to 1 GiB
   * @throws IllegalArgumentException if entries are to come in order, and this does not
   * @throws org.macekv.error.LimitExceededException if the key or the value is too long
   * @throws IllegalStateException if the load has ended
   */
  public void put(byte[] key, byte[] value) {
    load.put(key, value);
  }

  /** How many entries were added; of equal keys each counts. */
  public long entries() {
    return load.entries();
  }

  /**
   * Builds what is left to build and makes the bucket, durably, whatever the store's durability is.
   *
   * @return the bucket
   * @throws IllegalStateException if the load has ended, or there is a bucket of this name by now
   * @throws org.macekv.error.LimitExceededException if so many files are needed, of pages or of the
   *     log for large values, that their list is longer than 1 MiB: beyond some terabytes
   */
  public Bucket commit() {
    return new Bucket(engine, load.commit());
  }

  /** Gives up what was not committed, and deletes it. Idempotent. */
  @Override
  public void close() {
    load.close();
  }
}
