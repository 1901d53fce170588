package org.macekv.internal.io;

/**
 * A file that is being read, by any number of threads, also while it is being written. All methods
 * throw {@link org.macekv.error.StoreIOException} if the file system refuses, or the file was
 * closed. Requires: while it is open, it is neither deleted nor renamed, nor replaced by a rename.
 */
public interface ReadableFile extends AutoCloseable {

  /** The length of the file in bytes. */
  long length();

  /**
   * Reads up to {@code length} bytes at {@code offset}: fewer only where the file ends.
   *
   * @return how many bytes were read, 0 at or behind the end of the file
   */
  int read(long offset, byte[] target, int from, int length);

  /** Idempotent. */
  @Override
  void close();
}
