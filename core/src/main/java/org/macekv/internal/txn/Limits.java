package org.macekv.internal.txn;

import org.macekv.error.LimitExceededException;

/** How long keys and values may be. */
public final class Limits {
  /** The longest key, in bytes. */
  public static final int MAX_KEY_BYTES = 64 << 10;

  /** The longest value, in bytes. */
  public static final int MAX_VALUE_BYTES = 1 << 30;

  /** The longest value that may lie in a commit record, in bytes; the catalog alone has longer. */
  public static final int MAX_INLINE_BYTES = 1 << 20;

  private Limits() {}

  static void checkKey(StoredBucket bucket, byte[] key) {
    checkKey(bucket.name(), key);
  }

  static void checkKey(String bucket, byte[] key) {
    if (key.length > MAX_KEY_BYTES) {
      throw new LimitExceededException(
          "the length in bytes of a key for bucket '" + bucket + "'", MAX_KEY_BYTES, key.length);
    }
  }

  static void checkValue(StoredBucket bucket, byte[] value) {
    checkValue(bucket.name(), value);
  }

  static void checkValue(String bucket, byte[] value) {
    if (value.length > MAX_VALUE_BYTES) {
      throw new LimitExceededException(
          "the length in bytes of a value for bucket '" + bucket + "'",
          MAX_VALUE_BYTES,
          value.length);
    }
  }
}
