package org.macekv.serialization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Order and round trip of every codec, over all pairs of edge values and of random ones. */
class KeyCodecsTest {

  enum Color {
    RED(30),
    GREEN(-7),
    BLUE(Integer.MAX_VALUE) {
      @Override
      String text() {
        return "blue";
      }
    },
    RE(Integer.MIN_VALUE);

    private final int code;

    Color(int code) {
      this.code = code;
    }

    int code() {
      return code;
    }

    String text() {
      return "";
    }
  }

  /** A codec and keys to try it with. */
  record Subject<K>(KeyCodec<K> codec, List<K> edges, Arbitrary<K> keys) {
    /** Whether what comes back equals what was written, and is not only the same key. */
    boolean isExact() {
      String id = codec.id();
      return !id.contains("ignoring-case") && !id.contains("big-decimal");
    }

    @Override
    public String toString() {
      return codec.id();
    }
  }

  @Provide
  Arbitrary<Subject<?>> subjects() {
    List<Subject<?>> forward = forward();
    return Arbitraries.of(
        forward.stream().flatMap(s -> Stream.of(s, reversed(s))).<Subject<?>>map(s -> s).toList());
  }

  private static <K> Subject<K> reversed(Subject<K> s) {
    return new Subject<>(s.codec.reversed(), s.edges, s.keys);
  }

  private static List<Subject<?>> forward() {
    return Stream.of(simple(), KeySubjects.numbers(), KeySubjects.times(), KeySubjects.composed())
        .flatMap(List::stream)
        .toList();
  }

  private static List<Subject<?>> simple() {
    return List.of(
        new Subject<>(KeyCodecs.STRING, EDGE_STRINGS, strings()),
        new Subject<>(KeyCodecs.STRING_IGNORING_CASE, EDGE_CASES, Arbitraries.of(EDGE_CASES)),
        new Subject<>(KeyCodecs.BYTES, EDGE_ARRAYS, arrays()),
        new Subject<>(
            KeyCodecs.BYTE,
            List.of((byte) -128, (byte) -1, (byte) 0, (byte) 127),
            Arbitraries.bytes()),
        new Subject<>(
            KeyCodecs.SHORT,
            List.of(
                Short.MIN_VALUE, (short) -1, (short) 0, (short) 255, (short) 256, Short.MAX_VALUE),
            Arbitraries.shorts()),
        new Subject<>(
            KeyCodecs.INTEGER,
            List.of(Integer.MIN_VALUE, -256, -1, 0, 1, 255, 256, Integer.MAX_VALUE),
            Arbitraries.integers()),
        new Subject<>(
            KeyCodecs.LONG,
            List.of(Long.MIN_VALUE, -1L, 0L, 1L << 31, 1L << 32, Long.MAX_VALUE),
            Arbitraries.longs()),
        new Subject<>(
            KeyCodecs.CHARACTER,
            List.of('\0', 'a', '\u007f', '\u0080', '\u7fff', '\u8000', '\ud800', '\uffff'),
            Arbitraries.chars().all()),
        new Subject<>(KeyCodecs.BOOLEAN, List.of(false, true), Arbitraries.of(false, true)),
        new Subject<>(
            KeyCodecs.FLOAT, EDGE_FLOATS, Arbitraries.integers().map(Float::intBitsToFloat)),
        new Subject<>(
            KeyCodecs.DOUBLE, EDGE_DOUBLES, Arbitraries.longs().map(Double::longBitsToDouble)),
        new Subject<>(KeyCodecs.UUID, EDGE_UUIDS, uuids()),
        new Subject<>(KeyCodecs.INSTANT, EDGE_INSTANTS, instants()),
        new Subject<>(
            KeyCodecs.enumByName(Color.class),
            List.of(Color.values()),
            Arbitraries.of(Color.class)),
        new Subject<>(
            KeyCodecs.enumByCode(Color.class, Color::code),
            List.of(Color.values()),
            Arbitraries.of(Color.class)));
  }

  /** Beside each other in some order of case: dotted i, sharp s, final sigma, titlecase. */
  private static final List<String> EDGE_CASES =
      List.of(
          "", "a", "A", "aa", "aA", "b", "B", "[", "_", "z", "Z", "i", "I", "\u0130", "\u0131", "ß",
          "\u1e9e", "σ", "ς", "Σ", "ǆ", "ǅ", "Ǆ", "K", "k", "\u212a", "𐐀", "𐐨", "\ud800");

  static final List<String> EDGE_STRINGS =
      List.of(
          "",
          "\0",
          "\0\0",
          "\0\u00ff",
          "a",
          "a\0",
          "a\0b",
          "ab",
          "b",
          "\u007f",
          "\u0080",
          "\u07ff",
          "\u0800",
          "\ud7ff",
          "\ud800",
          "\ud800\udc00",
          "\ud800\udfff",
          "\udbff\udfff",
          "\udc00",
          "\udc00\ud800",
          "\udfff",
          "\ue000",
          "\uffff",
          "\uffffa",
          "😀",
          "😀a");

