/**
 * Writes checkpoints: what the trees hold as of one position goes to page files, the manifest says
 * so, and what is not needed any more is deleted. Read {@link
 * org.macekv.internal.checkpoint.Checkpointer} first.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>One checkpoint at a time.
 *   <li>Its position is registered as a snapshot from before the roots are taken until the cells
 *       know their images.
 *   <li>The log is synced beyond the position before the manifest has it.
 *   <li>A file is deleted only after a manifest record that does not need it is durable.
 *   <li>Lock order: checkpoint, then structure, cells and section as everywhere.
 * </ul>
 *
 * <p>May use {@code internal.tree}, {@code internal.pages}, {@code internal.log}, {@code
 * internal.mvcc} and below.
 */
package org.macekv.internal.checkpoint;
