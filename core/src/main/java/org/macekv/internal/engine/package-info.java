/**
 * Wiring and life cycle: opens the parts in order, recovers, keeps the catalog of buckets, runs the
 * background thread, closes. Read {@link org.macekv.internal.engine.Engine} first.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>A store that could not be opened holds no file, lock or thread.
 *   <li>Bucket ids are never used twice: the next one is kept in the catalog.
 *   <li>The clock, the random source and the store ids come from an {@link
 *       org.macekv.internal.engine.Environment}.
 * </ul>
 *
 * <p>May use all other internal packages.
 */
package org.macekv.internal.engine;
