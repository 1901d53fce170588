package org.macekv.internal.log;

import org.macekv.error.StoreIOException;
import org.macekv.internal.io.ReadableFile;
import org.macekv.internal.io.Storage;
import org.macekv.internal.io.WritableFile;

/**
 * Space that is kept for records that were accepted and then find none: a file that is deleted in
 * that moment. With it the log can do without space of its own ahead of its end, which costs as
 * many written bytes as the log itself. Guarded by the lock for reserving.
 */
final class SpareSpace {
  static final String FILE = Segment.DIRECTORY + "/SPARE";

  /** As many bytes as are accepted and not written at the most, but for a few. */
  static final int BYTES = 16 << 20;

  private static final byte[] ZEROS = new byte[64 << 10];

  private final Storage storage;
  private boolean held;

  SpareSpace(Storage storage) {
    this.storage = storage;
  }

  /** Whether there is spare space now; makes it if there is enough. */
  boolean ensure() {
    if (held) {
      return true;
    }
    try {
      held = isThere() || make();
    } catch (StoreIOException e) {
      System.getLogger(SpareSpace.class.getName())
          .log(System.Logger.Level.DEBUG, "there is no spare space to keep", e);
      deleteIfThere();
    }
    return held;
  }

  /** Whether an opening that was not closed has left it. */
  private boolean isThere() {
    if (!storage.exists(FILE)) {
      return false;
    }
    try (ReadableFile in = storage.open(FILE)) {
      if (in.length() == BYTES) {
        return true;
      }
    }
    storage.delete(FILE);
    return false;
  }

  private boolean make() {
    try (WritableFile out = storage.create(FILE)) {
      for (int at = 0; at < BYTES; at += ZEROS.length) {
        out.write(at, ZEROS, 0, ZEROS.length);
      }
      out.sync(); // the space is taken, whatever the file system puts off
    }
    return true;
  }

  /** Gives it back to the file system; whether there was any. */
  boolean release() {
    if (!held) {
      return false;
    }
    held = false;
    return deleteIfThere();
  }

  /** At the end: also what an opening has left that was not closed. */
  void discard() {
    held = false;
    deleteIfThere();
  }

  private boolean deleteIfThere() {
    try {
      if (storage.exists(FILE)) {
        storage.delete(FILE);
      }
      return true;
    } catch (StoreIOException e) {
      System.getLogger(SpareSpace.class.getName())
          .log(System.Logger.Level.WARNING, "the spare space could not be given back", e);
      return false;
    }
  }
}