  private static final List<byte[]> EDGE_ARRAYS =
      List.of(
          bytes(),
          bytes(0),
          bytes(0, 0),
          bytes(0, 1),
          bytes(0, 255),
          bytes(0, 255, 0),
          bytes(1),
          bytes(127),
          bytes(128),
          bytes(255),
          bytes(255, 0),
          bytes(255, 255));

  private static final List<Float> EDGE_FLOATS =
      List.of(
          Float.NEGATIVE_INFINITY,
          -Float.MAX_VALUE,
          -1f,
          -Float.MIN_VALUE,
          -0f,
          0f,
          Float.MIN_VALUE,
          1f,
          Float.MAX_VALUE,
          Float.POSITIVE_INFINITY,
          Float.NaN,
          Float.intBitsToFloat(0xFFFFFFFF));

  private static final List<Double> EDGE_DOUBLES =
      List.of(
          Double.NEGATIVE_INFINITY,
          -Double.MAX_VALUE,
          -1d,
          -Double.MIN_VALUE,
          -0d,
          0d,
          Double.MIN_VALUE,
          1d,
          Double.MAX_VALUE,
          Double.POSITIVE_INFINITY,
          Double.NaN,
          Double.longBitsToDouble(-1L));

  private static final List<UUID> EDGE_UUIDS =
      List.of(
          new UUID(0, 0),
          new UUID(-1, -1),
          new UUID(Long.MIN_VALUE, 0),
          new UUID(Long.MAX_VALUE, 0),
          new UUID(0, Long.MIN_VALUE),
          new UUID(0, Long.MAX_VALUE),
          new UUID(0, -1));

  private static final List<Instant> EDGE_INSTANTS =
      List.of(
          Instant.MIN,
          Instant.MAX,
          Instant.EPOCH,
          Instant.EPOCH.minusNanos(1),
          Instant.EPOCH.plusNanos(1),
          Instant.ofEpochSecond(-1, 999_999_999),
          Instant.ofEpochSecond(1L << 32));

  @Property(tries = 2000)
  void unsignedByteOrderIsTheOrderOfTheComparator(@ForAll("pairs") Pair<?> pair) {
    pair.check();
  }

  @Property(tries = 2000)
  void everyKeyComesBack(@ForAll("pairs") Pair<?> pair) {
    pair.roundTrip();
  }

  @Property(tries = 2000)
  void anyBytesGiveTheirOwnKeyOrAnError(
      @ForAll("subjects") Subject<?> subject, @ForAll("arrays") byte[] bytes) {
    decodeStrictly(subject.codec(), bytes);
  }

  @Property(tries = 2000)
  void flippedAndCutBytesGiveTheirOwnKeyOrAnError(
      @ForAll("pairs") Pair<?> pair, @ForAll byte flip, @ForAll int seed) {
    byte[] bytes = pair.encodeFirst();
    if (bytes.length > 0) {
      int at = Math.floorMod(seed, bytes.length);
      byte[] flipped = bytes.clone();
      flipped[at] ^= flip;
      decodeStrictly(pair.subject().codec(), flipped);
      decodeStrictly(pair.subject().codec(), Arrays.copyOf(bytes, at));
      decodeStrictly(pair.subject().codec(), Arrays.copyOf(bytes, bytes.length + 1));
    }
  }

  /** What can be decoded at all is exactly what encoding makes. */
  private static <K> void decodeStrictly(KeyCodec<K> codec, byte[] bytes) {
    byte[] before = bytes.clone();
    K key;
    try {
      key = codec.decode(bytes);
    } catch (SerializationException expected) {
      return;
    } finally {
      assertThat(bytes).isEqualTo(before);
    }
    assertThat(codec.encode(key)).isEqualTo(bytes);
  }

  @Example
  void allPairsOfEdgesAreInOrderAndComeBack() {
    for (Subject<?> subject : forward()) {
      checkEdges(subject);
      checkEdges(reversed(subject));
    }
  }

  private static <K> void checkEdges(Subject<K> subject) {
    for (K a : subject.edges) {
      for (K b : subject.edges) {
        Pair<K> pair = new Pair<>(subject, a, b);
        pair.check();
        pair.roundTrip();
      }
    }
  }

