/**
 * The commit log: one endless sequence of bytes in segment files. A position is an offset in it.
 * Read {@link org.macekv.internal.log.CommitLog} first.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>Segments are contiguous: the first position of one is the end of the last record of the one
 *       before. Opening a store never appends to an existing segment.
 *   <li>A segment's header and its directory entry are on the device before its first record is
 *       accepted.
 *   <li>Each record's header names its position and carries the CRC of the header before it, so
 *       that nothing stale is ever taken for a successor.
 *   <li>{@code synced <= written <= tail}. A record is accepted only into space that is reserved;
 *       failing to reserve refuses it, failing to write or sync it fails the log for good.
 *   <li>Lock order: reserve lock, then section. The thread that leads a flush holds neither while
 *       it writes and syncs.
 * </ul>
 *
 * <p>May use {@code internal.io} and {@code internal.format}.
 */
package org.macekv.internal.log;
