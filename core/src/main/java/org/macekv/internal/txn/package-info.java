/**
 * Transactions: what they wrote and read, and how they commit. Read {@link
 * org.macekv.internal.txn.Committer} first.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>Commit order, log order and the order of positions are one order, fixed in the log's
 *       section.
 *   <li>A commit's versions are installed before it gets its position, and {@code newest} reaches
 *       that position after it was given.
 *   <li>{@code published} passes a commit only when what its durability promises has happened to it
 *       and to all commits before it.
 *   <li>A commit that was not accepted by the log leaves no version behind.
 *   <li>Nothing that a serializable transaction has read was changed between its snapshot and its
 *       position.
 * </ul>
 *
 * <p>May use {@code internal.tree}, {@code internal.mvcc}, {@code internal.log} and below.
 */
package org.macekv.internal.txn;
