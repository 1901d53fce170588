package org.macekv;

import org.jspecify.annotations.Nullable;

/**
 * What opening a store found in its log.
 *
 * @param segments how many log segments were read
 * @param commits how many commits were replayed
 * @param newestPosition the position of the newest commit, 0 in a new store
 * @param cut the torn tail that was cut off, or null if the log ended cleanly
 */
public record RecoveryReport(int segments, long commits, long newestPosition, @Nullable Cut cut) {

  /**
   * A torn tail: bytes behind the last intact record, as a crash leaves them. No commit that was
   * acknowledged as {@code SYNC} is among them.
   *
   * @param file the log segment
   * @param offset the offset in it at which it was cut, in bytes
   * @param bytes how many bytes that were not zero-filled reserve were cut off, in it and in later
   *     segments
   * @param cause why the record at the offset was not accepted
   */
  public record Cut(String file, long offset, long bytes, String cause) {}
}
