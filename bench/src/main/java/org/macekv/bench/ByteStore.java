package org.macekv.bench;

import org.jspecify.annotations.Nullable;

/**
 * What the measurements do to a store. All but {@link #close} may be called from several threads.
 * One JVM only ever loads one implementation, so that calls through this interface cost what direct
 * calls do.
 */
interface ByteStore extends AutoCloseable {

  /** The value of {@code key}, or null. The key array is the caller's again afterwards. */
  byte @Nullable [] get(byte[] key);

  /** Sets the value of {@code key}, in a transaction of its own. The arrays are the store's now. */
  void put(byte[] key, byte[] value);

  /** Puts every entry of {@code dataset} and brings the store into the state to be read from. */
  default void load(Dataset dataset) {
    for (int i = 0; i < dataset.entryCount(); i++) {
      put(dataset.key(i), dataset.value(i));
    }
  }

  /** Walks over all entries upwards and returns the sum of their {@link Touch#entry}. */
  long scan();

  /** Like {@link #scan}, downwards. */
  long scanReverse();

  @Override
  void close();
}
