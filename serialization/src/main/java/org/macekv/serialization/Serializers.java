package org.macekv.serialization;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The built-in serializers, which write simple types as plainly as they are: numbers big-endian and
 * of fixed length, strings as UTF-8, byte arrays as copies, enum constants by name. Decoding
 * refuses every array that encoding does not make. What is not here goes through {@link
 * KryoSerialization}.
 */
public final class Serializers {

  /**
   * UTF-8 where that can tell what the string is. A string with an unpaired surrogate, which it
   * cannot, is written one UTF-16 code unit at a time.
   */
  public static final Serializer<String> STRING =
      new BuiltInSerializer<>("string", Serializers::encodeString, Serializers::decodeString);

  /** Copies, so that neither side sees later changes of the other's array. */
  public static final Serializer<byte[]> BYTES =
      new BuiltInSerializer<>("bytes", byte[]::clone, byte[]::clone);

  /** 1 byte. */
  public static final Serializer<Byte> BYTE =
      fixed("byte", Byte.BYTES, value -> new byte[] {value}, bytes -> bytes[0]);

  /** 2 bytes. */
  public static final Serializer<Short> SHORT =
      fixed(
          "short",
          Short.BYTES,
          value -> FixedBytes.ofShort(value),
          bytes -> FixedBytes.shortAt(bytes, 0));

  /** 4 bytes. */
  public static final Serializer<Integer> INTEGER =
      fixed("int", Integer.BYTES, FixedBytes::ofInt, bytes -> FixedBytes.intAt(bytes, 0));

  /** 8 bytes. */
  public static final Serializer<Long> LONG =
      fixed("long", Long.BYTES, FixedBytes::ofLong, bytes -> FixedBytes.longAt(bytes, 0));

  /** 2 bytes. */
  public static final Serializer<Character> CHARACTER =
      fixed(
          "char",
          Character.BYTES,
          value -> FixedBytes.ofShort(value),
          bytes -> (char) FixedBytes.shortAt(bytes, 0));

  /** 1 byte, 0 or 1. */
  public static final Serializer<Boolean> BOOLEAN =
      fixed("boolean", 1, value -> new byte[] {(byte) (value ? 1 : 0)}, KeyCodecs::decodeBoolean);

  /** 4 bytes, every NaN as it is. */
  public static final Serializer<Float> FLOAT =
      fixed(
          "float",
          Float.BYTES,
          value -> FixedBytes.ofInt(Float.floatToRawIntBits(value)),
          bytes -> Float.intBitsToFloat(FixedBytes.intAt(bytes, 0)));

  /** 8 bytes, every NaN as it is. */
  public static final Serializer<Double> DOUBLE =
      fixed(
          "double",
          Double.BYTES,
          value -> FixedBytes.ofLong(Double.doubleToRawLongBits(value)),
          bytes -> Double.longBitsToDouble(FixedBytes.longAt(bytes, 0)));

  /** 16 bytes. */
  public static final Serializer<UUID> UUID =
      fixed(
          "uuid",
          2 * Long.BYTES,
          value ->
              FixedBytes.ofLongs(value.getMostSignificantBits(), value.getLeastSignificantBits()),
          bytes -> new UUID(FixedBytes.longAt(bytes, 0), FixedBytes.longAt(bytes, Long.BYTES)));

  /** 12 bytes: seconds and nanoseconds. */
  public static final Serializer<Instant> INSTANT =
      fixed(
          "instant",
          Long.BYTES + Integer.BYTES,
          value -> FixedBytes.ofLongAndInt(value.getEpochSecond(), value.getNano()),
          bytes ->
              TimeKeys.instant(FixedBytes.longAt(bytes, 0), FixedBytes.intAt(bytes, Long.BYTES)));

  private static final Map<Class<?>, Serializer<?>> BY_TYPE =
      Map.ofEntries(
          Map.entry(String.class, STRING),
          Map.entry(byte[].class, BYTES),
          Map.entry(Byte.class, BYTE),
          Map.entry(Short.class, SHORT),
          Map.entry(Integer.class, INTEGER),
          Map.entry(Long.class, LONG),
          Map.entry(Character.class, CHARACTER),
          Map.entry(Boolean.class, BOOLEAN),
          Map.entry(Float.class, FLOAT),
          Map.entry(Double.class, DOUBLE),
          Map.entry(UUID.class, UUID),
          Map.entry(Instant.class, INSTANT));

  private Serializers() {}

  /** The built-in serializer of a type, if it has one; every enum has. */
  // The table holds every serializer under its own type.
  @SuppressWarnings({"unchecked", "rawtypes"})
  public static <T> Optional<Serializer<T>> builtIn(Class<T> type) {
    if (type.isEnum()) {
      return Optional.of((Serializer<T>) enumByName((Class) type));
    }
    return Optional.ofNullable((Serializer<T>) BY_TYPE.get(type));
  }

  /**
   * Enum constants by name. Constants may be added and moved; a renamed one can no longer be read.
   *
   * @throws IllegalArgumentException if the class is no enum
   */
  public static <E extends Enum<E>> Serializer<E> enumByName(Class<E> type) {
    return enumByName(type, Evolution.none());
  }

  /** The same, also by the names that the class and its constants had. */
  static <E extends Enum<E>> Serializer<E> enumByName(Class<E> type, Evolution evolution) {
    Map<String, E> constants = evolution.constants(type);
    return new BuiltInSerializer<>(
        enumId(type.getName()),
        evolution.namesOf(type).map(Serializers::enumId).collect(Collectors.toUnmodifiableSet()),
        value -> encodeString(value.name()),
        bytes -> EnumConstants.find(constants, decodeString(bytes), type));
  }

  private static String enumId(String className) {
    return "enum-by-name(" + className + ")";
  }

  private static byte[] encodeString(String value) {
    return hasUnpairedSurrogate(value)
        ? StringBytes.encode(value)
        : value.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * The JDK's quick decoder puts U+FFFD where the bytes are not UTF-8; only a string that has one
   * needs a closer look. Surrogates occur in the other form alone, so no bytes are in both.
   */
  static String decodeString(byte[] bytes, int offset, int length) {
    String value = new String(bytes, offset, length, StandardCharsets.UTF_8);
    return value.indexOf('\uFFFD') < 0
        ? value
        : decodeOdd(value, Arrays.copyOfRange(bytes, offset, offset + length));
  }

  private static String decodeString(byte[] bytes) {
    return decodeString(bytes, 0, bytes.length);
  }

  private static String decodeOdd(String value, byte[] bytes) {
    if (Arrays.equals(value.getBytes(StandardCharsets.UTF_8), bytes)) {
      return value;
    }
    String units = StringBytes.decode(bytes);
    if (!hasUnpairedSurrogate(units)) {
      throw new SerializationException("malformed string: paired surrogates in UTF-8");
    }
    return units;
  }

  private static boolean hasUnpairedSurrogate(String value) {
    for (int i = 0; i < value.length(); i++) {
      if (Character.isSurrogate(value.charAt(i))) {
        if (i + 1 == value.length()
            || !Character.isSurrogatePair(value.charAt(i), value.charAt(i + 1))) {
          return true;
        }
        i++;
      }
    }
    return false;
  }

  private static <T> Serializer<T> fixed(
      String id, int length, Function<T, byte[]> encoder, Function<byte[], T> decoder) {
    return new BuiltInSerializer<>(
        id,
        encoder,
        bytes -> {
          FixedBytes.requireLength(bytes, length, id);
          return decoder.apply(bytes);
        });
  }
}
