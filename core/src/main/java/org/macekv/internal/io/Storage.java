package org.macekv.internal.io;

import java.util.List;

/**
 * The directory of one store. File names are relative to it, with {@code /} between directory and
 * file. Thread-safe. All methods throw {@link org.macekv.error.StoreIOException} if the file system
 * refuses, or the storage was closed, and {@link IllegalArgumentException} for a name that would
 * lead out of the directory.
 */
public interface Storage extends AutoCloseable {

  /** The file that the owner holds; whoever once opened a store left it there. */
  String LOCK = "LOCK";

  /** What the store is called in messages. */
  String name();

  /** What a file of the store is called in messages. */
  String describe(String file);

  /**
   * Makes this process, and in it this object, the one owner of the store until {@link #close()}. A
   * storage that was closed is open again thereafter.
   *
   * @throws org.macekv.error.StoreLockedException if somebody else is, naming who
   */
  void lock();

  /** Creates a directory, if it is not there, durably. */
  void createDirectory(String directory);

  /** Whether a file or directory of this name is there. */
  boolean exists(String name);

  /**
   * The names, without the directory, of the files in {@code directory}, sorted; none if absent. In
   * the store's own directory, "", these may include the files {@code LOCK}, {@code OWNER} and
   * {@code OWNER.tmp} of the lock.
   */
  List<String> list(String directory);

  /**
   * Creates a file and opens it for writing. The file's existence is durable after {@link
   * #syncDirectory}.
   *
   * @throws org.macekv.error.StoreIOException also if it is there already
   */
  WritableFile create(String file);

  /** Opens a file that is there for writing, beside what it holds. */
  WritableFile openForWriting(String file);

  /** Opens a file for reading. */
  ReadableFile open(String file);

  /**
   * Cuts a file off at {@code length} and syncs it.
   *
   * @throws org.macekv.error.StoreIOException also if it is shorter
   */
  void truncate(String file, long length);

  /**
   * Writes what a file holds from {@code from} to {@code to} over itself, cuts it off at {@code
   * to}, and syncs it: so that these bytes are on the device even if an earlier sync of them
   * failed.
   *
   * @throws org.macekv.error.StoreIOException also if it is shorter
   */
  void rewrite(String file, long from, long to);

  /**
   * Gives a file another name, replacing a file of that name. Durable after {@link #syncDirectory}.
   * Requires: neither is open.
   */
  void rename(String from, String to);

  /** Deletes a file. Durable after {@link #syncDirectory}. Requires: it is not open for reading. */
  void delete(String file);

  /** Makes creations, renames and deletions in {@code directory} durable; "" is the store's own. */
  void syncDirectory(String directory);

  /** Whether what is written takes space of a device. */
  boolean isOnDevice();

  /**
   * About how many bytes the device can still take, as the file system says, which may not know of
   * quotas; {@link Long#MAX_VALUE} if it does not say.
   */
  long usableBytes();

  /** How many bytes were written to files through this object, zeros of reserves among them. */
  long writtenBytes();

  /**
   * Closes the files that are still open, then releases the lock: nothing is written any more when
   * the next owner comes. Idempotent.
   */
  @Override
  void close();
}
