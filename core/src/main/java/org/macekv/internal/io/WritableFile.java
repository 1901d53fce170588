package org.macekv.internal.io;

/** A file that is being written. Writes of different threads must not overlap. */
public interface WritableFile extends AutoCloseable {

  /**
   * Writes {@code length} bytes of {@code source} from {@code from} at {@code offset} of the file.
   */
  void write(long offset, byte[] source, int from, int length);

  /**
   * Returns when all that was written, and the file's length, is on the device. After a failure
   * nothing is known about what is; it must not be called again.
   */
  void sync();

  /** Cuts the file off, or extends it with zeros. */
  void setLength(long length);

  /** Idempotent. */
  @Override
  void close();
}
