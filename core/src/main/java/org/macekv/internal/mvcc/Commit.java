package org.macekv.internal.mvcc;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * The fate of one transaction, shared by all versions that it installed: one write to it makes them
 * all visible.
 */
public final class Commit {
  /** Not decided yet. Above every position, so that no snapshot sees it. */
  public static final long PENDING = Long.MAX_VALUE;

  /** Rolled back. Above every position, too. */
  public static final long ABORTED = Long.MAX_VALUE - 1;

  private static final int SPINS = 64;
  private static final int SHORT_PARKS = 32;
  private static final long PARK_NANOS = 50_000;
  private static final VarHandle POSITION;

  static {
    try {
      POSITION = MethodHandles.lookup().findVarHandle(Commit.class, "position", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  // Written with release order after the versions were installed and read with acquire order:
  // whoever sees the position sees all that its transaction did. That a snapshot's reader can't
  // miss it follows from newest, which is advanced behind it.
  @SuppressWarnings("unused") // through POSITION
  private long position;

  /** Undecided. */
  public Commit() {
    position = PENDING;
  }

  /** The position, or {@link #PENDING} or {@link #ABORTED}. */
  public long position() {
    return (long) POSITION.getAcquire(this);
  }

  /** Decides: committed at {@code position}, or {@link #ABORTED}. */
  public void decide(long decision) {
    POSITION.setRelease(this, decision);
  }

  /**
   * Returns when the commit is decided. That takes no longer than its transaction needs to install
   * its other versions and to append one record, so waiting goes from spinning to parking for a
   * moment and then for a little longer.
   */
  public void awaitDecision() {
    int tries = 0;
    while (position() == PENDING) {
      tries++;
      if (tries < SPINS) {
        Thread.onSpinWait();
      } else if (tries < SPINS + SHORT_PARKS) {
        LockSupport.parkNanos(this, 1);
      } else {
        LockSupport.parkNanos(this, PARK_NANOS);
      }
    }
  }
}
