package org.macekv;

import org.jspecify.annotations.Nullable;
import org.macekv.option.BucketOptions;

/**
 * A named, ordered map of byte arrays in a store. The methods here are single operations, each a
 * transaction of its own with the store's durability, and never report a conflict; for several at
 * once see {@link Mace#begin()} and {@link Mace#transact}. Thread-safe.
 */
public final class Bucket {
  /** The longest key, in bytes. */
  public static final int MAX_KEY_BYTES = 64 << 10;

  /** The longest value, in bytes. */
  public static final int MAX_VALUE_BYTES = 1 << 30;

  Bucket() {}

  /** The name. */
  public String name() {
    throw new UnsupportedOperationException();
  }

  /** The number that stands for the bucket in the store's files; never used twice. */
  public int id() {
    throw new UnsupportedOperationException();
  }

  /** The options that it was created with. */
  public BucketOptions options() {
    throw new UnsupportedOperationException();
  }

  /** The newest committed value of {@code key}, a fresh array, or null. */
  public byte @Nullable [] get(byte[] key) {
    throw new UnsupportedOperationException();
  }

  /** Whether {@code key} has a value. */
  public boolean contains(byte[] key) {
    throw new UnsupportedOperationException();
  }

  /** Sets the value of {@code key}. */
  public void put(byte[] key, byte[] value) {
    throw new UnsupportedOperationException();
  }

  /** Sets the value of {@code key} and returns the one that it had, or null; atomic. */
  public byte @Nullable [] getAndPut(byte[] key, byte[] value) {
    throw new UnsupportedOperationException();
  }

  /** Removes {@code key}. */
  public void delete(byte[] key) {
    throw new UnsupportedOperationException();
  }

  /** Removes {@code key} and returns the value that it had, or null; atomic. */
  public byte @Nullable [] getAndDelete(byte[] key) {
    throw new UnsupportedOperationException();
  }

  /**
   * A cursor that goes up and sees commits as they happen: each entry is as it was at some moment
   * since the cursor was made (weakly consistent, like the iterators of {@code
   * java.util.concurrent}).
   */
  public Cursor scan(KeyRange range) {
    throw new UnsupportedOperationException();
  }

  /** Like {@link #scan}, from the high end to the low. */
  public Cursor scanReverse(KeyRange range) {
    throw new UnsupportedOperationException();
  }

  /** The number of entries: constant cost if the bucket is counted, else a full scan. */
  public long count() {
    throw new UnsupportedOperationException();
  }
}
