package org.macekv.internal.log;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the recovery scan found.
 *
 * @param storeId the store's identity
 * @param segments the segments that are kept
 * @param end the position behind the last record
 * @param lastHeaderCrc the header CRC of the last record, 0 if there is none
 * @param cut what was cut off, or null
 */
public record RecoveredLog(
    UUID storeId, List<Segment> segments, long end, int lastHeaderCrc, @Nullable Cut cut) {

  /** How many segments were read. */
  public int segmentCount() {
    return segments.size();
  }

  /**
   * A torn tail.
   *
   * @param file the segment
   * @param offset where it was cut
   * @param bytes how many bytes of records, whole or torn, went
   * @param cause why the record there was not accepted
   */
  public record Cut(String file, long offset, long bytes, String cause) {}
}
