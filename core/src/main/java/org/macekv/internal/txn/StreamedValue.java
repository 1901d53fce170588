package org.macekv.internal.txn;

import java.util.Arrays;
import org.macekv.internal.log.LargeValues;

/** A value that is read from its source as it is written. Confined to its thread. */
public final class StreamedValue {
  private final LargeValues.Source source;

  /** A value. */
  public StreamedValue(LargeValues.Source source) {
    this.source = source;
  }

  /**
   * Reads the value if it is short enough to be kept inline.
   *
   * @return the bytes; if there is one more than the limit, there is perhaps more in the source
   */
  byte[] beginning(int inlineLimit) {
    byte[] bytes = new byte[inlineLimit + 1];
    int count = source.read(bytes, 0, bytes.length);
    return count == bytes.length ? bytes : Arrays.copyOf(bytes, count);
  }

  /** The whole value as a source: the beginning, and what follows it. */
  LargeValues.Source from(byte[] beginning) {
    LargeValues.Source first = LargeValues.Source.of(beginning);
    return (target, from, length) -> {
      int count = first.read(target, from, length);
      return count == length ? count : count + source.read(target, from + count, length - count);
    };
  }
}
