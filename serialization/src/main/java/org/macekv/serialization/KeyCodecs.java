package org.macekv.serialization;

import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The built-in codecs for keys. Each orders its bytes as the type's own {@code compareTo} orders
 * the keys, and decoding refuses every array that encoding does not make.
 *
 * <table>
 * <caption>Built-in codecs</caption>
 * <tr><th>type<th>bytes<th>order
 * <tr><td>{@code String}<td>1 to 3 for each {@code char}; ASCII 1<td>{@code compareTo}: by UTF-16
 *     code unit
 * <tr><td>{@code byte[]}<td>as they are<td>{@link Arrays#compareUnsigned(byte[], byte[])}
 * <tr><td>{@code Byte}, {@code Short}, {@code Integer}, {@code Long}<td>1, 2, 4, 8<td>numeric
 * <tr><td>{@code Character}<td>2<td>by code unit
 * <tr><td>{@code Boolean}<td>1<td>false, true
 * <tr><td>{@code Float}, {@code Double}<td>4, 8<td>{@link Double#compare}: -0.0 before 0.0, NaN
 *     last; all NaNs are one key
 * <tr><td>{@code UUID}<td>16<td>{@link UUID#compareTo}, which takes both halves as signed
 * <tr><td>{@code BigInteger}, {@code BigDecimal}<td>as many as needed<td>numeric
 * <tr><td>{@code LocalDate}, {@code LocalTime}, {@code LocalDateTime}, {@code Instant}, {@code
 *     Duration}, {@code OffsetDateTime}, {@code OffsetTime}, {@code ZonedDateTime}, {@code
 *     ZoneOffset}, {@code Year}, {@code YearMonth}, {@code MonthDay}, {@code Month}, {@code
 *     DayOfWeek}<td>1 to 16; {@code ZonedDateTime} more<td>{@code compareTo}
 * <tr><td>records<td>those of the components<td>by the components as they are declared
 * <tr><td>enums<td>the name, or 4<td>as declared by the caller
 * </table>
 */
public final class KeyCodecs {

  /** Any string, also with unpaired surrogates, in the order of {@link String#compareTo}. */
  public static final KeyCodec<String> STRING =
      new StringKeyCodec("string", Comparator.<String>naturalOrder(), UnaryOperator.identity());

  /** Byte arrays in unsigned order; copied on the way in and out. */
  public static final KeyCodec<byte[]> BYTES =
      new BuiltInKeyCodec<>(
          "bytes",
          byte[].class,
          Arrays::compareUnsigned,
          BuiltInKeyCodec.ANY_LENGTH,
          false,
          byte[]::clone,
          byte[]::clone);

  /** Numeric order, 1 byte. */
  public static final KeyCodec<Byte> BYTE =
      fixed(
          "byte",
          Byte.class,
          Byte.BYTES,
          key -> new byte[] {(byte) (key ^ Byte.MIN_VALUE)},
          bytes -> (byte) (bytes[0] ^ Byte.MIN_VALUE));

  /** Numeric order, 2 bytes. */
  public static final KeyCodec<Short> SHORT =
      fixed(
          "short",
          Short.class,
          Short.BYTES,
          key -> FixedBytes.ofShort(key ^ Short.MIN_VALUE),
          bytes -> (short) (FixedBytes.shortAt(bytes, 0) ^ Short.MIN_VALUE));

  /** Numeric order, 4 bytes. */
  public static final KeyCodec<Integer> INTEGER =
      fixed(
          "int",
          Integer.class,
          Integer.BYTES,
          key -> FixedBytes.ofInt(key ^ Integer.MIN_VALUE),
          bytes -> FixedBytes.intAt(bytes, 0) ^ Integer.MIN_VALUE);

  /** Numeric order, 8 bytes. */
  public static final KeyCodec<Long> LONG =
      fixed(
          "long",
          Long.class,
          Long.BYTES,
          key -> FixedBytes.ofLong(key ^ Long.MIN_VALUE),
          bytes -> FixedBytes.longAt(bytes, 0) ^ Long.MIN_VALUE);

  /** Order of the code units, 2 bytes. */
  public static final KeyCodec<Character> CHARACTER =
      fixed(
          "char",
          Character.class,
          Character.BYTES,
          key -> FixedBytes.ofShort(key),
          bytes -> (char) FixedBytes.shortAt(bytes, 0));

  /** False before true, 1 byte. */
  public static final KeyCodec<Boolean> BOOLEAN =
      fixed(
          "boolean",
          Boolean.class,
          1,
          key -> new byte[] {(byte) (key ? 1 : 0)},
          KeyCodecs::decodeBoolean);

  /** The order of {@link Float#compare}, 4 bytes; all NaNs are one key. */
  public static final KeyCodec<Float> FLOAT =
      fixed(
          "float",
          Float.class,
          Float.BYTES,
          key -> FixedBytes.ofInt(orderedBits(Float.floatToIntBits(key)) ^ Integer.MIN_VALUE),
          KeyCodecs::decodeFloat);

  /** The order of {@link Double#compare}, 8 bytes; all NaNs are one key. */
  public static final KeyCodec<Double> DOUBLE =
      fixed(
          "double",
          Double.class,
          Double.BYTES,
          key -> FixedBytes.ofLong(orderedBits(Double.doubleToLongBits(key)) ^ Long.MIN_VALUE),
          KeyCodecs::decodeDouble);

  /** The order of {@link UUID#compareTo} (both halves are signed numbers to it), 16 bytes. */
  public static final KeyCodec<UUID> UUID =
      fixed(
          "uuid",
          UUID.class,
          2 * Long.BYTES,
          key ->
              FixedBytes.ofLongs(
                  key.getMostSignificantBits() ^ Long.MIN_VALUE,
                  key.getLeastSignificantBits() ^ Long.MIN_VALUE),
          bytes ->
              new UUID(
                  FixedBytes.longAt(bytes, 0) ^ Long.MIN_VALUE,
                  FixedBytes.longAt(bytes, Long.BYTES) ^ Long.MIN_VALUE));

  /** In time, to the nanosecond, 12 bytes. */
  public static final KeyCodec<Instant> INSTANT = TimeKeys.INSTANT;

  /** Numeric order, as many bytes as the number needs and one for the length (more from 112 on). */
  public static final KeyCodec<BigInteger> BIG_INTEGER = NumberKeys.BIG_INTEGER;

  /**
   * Numeric order, as {@link BigDecimal#compareTo} has it: 1.0 and 1.00 are one key, which comes
   * back without trailing zeros. A byte for two digits, and some four more.
   */
  public static final KeyCodec<BigDecimal> BIG_DECIMAL = NumberKeys.BIG_DECIMAL;

  /**
   * Strings in an order that does not tell upper from lower case. Two that differ in case only are
   * one key, which comes back in lower case. By UTF-16 code unit of what {@link
   * Character#toLowerCase(int)} makes of {@link Character#toUpperCase(int)}, as {@link
   * String#CASE_INSENSITIVE_ORDER}; no language has its own rules. Characters that only a later
   * version of Unicode knows may be folded by a later JDK and not by this.
   */
  public static final KeyCodec<String> STRING_IGNORING_CASE =
      new StringKeyCodec(
          "string-ignoring-case", Comparator.comparing(KeyCodecs::foldCase), KeyCodecs::foldCase);

  private static final Map<Class<?>, KeyCodec<?>> BY_TYPE =
      Stream.concat(
              Stream.<KeyCodec<?>>of(
                  STRING,
                  BYTES,
                  BYTE,
                  SHORT,
                  INTEGER,
                  LONG,
                  CHARACTER,
                  BOOLEAN,
                  FLOAT,
                  DOUBLE,
                  UUID,
                  BIG_INTEGER,
                  BIG_DECIMAL),
              TimeKeys.ALL.stream())
          .collect(
              Collectors.toMap(
                  KeyCodec::type, Function.identity(), (a, b) -> a, LinkedHashMap::new));

  private KeyCodecs() {}

  /**
   * The built-in codec of a type.
   *
   * @throws IllegalArgumentException if there is none: the message names the types that have one
   */
  public static <K> KeyCodec<K> of(Class<K> type) {
    return of(type, Set.of());
  }

  // The table holds every codec under its own type.
  @SuppressWarnings("unchecked")
  private static <K> KeyCodec<K> of(Class<K> type, Set<Class<?>> around) {
    KeyCodec<?> codec = BY_TYPE.get(type);
    if (codec == null && type.isRecord()) {
      codec = record(type, Map.of(), around);
    }
    if (codec == null) {
      throw new IllegalArgumentException(
          isEnum(type) ? enumRefused(type.getName()) : unknown(type.getName()));
    }
    return (KeyCodec<K>) codec;
  }

  /**
   * A codec of a type, in whatever order: for collections that promise none. That of {@link #of},
   * and of enums {@link #enumByName}.
   *
   * @throws IllegalArgumentException if there is none
   */
  @SuppressWarnings({"unchecked", "rawtypes"}) // an enum's class is the class of its constants
  public static <K> KeyCodec<K> unordered(Class<K> type) {
    return type.isEnum() ? (KeyCodec<K>) enumByName((Class) type) : of(type);
  }

  /**
   * Enum constants in the alphabetical order of their names, as {@link String#compareTo} has it.
   * Constants may be added and moved; a renamed one can no longer be decoded.
   *
   * @throws IllegalArgumentException if the class is no enum
   */
  public static <E extends Enum<E>> KeyCodec<E> enumByName(Class<E> type) {
    Map<String, E> constants = EnumConstants.byName(type);
    return new BuiltInKeyCodec<>(
        "enum-by-name(" + type.getName() + ")",
        type,
        Comparator.comparing(Enum::name),
        BuiltInKeyCodec.ANY_LENGTH,
        false,
        key -> StringBytes.encode(type.cast(key).name()),
        bytes -> EnumConstants.find(constants, StringBytes.decode(bytes), type));
  }

  /**
   * Enum constants in the order of numbers that the enum itself declares, 4 bytes. The numbers must
   * stay the same for as long as the keys are kept; so they may be anything but the ordinal.
   *
   * @param code is called once for each constant, now
   * @throws IllegalArgumentException if the class is no enum or two constants have the same number
   */
  public static <E extends Enum<E>> KeyCodec<E> enumByCode(Class<E> type, ToIntFunction<E> code) {
    Map<Integer, E> constants = EnumConstants.byCode(type, code);
    EnumMap<E, Integer> codes = new EnumMap<>(type);
    constants.forEach((number, constant) -> codes.put(constant, number));
    ToIntFunction<E> codeOf = key -> Objects.requireNonNull(codes.get(type.cast(key)), "key");
    return BuiltInKeyCodec.fixed(
        "enum-by-code(" + type.getName() + ")",
        type,
        Comparator.comparingInt(codeOf),
        Integer.BYTES,
        key -> INTEGER.encode(codeOf.applyAsInt(key)),
        bytes -> EnumConstants.find(constants, INTEGER.decode(bytes), type));
  }

  /**
   * Records in the order of their components, the one that is declared first before all others,
   * whatever they compare themselves by. Each component has the built-in codec of its type, a
   * record for instance. The names of the components are a part of the identity, and so is their
   * order; the name of the class is not. A constructor that changes components makes keys that are
   * not found by their bytes; it should not.
   *
   * @throws IllegalArgumentException if the class is no record, or a component has no codec
   */
  public static <K> KeyCodec<K> record(Class<K> type) {
    return record(type, Map.of());
  }

  /**
   * Records in the order of their components, some with codecs of your choice: reversed,
   * {@linkplain #nullsFirst nulls first}, or of types that have no built-in one.
   *
   * @param codecs by the names of the components; those that are not named have the built-in one
   * @throws IllegalArgumentException if the class is no record, or has no component of such a name,
   *     or one whose type is another than the codec's, or a component has no codec
   */
  public static <K> KeyCodec<K> record(Class<K> type, Map<String, KeyCodec<?>> codecs) {
    return record(type, codecs, Set.of());
  }

  /**
   * A codec of a record that may be a component of others.
   *
   * @param around these, which it must not have as components in turn
   */
  private static <K> KeyCodec<K> record(
      Class<K> type, Map<String, KeyCodec<?>> codecs, Set<Class<?>> around) {
    if (around.contains(type)) {
      throw new IllegalArgumentException(
          "the record " + type.getName() + " has itself within: such a key has no end");
    }
    Set<Class<?>> within = new HashSet<>(around);
    within.add(type);
    RecordComponent @Nullable [] declared = type.getRecordComponents();
    if (declared == null) {
      throw new IllegalArgumentException(type.getName() + " is not a record");
    }
    Set<String> unknown = new TreeSet<>(codecs.keySet());
    for (RecordComponent each : declared) {
      unknown.remove(each.getName());
    }
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "the record " + type.getName() + " has no components " + unknown);
    }
    return new CompositeKeyCodec<>("record", true, type, i -> codecOf(declared[i], codecs, within));
  }

  private static KeyCodec<?> codecOf(
      RecordComponent component, Map<String, KeyCodec<?>> codecs, Set<Class<?>> around) {
    Class<?> type = MethodType.methodType(component.getType()).wrap().returnType();
    KeyCodec<?> given = codecs.get(component.getName());
    String name =
        "component '"
            + component.getName()
            + "' of the record "
            + component.getDeclaringRecord().getName();
    if (given == null) {
      try {
        return of(type, around);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
      }
    }
    if (!type.isAssignableFrom(given.type())) {
      throw new IllegalArgumentException(
          name + " is a " + type.getName() + ", and its codec is for " + given.type().getName());
    }
    return given;
  }

  /** Two things together, the first before the second. */
  @SuppressWarnings("unchecked") // its components are what the codecs are for
  public static <A, B> KeyCodec<Tuple2<A, B>> tuple(KeyCodec<A> first, KeyCodec<B> second) {
    return (KeyCodec<Tuple2<A, B>>) (KeyCodec<?>) tuple(Tuple2.class, first, second);
  }

  /** Three things together, the first before the second before the third. */
  @SuppressWarnings("unchecked") // its components are what the codecs are for
  public static <A, B, C> KeyCodec<Tuple3<A, B, C>> tuple(
      KeyCodec<A> first, KeyCodec<B> second, KeyCodec<C> third) {
    return (KeyCodec<Tuple3<A, B, C>>) (KeyCodec<?>) tuple(Tuple3.class, first, second, third);
  }

  /** Four things together, the first before the second before the third before the fourth. */
  @SuppressWarnings("unchecked") // its components are what the codecs are for
  public static <A, B, C, D> KeyCodec<Tuple4<A, B, C, D>> tuple(
      KeyCodec<A> first, KeyCodec<B> second, KeyCodec<C> third, KeyCodec<D> fourth) {
    return (KeyCodec<Tuple4<A, B, C, D>>)
        (KeyCodec<?>) tuple(Tuple4.class, first, second, third, fourth);
  }

  private static KeyCodec<?> tuple(Class<?> type, KeyCodec<?>... codecs) {
    return new CompositeKeyCodec<>("tuple", false, type, i -> codecs[i]);
  }

  /**
   * What another codec takes, and null before all of it: for components of tuples and records.
   * Collections take no null as a key or element.
   */
  public static <K> KeyCodec<K> nullsFirst(KeyCodec<K> codec) {
    return new NullsFirstKeyCodec<>(codec);
  }

  /**
   * What tuples and records begin with, of whose first component {@code prefix} is a {@linkplain
   * KeyCodec#encodePrefix prefix}: of a string its beginning, say.
   *
   * @param codec of the first component, which is not the only one
   */
  public static byte[] prefixOfFirst(KeyCodec<?> codec, Object... prefix) {
    byte[] bytes = codec.encodePrefix(prefix);
    return codec.fixedLength() < 0 ? TerminatedBytes.encodeBeginning(bytes) : bytes;
  }

  private static String foldCase(String key) {
    int[] folded =
        key.codePoints().map(c -> Character.toLowerCase(Character.toUpperCase(c))).toArray();
    return new String(folded, 0, folded.length);
  }

  /** A boolean of one byte that must be 0 or 1. */
  static boolean decodeBoolean(byte[] bytes) {
    if ((bytes[0] & ~1) != 0) {
      throw new SerializationException("malformed boolean: byte " + bytes[0]);
    }
    return bytes[0] == 1;
  }

  private static <K extends Comparable<K>> KeyCodec<K> fixed(
      String id,
      Class<K> type,
      int length,
      Function<K, byte[]> encoder,
      Function<byte[], K> decoder) {
    return BuiltInKeyCodec.fixed(id, type, Comparator.<K>naturalOrder(), length, encoder, decoder);
  }

  /** Makes the bits of a floating point number order as a signed integer does; its own inverse. */
  private static int orderedBits(int bits) {
    return bits ^ ((bits >> 31) & Integer.MAX_VALUE);
  }

  private static long orderedBits(long bits) {
    return bits ^ ((bits >> 63) & Long.MAX_VALUE);
  }

  private static float decodeFloat(byte[] bytes) {
    int bits = orderedBits(FixedBytes.intAt(bytes, 0) ^ Integer.MIN_VALUE);
    float value = Float.intBitsToFloat(bits);
    if (Float.floatToIntBits(value) != bits) {
      throw new SerializationException("malformed float: a NaN that is not the canonical one");
    }
    return value;
  }

  private static double decodeDouble(byte[] bytes) {
    long bits = orderedBits(FixedBytes.longAt(bytes, 0) ^ Long.MIN_VALUE);
    double value = Double.longBitsToDouble(bits);
    if (Double.doubleToLongBits(value) != bits) {
      throw new SerializationException("malformed double: a NaN that is not the canonical one");
    }
    return value;
  }

  private static boolean isEnum(Class<?> type) {
    return Enum.class.isAssignableFrom(type);
  }

  private static String enumRefused(String name) {
    return "the order of the enum "
        + name
        + " as a key must be declared: KeyCodecs.enumByName(...) orders by name,"
        + " KeyCodecs.enumByCode(..., E::code) by a number of your own. The ordinal is not used,"
        + " since it changes when a constant is added or moved";
  }

  private static String unknown(String name) {
    return "no built-in order-preserving encoding for keys of "
        + name
        + ": use one of "
        + BY_TYPE.keySet().stream().map(Class::getSimpleName).collect(Collectors.joining(", "))
        + ", an enum by KeyCodecs.enumByName or enumByCode, or give a KeyCodec of your own";
  }
}
