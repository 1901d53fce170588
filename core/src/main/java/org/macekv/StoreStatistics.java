package org.macekv;

/**
 * Figures about a store at one moment.
 *
 * @param commits commits since it was opened
 * @param conflicts transactions refused for a conflict since it was opened
 * @param syncs syncs of the log since it was opened
 * @param logBytes bytes of log records in the store's files and in memory
 * @param openViews views that are open
 * @param openTransactions transactions that are open
 * @param publishedPosition the position up to which commits may be seen
 * @param oldestSnapshotPosition the oldest position that an open view or transaction reads, or the
 *     published position if there is none
 */
public record StoreStatistics(
    long commits,
    long conflicts,
    long syncs,
    long logBytes,
    int openViews,
    int openTransactions,
    long publishedPosition,
    long oldestSnapshotPosition) {}
