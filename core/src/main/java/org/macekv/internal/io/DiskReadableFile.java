package org.macekv.internal.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A real file that is being read by position, through a channel that is opened anew whenever an
 * interrupt has closed it.
 *
 * <p>A thread that is interrupted while it reads closes the channel under every other reader. So a
 * read begins with the flag cleared, which keeps a flag that is set already from closing anything;
 * whoever finds the channel closed opens it anew, once for all who wait, and reads again; and the
 * flag is set again at the end. A read that loses its channel again and again, because interrupts
 * keep coming, ends on a thread and a channel of its own. Nothing can go wrong in repeating a read.
 */
final class DiskReadableFile implements ReadableFile, OpenFiles.OpenFile {
  /**
   * The platform copies each read through a direct buffer that the thread keeps for good, as large
   * as its largest read.
   */
  static final int PIECE_BYTES = 64 * 1024;

  /** How often a read tries the common channel. */
  static final int ATTEMPTS = 8;

  /** Opens a channel on the file; each time on the same file. */
  interface Opener {
    FileChannel open() throws IOException;
  }

  /** One operation on a channel, harmless to repeat. */
  private interface Operation {
    long on(FileChannel channel) throws IOException;
  }

  private final Opener opener;
  private final String description;
  private final OpenFiles openFiles;
  private final ReentrantLock reopening = new ReentrantLock();

  /** Replaced under the lock; read without it: a stale one is closed, and that is noticed. */
  private volatile FileChannel channel;

  /** Set under the lock, so that no channel is opened behind {@link #close}. */
  private volatile boolean closed;

  DiskReadableFile(Opener opener, String description, OpenFiles openFiles) throws IOException {
    this.opener = opener;
    this.description = description;
    this.openFiles = openFiles;
    this.channel = opener.open();
  }

  @Override
  public long length() {
    try {
      return uninterrupted(FileChannel::size);
    } catch (IOException e) {
      throw IoFailure.of("ask the length of", description, e);
    }
  }

  @Override
  public int read(long offset, byte[] target, int from, int length) {
    Range.require(offset, target, from, length);
    int done = 0;
    try {
      while (done < length) {
        int at = from + done;
        int piece = Math.min(PIECE_BYTES, length - done);
        long position = offset + done;
        int count =
            (int) uninterrupted(file -> file.read(ByteBuffer.wrap(target, at, piece), position));
        if (count < 0) {
          break;
        }
        done += count;
      }
      return done;
    } catch (IOException e) {
      throw IoFailure.of("read " + length + " bytes at offset " + offset + " of", description, e);
    }
  }

  private long uninterrupted(Operation operation) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        FileChannel current = channel;
        try {
          return operation.on(current);
        } catch (ClosedChannelException e) { // also its kinds, by interrupt and asynchronous
          interrupted |= Thread.interrupted();
          replace(current);
        }
      }
      return PrivateThread.call("mace-read", () -> onOwnChannel(operation));
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private long onOwnChannel(Operation operation) throws IOException {
    try (FileChannel own = opener.open()) {
      return operation.on(own);
    }
  }

  /** Opens another channel, unless somebody else has done so already. */
  private void replace(FileChannel lost) throws IOException {
    reopening.lock();
    try {
      if (closed) {
        throw new IOException("it was closed");
      }
      if (channel == lost) {
        channel = opener.open();
      }
    } finally {
      reopening.unlock();
    }
  }

  @Override
  public void close() {
    reopening.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      openFiles.remove(this);
      channel.close();
    } catch (IOException e) {
      throw IoFailure.of("close", description, e);
    } finally {
      reopening.unlock();
    }
  }
}
