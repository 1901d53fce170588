package org.macekv;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.macekv.internal.engine.Engine;
import org.macekv.internal.txn.SnapshotReads;
import org.macekv.internal.txn.StoredBucket;
import org.macekv.internal.txn.ValueReader;

/**
 * A read-only state of the whole store that does not change while it is open. Thread-safe; its
 * cursors are not. An open view keeps the history that it can see, so close it when it is done. One
 * that nobody refers to any more is closed when the garbage collector has found that out, with a
 * warning in the log.
 */
public final class View implements SnapshotReader, AutoCloseable {
  private final Engine engine;
  private final Engine.OpenView view;
  private final SnapshotReads reads;
  private final AtomicBoolean closed = new AtomicBoolean();

  View(Engine engine) {
    this.engine = engine;
    this.view = engine.openView(this);
    this.reads = engine.reads(view, this::checkOpen);
  }

  private StoredBucket check(Bucket bucket) {
    checkOpen();
    return bucket.stored(engine);
  }

  /**
   * Before a read and after it: what was read while another thread closed the view may lack history
   * that went in that moment, and must not be returned.
   */
  private void checkOpen() {
    if (closed.get()) {
      throw new IllegalStateException("the view is closed");
    }
  }

  @Override
  public byte @Nullable [] get(Bucket bucket, byte[] key) {
    byte[] value = reads.get(check(bucket), key);
    checkOpen();
    return value;
  }

  @Override
  public <T> @Nullable T get(Bucket bucket, byte[] key, ValueReading<T> reading) {
    T made = reads.get(check(bucket), key, new ReadingAdapter<>(reading));
    checkOpen();
    return made;
  }

  @Override
  public @Nullable ValueStream openStream(Bucket bucket, byte[] key) {
    ValueReader reader = reads.open(check(bucket), key);
    checkOpen();
    return reader == null ? null : new ValueStream(reader, new StreamOwner());
  }

  private final class StreamOwner implements ValueStream.Owner {
    @Override
    public void checkOpen() {
      engine.checkOpen();
      View.this.checkOpen();
    }

    @Override
    public void closed() {}
  }

  @Override
  public boolean contains(Bucket bucket, byte[] key) {
    boolean contains = reads.contains(check(bucket), key);
    checkOpen();
    return contains;
  }

  @Override
  public Cursor scan(Bucket bucket, KeyRange range) {
    return new Cursor(
        engine,
        new GuardedCursor(
            closed, reads.scan(check(bucket), range.lowShared(), range.highShared(), true)),
        this);
  }

  @Override
  public Cursor scanReverse(Bucket bucket, KeyRange range) {
    return new Cursor(
        engine,
        new GuardedCursor(
            closed, reads.scan(check(bucket), range.lowShared(), range.highShared(), false)),
        this);
  }

  @Override
  public long count(Bucket bucket) {
    long count = reads.count(check(bucket));
    checkOpen();
    return count;
  }

  /** The bucket of this name in the state that the view shows, or null. */
  public @Nullable Bucket findBucket(String name) {
    engine.checkOpen();
    checkOpen();
    StoredBucket found = engine.findAt(reads, name);
    checkOpen();
    return found == null ? null : new Bucket(engine, found);
  }

  /** The position in the log that this view shows: every commit at or below it, none above. */
  public long position() {
    return view.slot().position();
  }

  /** Lets go of the history that only this view could see. Idempotent. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      engine.closeView(view);
    }
  }
}