  @Example
  @SuppressWarnings("unchecked")
  void comparatorIsTheNaturalOrderOfTheType() {
    for (Subject<?> subject : forward()) {
      if (Comparable.class.isAssignableFrom(subject.codec.type())
          && !subject.codec.type().isEnum()
          && subject.codec != KeyCodecs.STRING_IGNORING_CASE) {
        Subject<Object> s = (Subject<Object>) subject;
        for (Object a : s.edges) {
          for (Object b : s.edges) {
            assertThat(Integer.signum(s.codec.comparator().compare(a, b)))
                .isEqualTo(Integer.signum(((Comparable<Object>) a).compareTo(b)));
          }
        }
      }
    }
  }

  @Example
  void prefixFreeCodecsHaveNoEncodingThatBeginsWithAnother() {
    for (Subject<?> subject : forward()) {
      checkPrefixes(subject);
      checkPrefixes(reversed(subject));
    }
  }

  private static <K> void checkPrefixes(Subject<K> subject) {
    if (!subject.codec.prefixFree()) {
      return;
    }
    for (K a : subject.edges) {
      for (K b : subject.edges) {
        byte[] x = subject.codec.encode(a);
        byte[] y = subject.codec.encode(b);
        if (x.length < y.length) {
          assertThat(Arrays.copyOf(y, x.length)).isNotEqualTo(x);
        }
      }
    }
  }

  @Example
  void asciiKeysAreTheirAsciiBytes() {
    assertThat(KeyCodecs.STRING.encode("abc")).isEqualTo("abc".getBytes(StandardCharsets.US_ASCII));
    assertThat(KeyCodecs.STRING.encode("é€")).isEqualTo("é€".getBytes(StandardCharsets.UTF_8));
  }

