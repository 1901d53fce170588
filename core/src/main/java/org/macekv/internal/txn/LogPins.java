package org.macekv.internal.txn;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * From where on the log is needed by transactions that have appended records and are not decided.
 * Thread-safe.
 *
 * <p>A pin is added before its owner appends, which takes the log's section. So whoever asks for
 * the lowest with the section held misses no owner who has appended something.
 */
public final class LogPins {
  private final Set<Pin> pins = new HashSet<>(); // guarded by this

  /** Keeps the log from a position on. */
  final class Pin implements AutoCloseable {
    private final long position;
    private final @Nullable Runnable expire;

    private Pin(long position, @Nullable Runnable expire) {
      this.position = position;
      this.expire = expire;
    }

    /** From where on the log is kept. */
    long position() {
      return position;
    }

    /** Idempotent. */
    @Override
    public void close() {
      synchronized (LogPins.this) {
        pins.remove(this);
      }
    }
  }

  /**
   * Keeps the log from a position on.
   *
   * <p>Requires: the section is held since the position was read, so that no checkpoint comes in
   * between, which would not know of the pin and delete what it is for.
   *
   * @param expire what is run if too much of the log is kept for the pin, or null if that may be
   */
  Pin add(long position, @Nullable Runnable expire) {
    Pin pin = new Pin(position, expire);
    synchronized (this) {
      pins.add(pin);
    }
    return pin;
  }

  /** The lowest position that is needed, or {@code otherwise} if that is lower. */
  public synchronized long lowest(long otherwise) {
    long lowest = otherwise;
    for (Pin each : pins) {
      lowest = Math.min(lowest, each.position);
    }
    return lowest;
  }

  /** What is to be run if no pin should keep the log from below a position on. */
  public synchronized List<Runnable> expiring(long position) {
    List<Runnable> expiring = new ArrayList<>();
    for (Pin each : pins) {
      if (each.expire != null && each.position < position) {
        expiring.add(each.expire);
      }
    }
    return expiring;
  }
}
