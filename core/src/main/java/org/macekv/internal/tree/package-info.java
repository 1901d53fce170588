/**
 * A bucket's B+tree: immutable inner nodes over mutable cells. Read {@link
 * org.macekv.internal.tree.Tree} first, then {@link org.macekv.internal.tree.Cell} and {@link
 * org.macekv.internal.tree.Leaf}.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>The leaves under a root cover all keys, in order, without overlap. Of each there is at most
 *       one cell that is not retired; it stands for the same key range as long as it lives.
 *   <li>A cell's leaf changes only under the cell's lock. The state of a cell that was retired by a
 *       split or merge never changes again; it stays a complete account of its range up to the
 *       moment of retirement. One that was dropped has none.
 *   <li>Which cells an inner node has changes only under the lock of its reference, and no more
 *       once another node has taken its place.
 *   <li>A root is replaced only under the tree's structure lock, by one whose new cells hold all
 *       that the old ones held, and before the old ones are retired.
 *   <li>Lock order: structure, then cells from left to right, then references to inner nodes; who
 *       holds one of these only tries to lock a cell. A thread that waits for a foreign commit
 *       holds none.
 * </ul>
 *
 * <p>May use {@code internal.mvcc} and {@code internal.format}.
 */
package org.macekv.internal.tree;
