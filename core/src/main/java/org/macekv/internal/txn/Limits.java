package org.macekv.internal.txn;

import org.macekv.error.LimitExceededException;

/** How long keys and values may be. */
public final class Limits {
  /** The longest key, in bytes. */
  public static final int MAX_KEY_BYTES = 64 << 10;

  /** The longest value, in bytes. */
  public static final int MAX_VALUE_BYTES = 1 << 30;

  private Limits() {}

  static void checkKey(StoredBucket bucket, byte[] key) {
    if (key.length > MAX_KEY_BYTES) {
      throw new LimitExceededException(
          "the length in bytes of a key for bucket '" + bucket.name() + "'",
          MAX_KEY_BYTES,
          key.length);
    }
  }

  static void checkValue(StoredBucket bucket, byte[] value) {
    if (value.length > MAX_VALUE_BYTES) {
      throw new LimitExceededException(
          "the length in bytes of a value for bucket '" + bucket.name() + "'",
          MAX_VALUE_BYTES,
          value.length);
    }
  }
}
