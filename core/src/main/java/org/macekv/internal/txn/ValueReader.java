package org.macekv.internal.txn;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.macekv.internal.format.LargeValue;
import org.macekv.internal.log.ValueGoneException;

/**
 * Reads a value piece by piece; of a large one never more than one record is in memory. Not
 * thread-safe.
 */
public final class ValueReader {
  private final Committer committer;
  private final Supplier<@Nullable Object> lookUp;
  private Object value;
  private byte[] buffer;

  /**
   * A reader.
   *
   * @param value bytes that nobody changes, or a large value
   * @param lookUp gives the value anew when it was moved
   */
  ValueReader(Committer committer, Object value, Supplier<@Nullable Object> lookUp) {
    this.committer = committer;
    this.value = value;
    this.lookUp = lookUp;
    this.buffer =
        value instanceof LargeValue large ? new byte[large.recordLength()] : (byte[]) value;
  }

  /** The value's length in bytes. */
  public int length() {
    return value instanceof LargeValue large ? large.length() : buffer.length;
  }

  /** A piece of the value: bytes of an array, which are the same until the next piece is read. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Piece(byte[] bytes, int from, int length) {}

  /**
   * The piece that begins at or before an offset and ends behind it.
   *
   * <p>Requires: the offset is less than the length.
   */
  public Piece piece(int offset) {
    int within = offset % LargeValue.CHUNK_LENGTH;
    while (value instanceof LargeValue large) {
      try {
        int count = committer.largeValues().readChunk(large, offset - within, buffer);
        return new Piece(buffer, large.chunkOffset() + within, count - within);
      } catch (ValueGoneException e) {
        Object moved = lookUp.get();
        if (!(moved instanceof LargeValue again)
            || again.length() != large.length()
            || again.recordLength() != large.recordLength()) {
          throw new IllegalStateException("a value that was read is not there any more", e);
        }
        value = moved;
      }
    }
    return new Piece(buffer, offset, buffer.length - offset);
  }
}
