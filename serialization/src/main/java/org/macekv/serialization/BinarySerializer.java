package org.macekv.serialization;

import java.util.Objects;

/**
 * Records and simple types as plain bytes, without the names and class numbers that other forms
 * have in each value: short, fast, and for classes that stay as they are. It uses neither Kryo nor
 * reflection while it works, and needs no {@link ClassCatalog}.
 *
 * <p><b>What can be stored.</b> Boxes of primitives, {@code String}, {@code byte[]} and the other
 * arrays of primitives, enums, {@code UUID}, {@code BigInteger}, {@code BigDecimal}, what {@code
 * java.time} has, and records of all these, of primitives, of other records, and of {@code List},
 * {@code Set} and {@code Map} of them all, as the type arguments of the component say. A record may
 * have itself within ({@code record Node(int value, @Nullable Node next)}), up to {@value
 * #MOST_DEPTH} deep. Everything within a value may be null, but primitives. Lists, sets and maps
 * come back unmodifiable and in the order that they had. An object that is in a value twice comes
 * back as two. Classes with type parameters of their own, arrays of objects and all other types are
 * refused when the serializer is made.
 *
 * <p><b>Classes that change.</b> The {@linkplain #id identity} holds the whole schema: names of
 * classes, names and types of components, and their order. So a collection is refused by the store
 * when one of these has changed, and it is not read wrongly. Moving or renaming a class is such a
 * change, unless {@linkplain #of(Class, String) a name was given}. Constants of enums are stored by
 * name and are no part of the schema: they may be added and moved, and one that is gone gives a
 * {@link SerializationException} when it is read. For classes that are to change, {@link
 * KryoSerialization} has {@link Evolution}.
 *
 * <p><b>Bytes that are not trusted</b> give a value or a {@link SerializationException}, and take
 * no more memory than a small multiple of their length. A record is made by its canonical
 * constructor, with whatever that checks; what it throws is the cause of the exception.
 *
 * <p>The bytes are described in {@code docs/format.md}, under Values. Immutable and safe for use by
 * many threads. Making a serializer takes some time and memory: make it once and keep it.
 *
 * @param <T> the type of the values
 */
public final class BinarySerializer<T> implements Serializer<T> {
  /** How deep a record may be nested in itself. */
  static final int MOST_DEPTH = 256;

  private static final String FORMAT = "binary/1 ";
  private static final int LEAST_BUFFER = 32;
  private static final int MOST_BUFFER = 8 * 1024;

  private final Class<T> type;
  private final String id;
  private final BinaryForm<Object> form;

  /** What the last value took, for the next buffer. A race only makes a buffer of another size. */
  private int lastLength = LEAST_BUFFER;

  @SuppressWarnings("unchecked") // it is given values of its type alone
  private BinarySerializer(Class<T> type, String name) {
    BinarySchema schema = new BinarySchema(type, name);
    this.type = type;
    this.form = (BinaryForm<Object>) schema.form();
    this.id = FORMAT + schema.text();
  }

  /**
   * A serializer of a type, under the name of its class.
   *
   * @param type a record, an enum or one of the simple types above
   * @throws IllegalArgumentException if the type, or that of a component, is none of those above,
   *     or the package of a record is not open to this module; the message says which, and what to
   *     do
   */
  public static <T> BinarySerializer<T> of(Class<T> type) {
    return new BinarySerializer<>(Objects.requireNonNull(type, "type"), type.getName());
  }

  /**
   * The same under a name of its own, so that the class may be renamed or moved. The other records
   * and enums within it keep the names of their classes.
   *
   * @param type a record or an enum
   * @param name takes the place of the class's name in the identity: one or more letters, digits,
   *     and {@code . _ - $}
   * @throws IllegalArgumentException if the type has no plain binary form, as above, or the name
   *     has other characters, or none, or the type is neither a record nor an enum
   */
  public static <T> BinarySerializer<T> of(Class<T> type, String name) {
    if (!type.isRecord() && !type.isEnum()) {
      throw new IllegalArgumentException(
          type.getName() + " is neither a record nor an enum, and takes no name; leave it out");
    }
    if (name.isEmpty() || !name.codePoints().allMatch(BinarySerializer::isOfName)) {
      throw new IllegalArgumentException(
          "a name has letters, digits, and . _ - $, and not '" + name + "'");
    }
    return new BinarySerializer<>(type, name);
  }

  private static boolean isOfName(int character) {
    return Character.isLetterOrDigit(character) || "._-$".indexOf(character) >= 0;
  }

  /**
   * {@inheritDoc}
   *
   * @throws ClassCastException if the value is not of the type
   * @throws SerializationException if a record is nested in itself more than {@value #MOST_DEPTH}
   *     deep, an accessor throws an exception, a collection is changed meanwhile or holds what it
   *     is not declared to, or the bytes are too many for one array
   */
  @Override
  public byte[] serialize(T value) {
    if (!type.isInstance(Objects.requireNonNull(value, "value"))) {
      throw new ClassCastException(value.getClass().getName() + " is no " + type.getName());
    }
    BinaryOutput output =
        new BinaryOutput(Math.max(LEAST_BUFFER, Math.min(MOST_BUFFER, lastLength)));
    try {
      form.write(output, value);
    } catch (RuntimeException | StackOverflowError e) {
      throw failure("cannot write a value of " + type.getName(), e);
    }
    byte[] bytes = output.toBytes();
    if (bytes.length != lastLength) {
      lastLength = bytes.length;
    }
    return bytes;
  }

  /**
   * {@inheritDoc}
   *
   * @throws SerializationException also if the constructor of a record throws an exception, which
   *     is its cause
   */
  @Override
  public T deserialize(byte[] bytes) {
    BinaryInput input = new BinaryInput(bytes);
    Object value;
    try {
      value = form.read(input);
      if (input.remaining() != 0) {
        throw new ValueException("malformed: " + input.remaining() + " bytes too many");
      }
    } catch (RuntimeException | StackOverflowError e) {
      String where = ", at byte " + input.position() + " of " + bytes.length;
      throw failure("cannot read a value of " + type.getName() + where, e);
    }
    return type.cast(value);
  }

  private static SerializationException failure(String what, Throwable failure) {
    if (failure instanceof ValueException exception) {
      return new SerializationException(what + ": " + exception.getMessage());
    }
    String why =
        failure instanceof StackOverflowError
            ? "its objects are nested too deeply"
            : failure instanceof SerializationException ? failure.getMessage() : failure.toString();
    return new SerializationException(what + ": " + why, failure);
  }

  /**
   * {@inheritDoc}
   *
   * <p>Here the version of the format and the schema: {@code binary/1
   * org.x.Order(id:long,name:String,items:List<org.x.Item(count:int)>)}. A record that was written
   * out before is {@code @} and its name.
   */
  @Override
  public String id() {
    return id;
  }

  @Override
  public String toString() {
    return id;
  }
}
