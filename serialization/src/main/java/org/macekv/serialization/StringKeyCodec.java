package org.macekv.serialization;

import java.util.Comparator;
import java.util.function.UnaryOperator;

/**
 * Strings by UTF-16 code unit, of a form that may be shared by some: they are then one key.
 *
 * @param comparator the order of the forms
 * @param form gives the form, of which it gives the same again; char by char, or it has no prefixes
 */
record StringKeyCodec(String id, Comparator<? super String> comparator, UnaryOperator<String> form)
    implements KeyCodec<String> {

  @Override
  public byte[] encode(String key) {
    return StringBytes.encode(form.apply(key));
  }

  @Override
  public String decode(byte[] bytes) {
    String key = StringBytes.decode(bytes);
    if (!form.apply(key).equals(key)) {
      throw new SerializationException("malformed " + id + ": not in the form that is stored");
    }
    return key;
  }

  /** One string. */
  @Override
  public byte[] encodePrefix(Object... prefix) {
    if (prefix.length != 1) {
      throw new IllegalArgumentException(
          "a prefix of a string is one string, and not " + prefix.length);
    }
    return encode((String) prefix[0]);
  }

  @Override
  public Class<String> type() {
    return String.class;
  }

  @Override
  public String toString() {
    return id;
  }
}
