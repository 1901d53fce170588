/**
 * Files behind one small interface, {@link org.macekv.internal.io.Storage}: the only place that
 * touches {@code java.nio.file} and file descriptors, and the seam at which tests inject faults.
 *
 * <p>Invariants: no call is harmed by {@code Thread.interrupt()}, and the flag is kept; an {@code
 * IOException} leaves only as {@link org.macekv.error.StoreIOException} that names file and
 * operation; a sync that fails is never retried here; a failed call leaves no handle open.
 *
 * <p>Read {@link org.macekv.internal.io.Storage} first. {@link org.macekv.internal.io.FileStorage}
 * is a directory, {@link org.macekv.internal.io.MemoryStorage} the same contract in memory. Locks,
 * in this order: the storage's, a file's ({@code writing} before {@code syncing}), the list of open
 * files. All are {@code ReentrantLock}s, since they may cover I/O.
 *
 * <p>May use {@code org.macekv.error} and {@code org.macekv.option}.
 */
package org.macekv.internal.io;
