package org.macekv;

import org.jspecify.annotations.Nullable;

/**
 * A view or a transaction that is open. The store keeps the history that it can see, on disk too,
 * so one that was forgotten shows as files that don't shrink.
 *
 * @param kind what it is
 * @param position the state that it reads: all commits at or below this position
 * @param ageMillis how long it has been open
 * @param thread the name of the thread that opened it
 * @param creation where it was opened, if the store's option {@code traceSnapshots} is on, else
 *     null
 */
public record OpenSnapshot(
    Kind kind, long position, long ageMillis, String thread, @Nullable Throwable creation) {

  /** What it is. */
  public enum Kind {
    /** A {@link View}. */
    VIEW,
    /** A {@link Transaction}. */
    TRANSACTION
  }
}
