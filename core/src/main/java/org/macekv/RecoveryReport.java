package org.macekv;

import org.jspecify.annotations.Nullable;

/**
 * What opening a store found.
 *
 * @param checkpointPosition the position of the newest checkpoint, 0 if there was none; commits
 *     above it were replayed from the log
 * @param segments how many log segments were kept
 * @param commits how many commits were replayed
 * @param newestPosition the position of the newest commit, 0 in a new store
 * @param cut the torn tail that was cut off the log, or null if it ended cleanly
 * @param manifestCut what the manifest has behind its newest whole record, as a crash during a
 *     checkpoint leaves it, or null if there is nothing; the store was opened with the checkpoint
 *     before, and nothing was lost
 */
public record RecoveryReport(
    long checkpointPosition,
    int segments,
    long commits,
    long newestPosition,
    @Nullable Cut cut,
    @Nullable Cut manifestCut) {

  /**
   * A torn tail: bytes behind the last intact record, as a crash leaves them. No commit that was
   * acknowledged as {@code SYNC} is among them.
   *
   * @param file the log segment or manifest
   * @param offset the offset in it at which it was cut, in bytes
   * @param bytes how many bytes that were not zero-filled reserve were cut off, in it and in later
   *     segments
   * @param cause why the record at the offset was not accepted
   */
  public record Cut(String file, long offset, long bytes, String cause) {}
}
