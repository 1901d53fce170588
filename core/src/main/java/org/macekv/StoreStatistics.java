package org.macekv;

/**
 * Figures about a store at one moment.
 *
 * @param commits commits since it was opened
 * @param conflicts transactions refused for a conflict since it was opened
 * @param syncs syncs of the log since it was opened
 * @param logBytes bytes that the log's files take, and what of it is in memory only
 * @param checkpoints checkpoints since the store was opened
 * @param checkpointPosition every commit at or below it is in the newest checkpoint; 0 if there is
 *     none
 * @param writtenBytes bytes that were written to all files since the store was opened, zeros of
 *     reserves among them
 * @param pageBytesWritten bytes that checkpoints wrote to page files since the store was opened
 * @param changeImages images that were written since the store was opened and only have what
 *     changed of a leaf since the images before
 * @param pagesRead page images read since the store was opened
 * @param readAhead leaves that were read before the cursor came that wants them, since the store
 *     was opened
 * @param residentBytes about how many bytes of the heap the nodes in memory take
 * @param dirtyBytes about how many bytes of these wait for a checkpoint
 * @param evictions leaves that were let go since the store was opened
 * @param innerEvictions inner nodes that were let go since the store was opened, each with what was
 *     known of the leaves below it
 * @param openViews views that are open
 * @param openTransactions transactions that are open
 * @param leaks views and transactions that were not closed, that nobody had any more, and that were
 *     therefore closed since the store was opened
 * @param publishedPosition the position up to which commits may be seen
 * @param oldestSnapshotPosition the oldest position that an open view or transaction reads, or the
 *     published position if there is none
 * @param writeFlow whether writers are slowed down, and by how much they were
 * @param space what of the files is live, as the newest checkpoint says
 */
public record StoreStatistics(
    long commits,
    long conflicts,
    long syncs,
    long logBytes,
    long checkpoints,
    long checkpointPosition,
    long writtenBytes,
    long pageBytesWritten,
    long changeImages,
    long pagesRead,
    long readAhead,
    long residentBytes,
    long dirtyBytes,
    long evictions,
    long innerEvictions,
    int openViews,
    int openTransactions,
    long leaks,
    long publishedPosition,
    long oldestSnapshotPosition,
    WriteFlow writeFlow,
    Space space) {

  /**
   * What of the files is live, as the newest checkpoint says. What only an open view or transaction
   * still needs is live; {@link #oldestSnapshotPosition} says how far back that goes.
   *
   * @param pageBytes bytes of the page files
   * @param livePageBytes bytes of them that are needed
   * @param valueSegmentBytes bytes of the log segments that are only kept for large values
   * @param liveValueBytes bytes of them that are needed
   * @param movedValueBytes bytes of large values that cleaning moved since the store was opened
   * @param historyBytes about how many bytes of the live images are versions that only open views
   *     and transactions need, or that closed ones needed and cleaning has not come to yet; {@code
   *     Mace.openSnapshots} says which are open, the one that was opened first in front
   * @param pinnedLogBytes bytes of log below the newest checkpoint that are kept since a
   *     transaction that wrote large values or very much is not decided
   * @param headroomBytes bytes that are kept for deletions, checkpoints and cleaning on a full
   *     device
   * @param headroomSpent whether these are in use, and all other commits are refused
   * @param cleaningPaused whether moving what is live is paused
   */
  public record Space(
      long pageBytes,
      long livePageBytes,
      long valueSegmentBytes,
      long liveValueBytes,
      long movedValueBytes,
      long historyBytes,
      long pinnedLogBytes,
      long headroomBytes,
      boolean headroomSpent,
      boolean cleaningPaused) {

    /** Bytes of files that nothing needs. */
    public long garbageBytes() {
      return pageBytes - livePageBytes + valueSegmentBytes - liveValueBytes;
    }
  }

  /**
   * How commits and checkpoints keep pace.
   *
   * @param slowed whether commits are being slowed down, because more waits for a checkpoint than
   *     there should
   * @param delayedCommits commits that were slowed down since the store was opened
   * @param stalledCommits commits that had to wait for a checkpoint at the limit
   * @param delayMillis how long commits waited for these reasons, all together
   * @param uncheckpointedLogBytes how many bytes of commits the log has that no checkpoint has
   * @param checkpointBytesPerSecond bytes of changed leaves that checkpoints write in a second, as
   *     measured and smoothed; 0 as long as there was none that was large enough to tell
   */
  public record WriteFlow(
      boolean slowed,
      long delayedCommits,
      long stalledCommits,
      long delayMillis,
      long uncheckpointedLogBytes,
      long checkpointBytesPerSecond) {}
}
