package org.macekv.serialization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class SerializersTest {
  private static final List<Object> VALUES =
      List.of(
          "",
          "a",
          "\0",
          "é€😀",
          "\ufffd",
          "\ud800",
          "x\udc00y",
          "\udc00\ud800😀",
          new byte[0],
          new byte[] {0, -1},
          Byte.MIN_VALUE,
          Short.MIN_VALUE,
          Integer.MIN_VALUE,
          -1,
          Long.MIN_VALUE,
          Long.MAX_VALUE,
          '\0',
          '\uffff',
          false,
          true,
          Float.NaN,
          -0f,
          Double.NaN,
          -0d,
          Double.MIN_VALUE,
          new UUID(-1, Long.MIN_VALUE),
          Instant.MIN,
          Instant.MAX,
          Instant.EPOCH.minusNanos(1),
          DayOfWeek.FRIDAY);

  @Example
  void everyValueComesBack() {
    for (Object value : VALUES) {
      assertThat(roundTrip(value)).isEqualTo(value);
    }
  }

  @Property(tries = 2000)
  void everyStringComesBack(@ForAll("strings") String value) {
    assertThat(roundTrip(value)).isEqualTo(value);
  }

  @Property(tries = 2000)
  void anyBytesGiveTheirOwnValueOrAnError(@ForAll("torn") byte[] bytes) {
    for (Object value : VALUES) {
      decodeStrictly(serializer(value), bytes);
    }
  }

  @Property(tries = 1000)
  void flippedAndCutBytesGiveTheirOwnValueOrAnError(
      @ForAll("values") Object value, @ForAll byte flip, @ForAll int seed) {
    Serializer<Object> serializer = serializer(value);
    byte[] bytes = serializer.serialize(value);
    if (bytes.length > 0) {
      int at = Math.floorMod(seed, bytes.length);
      byte[] flipped = bytes.clone();
      flipped[at] ^= flip;
      decodeStrictly(serializer, flipped);
      decodeStrictly(serializer, Arrays.copyOf(bytes, at));
    }
  }

  @Example
  void notANumberKeepsItsBits() {
    double nan = Double.longBitsToDouble(0x7ff8_0000_dead_beefL);
    byte[] bytes = Serializers.DOUBLE.serialize(nan);
    assertThat(HexFormat.of().formatHex(bytes)).isEqualTo("7ff80000deadbeef");
    assertThat(Serializers.DOUBLE.serialize(Serializers.DOUBLE.deserialize(bytes)))
        .isEqualTo(bytes);
  }

  @Example
  void goldenBytesStayAsTheyAre() {
    assertThat(Serializers.STRING.serialize("é😀"))
        .isEqualTo("é😀".getBytes(StandardCharsets.UTF_8));
    assertThat(Serializers.STRING.serialize("a\ud800")).containsExactly('a', 0xed, 0xa0, 0x80);
    assertThat(Serializers.INTEGER.serialize(0x01020304)).containsExactly(1, 2, 3, 4);
    assertThat(Serializers.enumByName(DayOfWeek.class).serialize(DayOfWeek.FRIDAY))
        .isEqualTo("FRIDAY".getBytes(StandardCharsets.UTF_8));
  }

  @Example
  void byteArraysAreCopied() {
    byte[] value = {1, 2};
    byte[] stored = Serializers.BYTES.serialize(value);
    value[0] = 9;
    byte[] read = Serializers.BYTES.deserialize(stored);
    stored[1] = 9;
    assertThat(read).containsExactly(1, 2);
  }

  @Example
  void unknownEnumConstantIsNamed() {
    assertThatThrownBy(
            () ->
                Serializers.enumByName(DayOfWeek.class)
                    .deserialize("DOOMSDAY".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("DOOMSDAY")
        .hasMessageContaining(DayOfWeek.class.getName());
  }

  @Example
  void otherTypesHaveNone() {
    assertThat(Serializers.builtIn(List.class)).isEmpty();
    assertThat(Serializers.builtIn(Object.class)).isEmpty();
  }

  private static Object roundTrip(Object value) {
    Serializer<Object> serializer = serializer(value);
    return serializer.deserialize(serializer.serialize(value));
  }

  private static void decodeStrictly(Serializer<Object> serializer, byte[] bytes) {
    Object value;
    try {
      value = serializer.deserialize(bytes);
    } catch (SerializationException expected) {
      return;
    }
    assertThat(serializer.serialize(value)).isEqualTo(bytes);
  }

  @SuppressWarnings("unchecked")
  private static Serializer<Object> serializer(Object value) {
    return (Serializer<Object>) Serializers.builtIn(value.getClass()).orElseThrow();
  }

  @Provide
  Arbitrary<Object> values() {
    return Arbitraries.of(VALUES);
  }

  @Provide
  Arbitrary<String> strings() {
    return Arbitraries.of(
            '\0', 'a', '?', '\u0080', '\u0800', '\ud83d', '\ude00', '\ufffd', '\uffff')
        .list()
        .ofMaxSize(6)
        .map(
            chars -> {
              StringBuilder text = new StringBuilder();
              chars.forEach(text::append);
              return text.toString();
            });
  }

  @Provide
  Arbitrary<byte[]> torn() {
    return Arbitraries.of(0, 1, 0x61, 0x80, 0xbd, 0xc3, 0xed, 0xa0, 0xef, 0xbf, 0xf0, 0x9f, 0xff)
        .map(Integer::byteValue)
        .array(byte[].class)
        .ofMaxSize(16);
  }
}
