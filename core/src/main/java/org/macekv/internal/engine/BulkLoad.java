package org.macekv.internal.engine;

import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.macekv.error.StoreFailedException;
import org.macekv.internal.io.Storage;
import org.macekv.internal.load.Entry;
import org.macekv.internal.load.ExternalSort;
import org.macekv.internal.pages.CheckpointRecord.BucketRoot;
import org.macekv.internal.pages.PageFiles;
import org.macekv.internal.tree.TreeBuilder;
import org.macekv.internal.txn.StoredBucket;
import org.macekv.internal.txn.ValueLoad;
import org.macekv.option.BucketOptions;
import org.macekv.option.BulkLoadOptions;
import org.macekv.option.BulkLoadOptions.Stage;
import org.macekv.option.Compression;

/**
 * Loads a bucket that is not there yet (DESIGN section 6, "Bulk loading"): sorts what comes, builds
 * page images in files of their own, and makes them a bucket with one commit. Until then nobody
 * knows of what was written, and it is deleted when the load ends otherwise, or by the opening
 * after a crash. Thread-safe: one call at a time, the others wait.
 */
public final class BulkLoad implements AutoCloseable {
  private static final int TELL_EVERY = 1 << 16;
  private static final long UNKNOWN = -1;

  /**
   * What is loaded, and where to.
   *
   * @param id the bucket's id
   * @param name its name
   * @param options its options
   * @param storage where entries are sorted
   * @param pages where images are written
   * @param segmentOf gives the first position of the log segment that has a position
   * @param values writes large values
   * @param publisher makes a bucket of it
   * @param checkOpen throws if the store is closed
   */
  record Target(
      int id,
      String name,
      BucketOptions options,
      Storage storage,
      PageFiles.Load pages,
      LongUnaryOperator segmentOf,
      ValueLoad values,
      Publisher publisher,
      Space space,
      Runnable checkOpen) {}

  /** Refuses what there is no space for. */
  @FunctionalInterface
  interface Space {
    /**
     * Throws {@link org.macekv.error.StoreIOException} if nothing is accepted now, or not so much.
     *
     * @param bytes about how many come next; 0 if that need not be looked at each time
     */
    void check(long bytes);
  }

  /** Makes a bucket of what was loaded. */
  @FunctionalInterface
  interface Publisher {
    /**
     * Makes a bucket, durably.
     *
     * @param root the tree, with what it needs of large values only
     * @param pages whose files are on the device
     */
    StoredBucket publish(BucketRoot root, PageFiles.Load pages);
  }

  private static final int CHECKED_BYTES = 1 << 20;

  private enum State {
    OPEN("open"),
    COMMITTING("being committed"),
    COMMITTED("committed"),
    ABANDONED("abandoned"),
    FAILED("ended by a call that failed");

    final String words;

    State(String words) {
      this.words = words;
    }
  }

  private final Target target;
  private final BulkLoadOptions options;
  private final Consumer<BulkLoad> onEnd;
  private final TreeBuilder builder;
  private final ExternalSort sort;
  // Guarded by this.
  private final ReentrantLock lock = new ReentrantLock();
  private State state = State.OPEN;
  private boolean closeWanted; // while it is being committed
  private long unchecked; // bytes since it was looked whether there is space
  private long entries;
  private byte @Nullable [] last; // of sorted entries

  /**
   * A load.
   *
   * @param onEnd called once, when it has ended in whatever way
   */
  BulkLoad(Target target, BulkLoadOptions options, Consumer<BulkLoad> onEnd) {
    this.target = target;
    this.options = options;
    this.onEnd = onEnd;
    this.builder =
        new TreeBuilder(
            target.id,
            target.options.leafBytes(),
            target.options.compression() == Compression.ZSTD,
            target.pages::append,
            target.segmentOf);
    this.sort =
        new ExternalSort(target.storage, Integer.toString(target.id), options.memoryBytes());
  }

