package org.macekv;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.macekv.internal.txn.StreamedValue;

/** A user's stream as the source of a value. The exception that it throws is given back to him. */
final class StreamSource {
  private final InputStream in;

  StreamSource(InputStream in) {
    this.in = in;
  }

  /** Takes the value. */
  interface Taker {
    void take(StreamedValue value);
  }

  /**
   * Hands the value to a taker.
   *
   * @throws IOException what the stream threw
   */
  void into(Taker taker) throws IOException {
    try {
      taker.take(new StreamedValue(this::read));
    } catch (Failure e) {
      throw e.getCause();
    }
  }

  private int read(byte[] target, int from, int length) {
    try {
      return in.readNBytes(target, from, length);
    } catch (IOException e) {
      throw new Failure(e);
    }
  }

  /** Not any exception of this kind that the user's stream may throw itself. */
  private static final class Failure extends UncheckedIOException {
    private static final long serialVersionUID = 1L;

    Failure(IOException cause) {
      super(cause);
    }
  }
}
