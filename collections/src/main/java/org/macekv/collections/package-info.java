/**
 * {@code java.util} collections that are kept in a store. Read {@link
 * org.macekv.collections.PersistentStore} first: it opens a store and gives {@linkplain
 * org.macekv.collections.PersistentNavigableMap maps}, {@linkplain
 * org.macekv.collections.PersistentSet sets}, {@linkplain org.macekv.collections.TransactionScope
 * scopes} and {@linkplain org.macekv.collections.Snapshot snapshots}.
 *
 * <p>Inside, a map is written once, as {@code NavigableMapView}, over {@code Access}: single
 * operations, a transaction, or a frozen view. An {@code AccessSource} decides at each call which
 * one it is; whatever outlives the call (iterators, spliterators, entries) keeps the access that it
 * was made with. All order and all bounds are those of the encoded keys, compared as unsigned
 * bytes.
 *
 * <p>Uses the exported face of the engine and of {@code org.macekv.serialization}, nothing else.
 * The one lock is the class catalog's; it is taken only for a class name that was never seen.
 */
package org.macekv.collections;
