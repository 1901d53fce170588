package org.macekv.internal.log;

/**
 * Bytes of one segment that are accepted and not yet written. Guarded by the section until sealed.
 */
final class LogBuffer {
  final byte[] bytes;
  private Segment segment;
  private long fileOffset;
  private int length;

  LogBuffer(int capacity, Segment segment, long fileOffset) {
    this.bytes = new byte[capacity];
    this.segment = segment;
    this.fileOffset = fileOffset;
  }

  void restart(Segment newSegment, long newFileOffset) {
    segment = newSegment;
    fileOffset = newFileOffset;
    length = 0;
  }

  boolean accepts(Segment forSegment, int more) {
    return segment == forSegment && length + more <= bytes.length;
  }

  void append(byte[] record) {
    System.arraycopy(record, 0, bytes, length, record.length);
    length += record.length;
  }

  int length() {
    return length;
  }

  Segment segment() {
    return segment;
  }

  long fileOffset() {
    return fileOffset;
  }
}
