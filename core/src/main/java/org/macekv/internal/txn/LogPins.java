package org.macekv.internal.txn;

import java.util.HashSet;
import java.util.Set;

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

    private Pin(long position) {
      this.position = position;
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
   */
  Pin add(long position) {
    Pin pin = new Pin(position);
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
}
