package org.macekv.collections;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.macekv.error.FormatVersionException;
import org.macekv.error.MaceException;

/**
 * What the catalog keeps of a collection. As bytes: format version (1 B), code of the kind (1 B),
 * then the two identities, each as its length in bytes (4 B, big-endian) and its UTF-8 bytes.
 *
 * @param kind what it is
 * @param keys the identity of the codec of its keys
 * @param values the identity of the serializer of its values; empty for sets
 */
record CollectionRecord(Kind kind, String keys, String values) {
  private static final int FORMAT_VERSION = 1;

  /** What a collection is. The codes are stored. */
  enum Kind {
    NAVIGABLE_MAP(1, "map"),
    SET(2, "set");

    private final int code;
    private final String word;

    Kind(int code, String word) {
      this.code = code;
      this.word = word;
    }

    private static Kind of(int code) {
      for (Kind kind : values()) {
        if (kind.code == code) {
          return kind;
        }
      }
      throw new IllegalArgumentException("no kind of collection has the code " + code);
    }
  }

  byte[] encode() {
    byte[] keyBytes = keys.getBytes(StandardCharsets.UTF_8);
    byte[] valueBytes = values.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(2 + 2 * Integer.BYTES + keyBytes.length + valueBytes.length)
        .put((byte) FORMAT_VERSION)
        .put((byte) kind.code)
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
      return new CollectionRecord(Kind.of(in.get()), readString(in), readString(in));
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

  /** For messages: what it is, with its types. */
  @Override
  public String toString() {
    return kind.word
        + " with keys '"
        + keys
        + "'"
        + (kind == Kind.SET ? "" : " and values '" + values + "'");
  }
}
