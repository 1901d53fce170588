package org.macekv;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.macekv.internal.engine.Engine;
import org.macekv.internal.txn.Limits;
import org.macekv.internal.txn.StoredBucket;
import org.macekv.internal.txn.ValueReader;
import org.macekv.option.BucketOptions;

/**
 * A named, ordered map of byte arrays in a store. The methods here are single operations, each a
 * transaction of its own with the store's durability, and never report a conflict; for several at
 * once see {@link Mace#begin()} and {@link Mace#transact}. Thread-safe.
 */
public final class Bucket {
  /** The longest key, in bytes. */
  public static final int MAX_KEY_BYTES = Limits.MAX_KEY_BYTES;

  /** The longest value, in bytes. */
  public static final int MAX_VALUE_BYTES = Limits.MAX_VALUE_BYTES;

  private final Engine engine;
  private final StoredBucket stored;

  Bucket(Engine engine, StoredBucket stored) {
    this.engine = engine;
    this.stored = stored;
  }

  /** What is behind it. Throws if the store is another one, or closed. */
  StoredBucket stored(Engine asking) {
    if (asking != engine) {
      throw new IllegalArgumentException(
          "bucket '" + name() + "' is of store " + engine.name() + ", not of " + asking.name());
    }
    engine.checkOpen();
    return stored;
  }

  /** The name. */
  public String name() {
    return stored.name();
  }

  /** The number that stands for the bucket in the store's files; never used twice. */
  public int id() {
    return stored.id();
  }

  /** The options that it has now. */
  public BucketOptions options() {
    return stored.options();
  }

  /**
   * What {@code reading} makes, or has made, of the newest committed value of {@code key}; null if
   * there is none.
   */
  public <T> @Nullable T get(byte[] key, ValueReading<T> reading) {
    engine.checkOpen();
    return engine.operations().get(stored, key, new ReadingAdapter<>(reading));
  }

  /** The newest committed value of {@code key}, a fresh array, or null. */
  public byte @Nullable [] get(byte[] key) {
    engine.checkOpen();
    return engine.operations().get(stored, key);
  }

  /**
   * The newest committed value of {@code key} as a stream, or null. Until it is closed, the stream
   * keeps the state of the store that it reads, as a {@link View} does.
   */
  public @Nullable ValueStream openStream(byte[] key) {
    engine.checkOpen();
    StreamOwner owner = new StreamOwner();
    Engine.OpenView view = engine.openView(owner);
    owner.view = view;
    ValueStream stream = null;
    try {
      ValueReader reader = engine.reads(view).open(stored, key);
      if (reader != null) {
        stream = new ValueStream(reader, owner);
      }
      return stream;
    } finally {
      if (stream == null) {
        engine.closeView(view);
      }
    }
  }

  private final class StreamOwner implements ValueStream.Owner {
    private Engine.@Nullable OpenView view;

    @Override
    public void checkOpen() {
      engine.checkOpen();
    }

    @Override
    public void closed() {
      Engine.OpenView open = view;
      if (open != null) {
        engine.closeView(open);
      }
    }
  }

  /** Whether {@code key} has a value. */
  public boolean contains(byte[] key) {
    engine.checkOpen();
    return engine.operations().contains(stored, key);
  }

  /** Sets the value of {@code key}. */
  public void put(byte[] key, byte[] value) {
    engine.checkOpen();
    engine.operations().put(stored, key, Objects.requireNonNull(value, "value"));
  }

  /**
   * Sets the value of {@code key} to what a stream gives until its end. What is longer than the
   * bucket's inline limit is written to the log piece by piece, and never on the heap as a whole.
   * The stream is not closed. If it throws, or the value is too long, nothing is set.
   *
   * @param key 0 B to 64 KiB
   * @param value 0 B to 1 GiB
   * @throws IOException what the stream throws
   * @throws org.macekv.error.LimitExceededException if the key or the value is too long
   */
  public void putStream(byte[] key, InputStream value) throws IOException {
    engine.checkOpen();
    new StreamSource(value).into(streamed -> engine.operations().put(stored, key, streamed));
  }

  /** Sets the value of {@code key} and returns the one that it had, or null; atomic. */
  public byte @Nullable [] getAndPut(byte[] key, byte[] value) {
    engine.checkOpen();
    return engine.operations().getAndPut(stored, key, Objects.requireNonNull(value, "value"));
  }

  /** Removes {@code key}. */
  public void delete(byte[] key) {
    engine.checkOpen();
    engine.operations().delete(stored, key);
  }

  /** Removes {@code key} and returns the value that it had, or null; atomic. */
  public byte @Nullable [] getAndDelete(byte[] key) {
    engine.checkOpen();
    return engine.operations().getAndDelete(stored, key);
  }

  /**
   * A cursor that goes up and sees commits as they happen: each entry is as it was at some moment
   * since the cursor was made (weakly consistent, like the iterators of {@code
   * java.util.concurrent}).
   */
  public Cursor scan(KeyRange range) {
    engine.checkOpen();
    return new Cursor(
        engine,
        engine.operations().scan(stored, range.lowShared(), range.highShared(), true),
        true);
  }

  /** Like {@link #scan}, from the high end to the low. */
  public Cursor scanReverse(KeyRange range) {
    engine.checkOpen();
    return new Cursor(
        engine,
        engine.operations().scan(stored, range.lowShared(), range.highShared(), false),
        true);
  }

  /** The number of entries: constant cost if the bucket is counted, else a full scan. */
  public long count() {
    engine.checkOpen();
    return engine.operations().count(stored);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Bucket bucket && stored == bucket.stored;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(stored);
  }

  @Override
  public String toString() {
    return "bucket '" + name() + "' of " + engine.name();
  }
}
