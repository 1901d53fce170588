/**
 * What checkpoints leave on disk: page images in append-only files, and the manifest that says
 * which of them make up the store. Read {@link org.macekv.internal.pages.PageFiles} first, then
 * {@link org.macekv.internal.pages.Manifest}.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>A file is written by one checkpoint thread, front to back, and never by a later opening.
 *   <li>A manifest record is written after every file that it names was synced.
 *   <li>A file is deleted after a record that does not need it was synced.
 *   <li>Every image passes its checksum before it is interpreted.
 * </ul>
 *
 * <p>May use {@code internal.io} and {@code internal.format}.
 */
package org.macekv.internal.pages;
