package org.macekv;

import java.io.InputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.macekv.internal.txn.ValueReader;

/**
 * A value that is read as a stream: of one over the bucket's inline limit never more than 60 KiB
 * are on the heap. What is read does not change, whatever is committed meanwhile, and each piece
 * passes its checksum before it is handed out. Close it. Not thread-safe.
 *
 * <p>Reading throws {@link org.macekv.error.CorruptionException} if the value is damaged, {@link
 * org.macekv.error.StoreClosedException} if the store was closed, and {@link IllegalStateException}
 * if the stream was closed, or the view or transaction that it came from has ended.
 */
public final class ValueStream extends InputStream {
  private final ValueReader reader;
  private final Owner owner;
  private final int length;
  private int position;
  private ValueReader.@Nullable Piece piece;
  private int pieceStart; // where in the value the piece begins
  private boolean closed;

  /** Who keeps what the stream reads. */
  interface Owner {
    /** Throws if it does not any more. */
    void checkOpen();

    /** Told once when the stream is closed. */
    void closed();
  }

  ValueStream(ValueReader reader, Owner owner) {
    this.reader = reader;
    this.owner = owner;
    this.length = reader.length();
  }

  /** The length of the whole value in bytes. */
  public int length() {
    return length;
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target) {
    return read(target, 0, target.length);
  }

  @Override
  public int read(byte[] target, int from, int count) {
    Objects.checkFromIndexSize(from, count, target.length);
    checkOpen();
    if (count == 0) {
      return 0;
    }
    if (position == length) {
      return -1;
    }
    ValueReader.Piece current = piece;
    if (current == null || position >= pieceStart + current.length()) {
      current = reader.piece(position);
      checkOpen(); // what the owner kept may have gone while it was read
      piece = current;
      pieceStart = position;
    }
    int offset = position - pieceStart;
    int copied = Math.min(count, current.length() - offset);
    System.arraycopy(current.bytes(), current.from() + offset, target, from, copied);
    position += copied;
    return copied;
  }

  /** Skips bytes without reading them from disk. */
  @Override
  public long skip(long count) {
    checkOpen();
    int skipped = (int) Math.max(0, Math.min(count, length - position));
    position += skipped;
    return skipped;
  }

  /** How many bytes can be read without reading from disk. */
  @Override
  public int available() {
    checkOpen();
    ValueReader.Piece current = piece;
    return current == null ? 0 : Math.max(0, pieceStart + current.length() - position);
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the stream is closed");
    }
    owner.checkOpen();
  }

  /** Lets go of the value. Idempotent. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      piece = null;
      owner.closed();
    }
  }
}
