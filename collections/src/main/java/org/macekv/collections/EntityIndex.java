package org.macekv.collections;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collection;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.macekv.KeyRange;
import org.macekv.serialization.KeyCodec;
import org.macekv.serialization.KeyCodecs;
import org.macekv.serialization.Tuple2;

/**
 * An index of entities: a range of the bucket of their indexes, behind a byte 1 and the index's
 * number. Its keys are the values, encoded as first components of tuples, of which the second are
 * the bytes of the entities' keys; those of a unique index are the values alone, and the entities'
 * keys are their values. Immutable.
 *
 * @param <E> the entities
 * @param <I> the values of the property
 */
final class EntityIndex<E, I> {
  private static final byte ENTRIES = 1;
  private static final int HEAD = 1 + Integer.BYTES;

  private final Definition<E, I> definition;
  private final KeyCodec<Tuple2<I, byte[]>> pairs;
  private final byte[] head;

  /**
   * What is said of an index.
   *
   * @param values gives the values of an entity; none if it is not in the index
   * @param several whether there may be more than one
   */
  record Definition<E, I>(
      String name,
      KeyCodec<I> codec,
      Function<E, ? extends Collection<? extends I>> values,
      boolean unique,
      boolean several) {}

  EntityIndex(Definition<E, I> definition, int number) {
    this.definition = definition;
    this.pairs = KeyCodecs.tuple(definition.codec, KeyCodecs.BYTES);
    this.head = head(number);
  }

  private static byte[] head(int number) {
    return ByteBuffer.allocate(HEAD).put(ENTRIES).putInt(number).array();
  }

  /** All entries of an index of this number. */
  static KeyRange all(int number) {
    return KeyRange.prefix(head(number));
  }

  KeyRange all() {
    return KeyRange.prefix(head);
  }

  Definition<E, I> definition() {
    return definition;
  }

  boolean isUnique() {
    return definition.unique;
  }

  /** The keys under which an entity is in the index, sorted. */
  Set<byte[]> keysOf(@Nullable E entity, byte[] entityKey) {
    Set<byte[]> keys = new TreeSet<>(Arrays::compareUnsigned);
    if (entity != null) {
      for (I value : definition.values.apply(entity)) {
        keys.add(keyOf(value, entityKey));
      }
    }
    return keys;
  }

  private byte[] keyOf(I value, byte[] entityKey) {
    Objects.requireNonNull(value, definition.name);
    return behindHead(
        definition.unique
            ? pairs.encodePrefix(value)
            : pairs.encode(new Tuple2<>(value, entityKey)));
  }

  private byte[] behindHead(byte[] bytes) {
    byte[] all = Arrays.copyOf(head, head.length + bytes.length);
    System.arraycopy(bytes, 0, all, head.length, bytes.length);
    return all;
  }

  /** The bytes of the key of the entity that an entry is of. */
  byte[] entityKey(byte[] key, byte[] value) {
    return definition.unique
        ? value
        : pairs.decode(Arrays.copyOfRange(key, head.length, key.length)).second();
  }

  /** The value of an entry. */
  I value(byte[] key) {
    byte[] rest = Arrays.copyOfRange(key, head.length, key.length);
    return pairs
        .decode(rest)
        .first(); // behind a unique value there are no bytes, as of an empty key
  }

  /** The entries of a value. */
  @SuppressWarnings("unchecked") // the codec finds values of foreign types
  byte[] equalTo(Object value) {
    return behindHead(pairs.encodePrefix((I) value));
  }

  /** The entries of values that begin so; see {@link KeyCodec#encodePrefix}. */
  KeyRange beginningWith(Object... prefix) {
    return KeyRange.prefix(behindHead(KeyCodecs.prefixOfFirst(definition.codec, prefix)));
  }

  /** The entries of values between two; null for an end of the index. */
  KeyRange between(
      @Nullable Object low, boolean lowInclusive, @Nullable Object high, boolean highInclusive) {
    KeyRange range = all();
    if (low != null) {
      KeyRange of = KeyRange.prefix(equalTo(low));
      byte[] from = lowInclusive ? of.low() : of.high();
      range = from == null ? none() : range.intersect(KeyRange.atLeast(from));
    }
    if (high != null) {
      KeyRange of = KeyRange.prefix(equalTo(high));
      byte[] to = highInclusive ? of.high() : of.low();
      range = to == null ? range : range.intersect(KeyRange.lessThan(to));
    }
    return range;
  }

  private KeyRange none() {
    return KeyRange.atLeast(head).intersect(KeyRange.lessThan(head));
  }
}
