/**
 * Commits, versions, and who may still see which: pure, no I/O. Read {@link
 * org.macekv.internal.mvcc.Horizon} first.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>A commit's position is set once, after the versions that belong to it were installed and
 *       before {@code newest} reaches it.
 *   <li>{@code floor <= published <= newest}, and each only grows.
 *   <li>Whoever drops versions has raised {@code floor} before he looked for snapshots; whoever
 *       takes a snapshot has announced it before he looked at {@code floor}.
 * </ul>
 *
 * <p>May use {@code internal.format}.
 */
package org.macekv.internal.mvcc;
