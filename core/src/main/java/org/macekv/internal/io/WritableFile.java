package org.macekv.internal.io;

/**
 * A file that is being written. Thread-safe, but writes of different threads must not overlap; a
 * sync does not hold up writes. All methods throw {@link org.macekv.error.StoreIOException} if the
 * file system refuses, or the file was closed.
 */
public interface WritableFile extends AutoCloseable {

  /**
   * Writes {@code length} bytes of {@code source} from {@code from} at {@code offset} of the file.
   * A gap between the end of the file and {@code offset} is filled with zeros. After a failure any
   * part of the range may have been written.
   */
  void write(long offset, byte[] source, int from, int length);

  /**
   * Returns when all that was written, and the file's length, is on the device. After a failure
   * nothing is known about what is; it must not be called again (and fails again if it is).
   */
  void sync();

  /** Cuts the file off, or extends it with zeros, for which it reserves no space. */
  void setLength(long length);

  /** Idempotent. */
  @Override
  void close();
}