  @Example
  void goldenBytesStayAsTheyAre() {
    assertThat(KeyCodecs.INTEGER.encode(1)).isEqualTo(bytes(0x80, 0, 0, 1));
    assertThat(KeyCodecs.LONG.encode(-1L))
        .isEqualTo(bytes(0x7f, 255, 255, 255, 255, 255, 255, 255));
    assertThat(KeyCodecs.DOUBLE.encode(1d)).isEqualTo(bytes(0xbf, 0xf0, 0, 0, 0, 0, 0, 0));
    assertThat(KeyCodecs.DOUBLE.encode(-1d))
        .isEqualTo(bytes(0x40, 0x0f, 255, 255, 255, 255, 255, 255));
    assertThat(KeyCodecs.STRING.encode("😀")).isEqualTo(bytes(0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80));
    assertThat(KeyCodecs.STRING.reversed().encode("a\0")).isEqualTo(bytes(0x9e, 255, 0, 255, 255));
    assertThat(KeyCodecs.INSTANT.encode(Instant.EPOCH))
        .isEqualTo(bytes(0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
    assertThat(KeyCodecs.enumByCode(Color.class, Color::code).encode(Color.RED))
        .isEqualTo(bytes(0x80, 0, 0, 30));
    assertThat(KeyCodecs.BIG_INTEGER.encode(BigInteger.valueOf(258))).isEqualTo(bytes(0x82, 1, 2));
    assertThat(KeyCodecs.BIG_INTEGER.encode(BigInteger.valueOf(-258)))
        .isEqualTo(bytes(0x7d, 254, 253));
    assertThat(KeyCodecs.BIG_DECIMAL.encode(new BigDecimal("12.30")))
        .isEqualTo(bytes(2, 0x81, 2, 13, 31, 0));
    assertThat(KeyCodecs.BIG_DECIMAL.encode(new BigDecimal("-12.3")))
        .isEqualTo(bytes(0, 0x7e, 253, 242, 224, 255));
    assertThat(KeyCodecs.of(LocalDate.class).encode(LocalDate.of(2026, 11, 28)))
        .isEqualTo(bytes(0x80, 0, 0x07, 0xea, 11, 28));
    assertThat(KeyCodecs.of(LocalTime.class).encode(LocalTime.of(0, 0, 1)))
        .isEqualTo(bytes(0, 0, 0x3b, 0x9a, 0xca, 0));
    assertThat(KeyCodecs.of(ZoneOffset.class).encode(ZoneOffset.ofHours(-1)))
        .isEqualTo(bytes(0x80, 0, 0x0e, 0x10));
    assertThat(KeyCodecs.tuple(KeyCodecs.STRING, KeyCodecs.INTEGER).encode(new Tuple2<>("a\0b", 1)))
        .isEqualTo(bytes('a', 0, 255, 'b', 0, 0, 0x80, 0, 0, 1));
  }

  @Example
  void malformedStringsAreRefused() {
    List<byte[]> malformed =
        List.of(
            bytes(0x80),
            bytes(0xc0, 0x80), // a longer form than needed
            bytes(0xc1, 0xbf),
            bytes(0xe0, 0x9f, 0xbf),
            bytes(0xc2),
            bytes(0xe1, 0x80),
            bytes(0xc2, 0x41),
            bytes(0xe1, 0x41, 0x80),
            bytes(0xe1, 0x80, 0x41),
            bytes(0xf0, 0x9f, 0x98, 0x80), // UTF-8, but not in this order
            bytes(0xff));
    for (byte[] bytes : malformed) {
      assertThatThrownBy(() -> KeyCodecs.STRING.decode(bytes))
          .as(() -> Arrays.toString(bytes))
          .isInstanceOf(SerializationException.class);
    }
  }

  @Example
  void codecsAreFoundByTheirType() {
    for (Class<?> type :
        List.of(
            String.class,
            byte[].class,
            Byte.class,
            Short.class,
            Integer.class,
            Long.class,
            Character.class,
            Boolean.class,
            Float.class,
            Double.class,
            UUID.class,
            BigInteger.class,
            BigDecimal.class,
            Instant.class,
            LocalDate.class,
            LocalTime.class,
            LocalDateTime.class,
            OffsetDateTime.class,
            OffsetTime.class,
            ZonedDateTime.class,
            ZoneOffset.class,
            Duration.class,
            Year.class,
            YearMonth.class,
            MonthDay.class,
            Month.class,
            DayOfWeek.class)) {
      assertThat(KeyCodecs.of(type).type()).isEqualTo(type);
    }
  }

  @Example
  void identitiesAreDistinct() {
    List<String> ids =
        forward().stream().flatMap(s -> Stream.of(s.codec.id(), s.codec.reversed().id())).toList();
    assertThat(ids).doesNotHaveDuplicates();
  }

  @Example
  void enumWithoutDeclaredOrderIsRefused() {
    assertThatThrownBy(() -> KeyCodecs.of(Color.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(Color.class.getName())
        .hasMessageContaining("enumByName")
        .hasMessageContaining("enumByCode");
  }

  @Example
  void typeWithoutOrderIsRefused() {
    assertThatThrownBy(() -> KeyCodecs.of(Thread.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("java.lang.Thread")
        .hasMessageContaining("KeyCodec of your own");
  }

  @Example
  void equalEnumCodesAreRefused() {
    assertThatThrownBy(() -> KeyCodecs.enumByCode(Color.class, color -> 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("same code 1");
  }

  @Example
  void byteKeysAreCopied() {
    byte[] key = {1, 2};
    byte[] encoded = KeyCodecs.BYTES.encode(key);
    key[0] = 9;
    byte[] decoded = KeyCodecs.BYTES.decode(encoded);
    encoded[1] = 9;
    assertThat(decoded).isEqualTo(bytes(1, 2));
  }

  /** Two keys of one codec. */
  record Pair<K>(Subject<K> subject, K a, K b) {
    void check() {
      KeyCodec<K> codec = subject.codec();
      int order = Integer.signum(codec.comparator().compare(a, b));
      int byteOrder = Integer.signum(Arrays.compareUnsigned(codec.encode(a), codec.encode(b)));
      assertThat(byteOrder).as("%s of %s and %s", codec.id(), a, b).isEqualTo(order);
    }

    void roundTrip() {
      KeyCodec<K> codec = subject.codec();
      K back = codec.decode(codec.encode(a));
      if (subject.isExact()) {
        assertThat(back).isEqualTo(a);
      }
      assertThat(codec.comparator().compare(back, a)).isZero();
    }

    byte[] encodeFirst() {
      return subject.codec().encode(a);
    }
  }

  @Provide
  Arbitrary<Pair<?>> pairs() {
    return subjects().flatMap(KeyCodecsTest::pairsOf);
  }

  private static <K> Arbitrary<Pair<?>> pairsOf(Subject<K> subject) {
    Arbitrary<K> keys = Arbitraries.oneOf(Arbitraries.of(subject.edges), subject.keys);
    return Combinators.combine(keys, keys).as((a, b) -> new Pair<>(subject, a, b));
  }

  /** Few different characters, so that common beginnings are frequent. */
  static Arbitrary<String> strings() {
    return Arbitraries.of(
            '\0', 'a', 'b', '\u0080', '\u0800', '\ud83d', '\ude00', '\ue000', '\uffff')
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
  static Arbitrary<byte[]> arrays() {
    return Arbitraries.of(
            (byte) 0, (byte) 1, (byte) -1, (byte) -128, (byte) 127, (byte) 0xc0, (byte) 0xed)
        .array(byte[].class)
        .ofMaxSize(14);
  }

  private static Arbitrary<UUID> uuids() {
    return Combinators.combine(Arbitraries.longs(), Arbitraries.longs()).as(UUID::new);
  }

  static Arbitrary<Instant> instants() {
    return Combinators.combine(
            Arbitraries.longs().between(-(1L << 40), 1L << 40),
            Arbitraries.integers().between(0, 999_999_999))
        .as(Instant::ofEpochSecond);
  }

  static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }
}
