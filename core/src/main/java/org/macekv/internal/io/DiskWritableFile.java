package org.macekv.internal.io;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A real file that is being written, through {@code RandomAccessFile} and {@code FileDescriptor},
 * neither of which knows of interrupts.
 *
 * <p>Two locks, because a log goes on being written while it is being synced. {@code writing} keeps
 * seek and write together; {@code syncing} keeps the descriptor from being closed, and its number
 * from being given to another file, between the moment a sync has read the number and the moment it
 * uses it. {@code close} takes both, {@code writing} first.
 */
final class DiskWritableFile implements WritableFile, OpenFiles.OpenFile {
  /** The platform copies each write to a buffer of its length, outside the heap. */
  static final int PIECE_BYTES = 256 * 1024;

  private final String description;
  private final OpenFiles openFiles;
  private final ReentrantLock writing = new ReentrantLock();
  private final ReentrantLock syncing = new ReentrantLock();

  @GuardedBy("writing")
  private final RandomAccessFile file;

  /** Set under both locks, so that either is enough to read it. */
  private volatile boolean closed;

  @GuardedBy("syncing")
  private @Nullable IOException syncFailure;

  /** The file is the new object's from here on. */
  DiskWritableFile(RandomAccessFile file, String description, OpenFiles openFiles) {
    this.file = file;
    this.description = description;
    this.openFiles = openFiles;
  }

  @Override
  public void write(long offset, byte[] source, int from, int length) {
    Range.require(offset, source, from, length);
    writing.lock();
    try {
      requireOpen("write to");
      file.seek(offset);
      for (int done = 0; done < length; ) {
        int piece = Math.min(PIECE_BYTES, length - done);
        file.write(source, from + done, piece);
        openFiles.wrote(piece);
        done += piece;
      }
    } catch (IOException e) {
      throw IoFailure.of("write " + length + " bytes at offset " + offset + " of", description, e);
    } finally {
      writing.unlock();
    }
  }

  @Override
  public void sync() {
    syncing.lock();
    try {
      requireOpen("sync");
      if (syncFailure != null) {
        throw IoFailure.of("sync once more, after a failed sync,", description, syncFailure);
      }
      descriptorSync();
    } catch (IOException e) {
      // The operating system may report a lost write once only: another sync could "succeed".
      syncFailure = e;
      throw IoFailure.of("sync", description, e);
    } finally {
      syncing.unlock();
    }
  }

  @SuppressWarnings("GuardedBy") // The field is final, and the descriptor is kept open by syncing.
  private void descriptorSync() throws IOException {
    file.getFD().sync();
  }

  @Override
  public void setLength(long length) {
    Range.requireLength(length);
    writing.lock();
    try {
      requireOpen("set the length of");
      file.setLength(length);
    } catch (IOException e) {
      throw IoFailure.of("set to " + length + " bytes the length of", description, e);
    } finally {
      writing.unlock();
    }
  }

  @Override
  public void close() {
    writing.lock();
    syncing.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      openFiles.remove(this);
      file.close();
    } catch (IOException e) {
      throw IoFailure.of("close", description, e);
    } finally {
      syncing.unlock();
      writing.unlock();
    }
  }

  private void requireOpen(String operation) {
    if (closed) {
      throw IoFailure.closed(operation, description);
    }
  }
}
