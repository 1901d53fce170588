package org.macekv.internal.log;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.macekv.error.StoreIOException;
import org.macekv.internal.io.Storage;

/**
 * Space that is kept for what gives space back when the device is full: deletions, checkpoints and
 * cleaning (DESIGN section 7). Thread-safe.
 *
 * <p>Invariant: from when it was spent until it is there again nothing else is accepted, so that it
 * goes to whom it is for; but for what was being accepted in that moment. An empty file says so to
 * the next opening.
 */
public final class Headroom {
  static final String FILE = "HEADROOM";

  /** Stores with fewer bytes have none. */
  private static final long LEAST_STORE = 4 << 20;

  private static final long LEAST = 1 << 20;

  /** It is this part of the store, rounded down to a power of two. */
  private static final int PART = 32;

  private static final long ASK_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Storage storage;
  private final long most;
  private final LongSupplier nanoTime;
  private final ReservedFile file; // guarded by this
  private long wanted; // guarded by this
  private long askedNanos; // guarded by this
  private int uses; // guarded by this: checkpoints that may use it
  private int changes; // guarded by this: how often it may have made a try fail that would not now
  private volatile boolean spent;

  /**
   * Head-room of a store.
   *
   * @param most how many bytes it has at the most; 0: none
   */
  public Headroom(Storage storage, long most, LongSupplier nanoTime) {
    this.storage = storage;
    this.most = most;
    this.nanoTime = nanoTime;
    this.file = new ReservedFile(storage, FILE);
    this.spent = most > 0 && file.isEmpty();
    this.askedNanos = nanoTime.getAsLong() - ASK_AGAIN_NANOS;
  }

  /** How many bytes are kept now. */
  public synchronized long held() {
    return file.held();
  }

  /** Whether what was kept is in use, so that only what gives space back is accepted. */
  public boolean isSpent() {
    return spent;
  }

  /**
   * Throws if what was kept is in use, and there is still no space to keep instead.
   *
   * @throws StoreIOException which says what is accepted
   */
  public void checkNotSpent() {
    if (spent && !restore()) {
      throw new StoreIOException(
          storage.name()
              + ": the device is full, and the space that was kept for deletions, checkpoints and"
              + " cleaning is in use. Until there is space again only deletions are accepted:"
              + " delete entries, drop buckets, or make space on the device");
    }
  }

  private synchronized boolean restore() {
    long now = nanoTime.getAsLong();
    if (spent && uses == 0 && now - askedNanos >= ASK_AGAIN_NANOS) {
      askedNanos = now;
      spent = !resize();
    }
    return !spent;
  }

  /** Fills a device to its last byte only if the file system does not tell how much there is. */
  private boolean resize() {
    long more = wanted - file.held();
    if (more > 0 && storage.usableBytes() < more) {
      return false;
    }
    boolean done = file.resize(wanted);
    if (!done) {
      changes++; // others found nothing meanwhile
    }
    return done;
  }

  /**
   * From now on it is not filled again until {@link #endUse}: what it gives is for a checkpoint.
   */
  public synchronized void beginUse() {
    uses++;
  }

  /** Ends what the last {@link #beginUse} began. */
  public synchronized void endUse() {
    uses--;
  }

  /** What to tell {@link #spend} after a try that began now and failed. */
  public synchronized int changes() {
    return changes;
  }

  /**
   * Gives what is kept to whoever gives space back and found none. To be called once for each try
   * that failed.
   *
   * @param seen what {@link #changes} gave before the try
   * @return whether there is more space now, so that it is worth while to try again
   */
  public synchronized boolean spend(int seen) {
    if (changes != seen) {
      return true; // another has spent it meanwhile
    }
    if (file.held() == 0 || !file.resize(0)) {
      return false;
    }
    changes++;
    spent = true;
    askedNanos = nanoTime.getAsLong();
    System.getLogger(Headroom.class.getName())
        .log(
            System.Logger.Level.WARNING,
            "{0}: the device is full; what was kept for deletions, checkpoints and cleaning is in"
                + " use, and nothing else is accepted until there is space again",
            storage.name());
    return true;
  }

  /**
   * Keeps as much as fits a store of this size, if there is space. To be called when the store is
   * opened for writing, when files have gone, and now and then.
   */
  public synchronized void fit(long storeBytes) {
    wanted = target(storeBytes);
    long held = file.held();
    if (wanted == 0) {
      file.release();
      spent = false;
    } else if (spent) {
      spent = !resize();
    } else if (wanted > held || wanted < held / 2) {
      resize();
    }
  }

  private long target(long storeBytes) {
    if (storeBytes < LEAST_STORE) {
      return 0;
    }
    return Math.min(most, Math.max(LEAST, Long.highestOneBit(storeBytes / PART)));
  }
}
