package org.macekv.internal.log;

import org.macekv.error.StoreIOException;
import org.macekv.internal.io.ReadableFile;
import org.macekv.internal.io.Storage;
import org.macekv.internal.io.WritableFile;

/**
 * A file without meaning that takes space on the device, to be given back when something else needs
 * it. It outlives a crash, and an opening finds what an earlier one has left. Not thread-safe. Its
 * methods throw nothing because of the file system: what can't be had is not held.
 */
final class ReservedFile {
  private static final long NOT_LOOKED = -1;
  private static final byte[] ZEROS = new byte[64 << 10];

  private final Storage storage;
  private final String file;
  private long held = NOT_LOOKED;

  ReservedFile(Storage storage, String file) {
    this.storage = storage;
    this.file = file;
  }

  /** How many bytes are taken. */
  long held() {
    if (held == NOT_LOOKED) {
      held = 0;
      try {
        held = length();
      } catch (StoreIOException e) {
        complain("the length of {0} could not be read", e);
      }
    }
    return held;
  }

  private long length() {
    if (!storage.exists(file)) {
      return 0;
    }
    try (ReadableFile in = storage.open(file)) {
      return in.length();
    }
  }

  /** Whether the file is there and takes nothing: it was emptied, and not filled since. */
  boolean isEmpty() {
    return held() == 0 && exists();
  }

  private boolean exists() {
    try {
      return storage.exists(file);
    } catch (StoreIOException e) {
      complain("it could not be seen whether {0} is there", e);
      return false;
    }
  }

  /**
   * Takes more or less; with 0 an empty file stays.
   *
   * @return whether so much is taken now; else it is what was taken before, or nothing
   */
  boolean resize(long bytes) {
    long before = held();
    if (before == bytes) {
      return true;
    }
    boolean existed = exists();
    try {
      if (bytes < before) {
        storage.truncate(file, bytes);
      } else {
        grow(existed, before, bytes);
      }
      held = bytes;
    } catch (StoreIOException e) {
      System.getLogger(ReservedFile.class.getName())
          .log(System.Logger.Level.DEBUG, "there is no space to keep in " + file, e);
      cutBack(existed, before);
    }
    return held == bytes;
  }

  private void grow(boolean exists, long from, long to) {
    try (WritableFile out = exists ? storage.openForWriting(file) : storage.create(file)) {
      for (long at = from; at < to; at += ZEROS.length) {
        out.write(at, ZEROS, 0, (int) Math.min(ZEROS.length, to - at));
      }
      out.sync(); // the space is taken, whatever the file system puts off
    }
  }

  /** What could be had of more is for others. */
  private void cutBack(boolean existed, long bytes) {
    try {
      if (existed && length() >= bytes) {
        storage.truncate(file, bytes);
        return;
      }
    } catch (StoreIOException e) {
      complain("{0} could not be cut back", e);
    }
    release();
  }

  /** Gives all of it back to the file system, and the file; whether anything was taken. */
  boolean release() {
    boolean any = held() > 0;
    held = 0;
    try {
      if (storage.exists(file)) {
        storage.delete(file);
      }
      return any;
    } catch (StoreIOException e) {
      complain("the space of {0} could not be given back", e);
      return false;
    }
  }

  private void complain(String message, StoreIOException cause) {
    System.getLogger(ReservedFile.class.getName())
        .log(System.Logger.Level.WARNING, message.replace("{0}", file), cause);
  }
}
