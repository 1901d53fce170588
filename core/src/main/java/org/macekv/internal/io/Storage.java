package org.macekv.internal.io;

import java.util.List;

/**
 * The directory of one store. File names are relative to it, with {@code /} between directory and
 * file. Thread-safe. All methods throw {@link org.macekv.error.StoreIOException} if the file system
 * refuses.
 */
public interface Storage extends AutoCloseable {

  /** What the store is called in messages. */
  String name();

  /** What a file of the store is called in messages. */
  String describe(String file);

  /**
   * Makes this process, and in it this object, the one owner of the store until {@link #close()}.
   *
   * @throws org.macekv.error.StoreLockedException if somebody else is, naming who
   */
  void lock();

  /** Creates a directory, if it is not there, durably. */
  void createDirectory(String directory);

  /** Whether a file or directory of this name is there. */
  boolean exists(String name);

  /**
   * The names, without the directory, of the files in {@code directory}, sorted; none if absent.
   */
  List<String> list(String directory);

  /**
   * Creates a file and opens it for writing. The file's existence is durable after {@link
   * #syncDirectory}.
   *
   * @throws org.macekv.error.StoreIOException also if it is there already
   */
  WritableFile create(String file);

  /** Opens a file for reading. */
  ReadableFile open(String file);

  /** Cuts a file off at {@code length} and syncs it. */
  void truncate(String file, long length);

  /**
   * Gives a file another name, replacing a file of that name. Durable after {@link #syncDirectory}.
   */
  void rename(String from, String to);

  /** Deletes a file. Durable after {@link #syncDirectory}. */
  void delete(String file);

  /** Makes creations, renames and deletions in {@code directory} durable; "" is the store's own. */
  void syncDirectory(String directory);

  /** Releases the lock and whatever else is held. Idempotent. */
  @Override
  void close();
}
