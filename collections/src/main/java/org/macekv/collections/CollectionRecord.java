package org.macekv.collections;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.macekv.error.FormatVersionException;
import org.macekv.error.MaceException;

/**
 * What the catalog keeps of a collection. As bytes: format version (1 B), code of the kind (1 B),
 * the number of its bucket (8 B), then the two identities, each as its length in bytes (4 B) and
 * its UTF-8 bytes. Integers are big-endian.
 *
 * @param type what it is
 * @param number which bucket has its data
 */
record CollectionRecord(Type type, long number) {
  private static final int FORMAT_VERSION = 2;
  private static final int FIXED_BYTES = 2 + Long.BYTES + 2 * Integer.BYTES;

  /**
   * What must be the same whenever a collection is opened.
   *
   * @param kind what it is
   * @param keys the identity of the codec of its keys; empty if it has none
   * @param values the identity of the serializer of its values; empty if it has none
   */
  record Type(CollectionKind kind, String keys, String values) {
    /** For messages: what it is, with its types. */
    @Override
    public String toString() {
      return kind.word()
          + (keys.isEmpty() ? "" : " with keys '" + keys + "'")
          + (values.isEmpty() ? "" : (keys.isEmpty() ? " of '" : " and values '") + values + "'");
    }
  }

  byte[] encode() {
    byte[] keyBytes = type.keys.getBytes(StandardCharsets.UTF_8);
    byte[] valueBytes = type.values.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(FIXED_BYTES + keyBytes.length + valueBytes.length)
        .put((byte) FORMAT_VERSION)
        .put((byte) type.kind.code())
        .putLong(number)
        .putInt(keyBytes.length)
        .put(keyBytes)
        .putInt(valueBytes.length)
        .put(valueBytes)
        .array();
  }

  /**
   * Reads a record.
   *
   * @param where whose record it is, for messages
   */
  static CollectionRecord decode(String where, byte[] bytes) {
    try {
      ByteBuffer in = ByteBuffer.wrap(bytes);
      int version = in.get() & 0xff;
      if (version != FORMAT_VERSION) {
        throw new FormatVersionException(where, version, FORMAT_VERSION, FORMAT_VERSION);
      }
      CollectionKind kind = CollectionKind.of(in.get());
      long number = in.getLong();
      return new CollectionRecord(new Type(kind, readString(in), readString(in)), number);
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw new MaceException(where + " is not a record of a collection", e);
    }
  }

  private static String readString(ByteBuffer in) {
    int length = in.getInt();
    if (length < 0 || length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
