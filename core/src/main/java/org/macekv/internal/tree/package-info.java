/**
 * A bucket's B+tree: immutable inner nodes over mutable cells. Read {@link
 * org.macekv.internal.tree.Tree} first, then {@link org.macekv.internal.tree.Cell} and {@link
 * org.macekv.internal.tree.Leaf}.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>The cells under a root cover all keys, in order, without overlap; each cell stands for the
 *       same key range as long as it lives.
 *   <li>A cell's leaf changes only under the cell's lock. A retired cell's state never changes
 *       again; it stays a complete account of its range up to the moment of retirement.
 *   <li>A root is replaced only under the tree's structure lock, by one whose new cells hold all
 *       that the old ones held, and before the old ones are retired.
 *   <li>Lock order: structure, then cells from left to right. A thread that waits for a foreign
 *       commit holds none.
 * </ul>
 *
 * <p>May use {@code internal.mvcc} and {@code internal.format}.
 */
package org.macekv.internal.tree;