  /** Adds an entry, or in a load in any order replaces one. */
  public void put(byte[] key, byte[] value) {
    lock.lock();
    try {
      checkUsable();
      target.values.check(key, value);
      byte[] ownKey = key.clone();
      if (options.sorted()) {
        requireBehindLast(ownKey);
      }
      boolean done = false;
      try {
        checkSpace((long) key.length + value.length);
        Object stored = target.values.copied(ownKey, value);
        if (options.sorted()) {
          builder.add(ownKey, stored);
          last = ownKey;
        } else {
          sort.add(new Entry(ownKey, stored));
        }
        entries++;
        if (entries % TELL_EVERY == 0) {
          options.progress().reached(Stage.ADDING, entries, UNKNOWN);
        }
        done = true;
      } finally {
        if (!done) {
          end(State.FAILED);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private void requireBehindLast(byte[] key) {
    byte[] before = last;
    if (before != null && Arrays.compareUnsigned(before, key) >= 0) {
      throw new IllegalArgumentException(
          "entry "
              + (entries + 1)
              + " of the load of bucket '"
              + target.name
              + "' has a key that is not above the one before it; entries in any order need a load"
              + " with the option sorted off");
    }
  }

  /** How many entries were added; of equal keys each counts. */
  public long entries() {
    lock.lock();
    try {
      return entries;
    } finally {
      lock.unlock();
    }
  }

  /** Makes the bucket, durably, and ends. */
  public StoredBucket commit() {
    lock.lock();
    try {
      checkUsable();
      State end = State.FAILED;
      boolean mayBeThere = false;
      state = State.COMMITTING;
      try {
        if (!options.sorted()) {
          tell(Stage.ADDING, entries, entries);
          sort.drain(
              entry -> {
                checkSpace(entry.heapBytes());
                builder.add(entry.key(), entry.value());
              },
              written -> tell(Stage.BUILDING, written, entries));
        }
        BucketRoot root = builder.finish();
        target.pages.finish();
        tell(Stage.PUBLISHING, builder.count(), builder.count());
        StoredBucket loaded = target.publisher.publish(root, target.pages);
        mayBeThere = true;
        end = State.COMMITTED;
        return loaded;
      } catch (StoreFailedException e) {
        mayBeThere = e.outcomeUnknown();
        throw e;
      } finally {
        end(closeWanted && end == State.FAILED ? State.ABANDONED : end, !mayBeThere);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Tells how far a commit has come; whoever is told may give the load up. */
  private void tell(Stage stage, long done, long total) {
    options.progress().reached(stage, done, total);
    if (closeWanted) {
      target.checkOpen.run();
      throw new IllegalStateException(
          "the load of bucket '" + target.name + "' was abandoned while it was committed");
    }
  }

  /** What is kept for deletions, and what the next checkpoint may write, is not for a load. */
  private void checkSpace(long bytes) {
    unchecked += bytes;
    target.space.check(unchecked >= CHECKED_BYTES ? unchecked : 0);
    if (unchecked >= CHECKED_BYTES) {
      unchecked = 0;
    }
  }

  private void checkUsable() {
    if (state != State.OPEN) {
      target.checkOpen.run();
      throw new IllegalStateException(
          "the load of bucket '" + target.name + "' is " + state.words + " and can't be used");
    }
    target.checkOpen.run();
  }

  private void end(State how) {
    end(how, true);
  }

  private void end(State how, boolean discard) {
    state = how;
    sort.close();
    target.values.close();
    if (discard) {
      target.pages.discard();
    }
    onEnd.accept(this);
  }

  /** Gives up, unless it was committed. Idempotent. */
  @Override
  public void close() {
    lock.lock();
    try {
      if (state == State.OPEN) {
        end(State.ABANDONED);
      } else if (state == State.COMMITTING) { // by who is told how far it is
        closeWanted = true;
      }
    } finally {
      lock.unlock();
    }
  }
}
