package org.macekv;

/**
 * Told how far the replay of the log has come while a store is opened, by the thread that opens it,
 * once for each 16 MiB. What it throws ends the opening.
 */
@FunctionalInterface
public interface RecoveryProgress {

  /**
   * More of the log was replayed.
   *
   * @param bytes bytes of the log that were read
   * @param total how many there are at most; the last segment may end earlier
   */
  void replayed(long bytes, long total);
}
