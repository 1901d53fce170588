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
    if (spent && now - askedNanos >= ASK_AGAIN_NANOS) {
      askedNanos = now;
      spent = !file.resize(wanted);
    }
    return !spent;
  }

  /**
   * Gives what is kept to whoever gives space back and found none. To be called once for each try
   * that failed.
   *
   * @return whether there is more space now, so that it is worth while to try again
   */
  public synchronized boolean spend() {
    if (file.held() == 0 || !file.resize(0)) {
      return false;
    }
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
      spent = !file.resize(wanted);
    } else if (wanted > held || wanted < held / 2) {
      file.resize(wanted);
    }
  }

  private long target(long storeBytes) {
    if (storeBytes < LEAST_STORE) {
      return 0;
    }
    return Math.min(most, Math.max(LEAST, Long.highestOneBit(storeBytes / PART)));
  }
}
