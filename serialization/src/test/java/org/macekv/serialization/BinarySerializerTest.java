package org.macekv.serialization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.AbstractList;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.macekv.serialization.BinarySpecimens.Boxes;
import org.macekv.serialization.BinarySpecimens.Child;
import org.macekv.serialization.BinarySpecimens.Empty;
import org.macekv.serialization.BinarySpecimens.Groups;
import org.macekv.serialization.BinarySpecimens.Node;
import org.macekv.serialization.BinarySpecimens.Order;
import org.macekv.serialization.BinarySpecimens.Parent;
import org.macekv.serialization.BinarySpecimens.Primitives;
import org.macekv.serialization.BinarySpecimens.Status;
import org.macekv.serialization.BinarySpecimens.Tree;
import org.macekv.serialization.BinarySpecimens.Varargs;
import org.macekv.serialization.KeyCodecsTest.Subject;
import org.macekv.serialization.Specimens.Positive;

/** Records as plain bytes: what comes back, the bytes, and the identity. */
@SuppressWarnings("ArrayRecordComponent") // users do have arrays in records
class BinarySerializerTest {

  private static <T> T back(Class<T> type, T value) {
    Serializer<T> serializer = BinarySerializer.of(type);
    return serializer.deserialize(serializer.serialize(value));
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().withUpperCase().formatHex(bytes);
  }

  private static byte[] unhex(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  // ---- What comes back ------------------------------------------------------------------------

  static Stream<Arguments> edges() {
    Stream<Arguments> ofKeys =
        Stream.concat(KeySubjects.numbers().stream(), KeySubjects.times().stream())
            .map(BinarySerializerTest::edgesOf);
    return Stream.concat(
        ofKeys,
        Stream.of(
            Arguments.of(Boolean.class, List.of(false, true)),
            Arguments.of(Byte.class, List.of((byte) -128, (byte) 0, (byte) 127)),
            Arguments.of(Short.class, List.of(Short.MIN_VALUE, (short) 0, Short.MAX_VALUE)),
            Arguments.of(Character.class, List.of('\0', '\ud800', '\uffff')),
            Arguments.of(
                Integer.class,
                List.of(Integer.MIN_VALUE, -65, -64, -1, 0, 63, 64, 1 << 27, Integer.MAX_VALUE)),
            Arguments.of(
                Long.class,
                List.of(Long.MIN_VALUE, -65L, -1L, 0L, 1L << 34, 1L << 62, Long.MAX_VALUE)),
            Arguments.of(Float.class, List.of(-0f, 0f, Float.MIN_VALUE, Float.NaN)),
            Arguments.of(Double.class, List.of(-0.0, 0.0, Double.MAX_VALUE, Double.NaN)),
            Arguments.of(String.class, strings()),
            Arguments.of(byte[].class, List.of(new byte[0], new byte[] {0, -1}, new byte[70_000])),
            Arguments.of(UUID.class, List.of(new UUID(0, -1), new UUID(Long.MIN_VALUE, 1))),
            Arguments.of(Status.class, List.of(Status.values())),
            Arguments.of(
                Instant.class, List.of(Instant.MIN, Instant.MAX, Instant.ofEpochSecond(-1, 1))),
            Arguments.of(
                Period.class,
                List.of(Period.ZERO, Period.of(Integer.MIN_VALUE, -1, Integer.MAX_VALUE))),
            Arguments.of(
                ZoneId.class, List.of(ZoneId.of("Asia/Tokyo"), ZoneOffset.MIN, ZoneOffset.UTC))));
  }

  private static List<String> strings() {
    List<String> strings = new ArrayList<>(KeyCodecsTest.EDGE_STRINGS);
    strings.add("x".repeat(126));
    strings.add("x".repeat(127));
    strings.add("é\ud83d\ude00".repeat(10_000));
    strings.add("\ufffd");
    return strings;
  }

  private static Arguments edgesOf(Subject<?> subject) {
    return Arguments.of(subject.codec().type(), subject.edges());
  }

  @ParameterizedTest
  @MethodSource("edges")
  <T> void edgesOfEachSimpleTypeComeBack(Class<T> type, List<T> values) {
    Serializer<T> serializer = BinarySerializer.of(type);
    for (T value : values) {
      byte[] bytes = serializer.serialize(value);
      assertThat(serializer.deserialize(bytes)).isEqualTo(value);
      byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
      assertThatThrownBy(() -> serializer.deserialize(longer))
          .isInstanceOf(SerializationException.class);
    }
  }

  @Test
  void everyNotANumberKeepsItsBits() {
    float f = Float.intBitsToFloat(0x7fc0_1234);
    double d = Double.longBitsToDouble(0xfff8_0000_0000_1234L);
    Primitives back =
        back(Primitives.class, new Primitives(true, (byte) 1, (short) 2, '3', 4, 5, f, d));
    assertThat(Float.floatToRawIntBits(back.f())).isEqualTo(0x7fc0_1234);
    assertThat(Double.doubleToRawLongBits(back.d())).isEqualTo(0xfff8_0000_0000_1234L);
  }

  @Test
  void componentsOfEachPrimitiveTypeAndTheirBoxesComeBack() {
    Primitives low =
        new Primitives(
            false,
            Byte.MIN_VALUE,
            Short.MIN_VALUE,
            '\0',
            Integer.MIN_VALUE,
            Long.MIN_VALUE,
            -0f,
            -0.0);
    assertThat(back(Primitives.class, low)).isEqualTo(low);
    Boxes full = new Boxes(true, (byte) -1, (short) -2, '\uffff', -3, -4L, 1.5f, -2.5);
    assertThat(back(Boxes.class, full)).isEqualTo(full);
    Boxes empty = new Boxes(null, null, null, null, null, null, null, null);
    assertThat(back(Boxes.class, empty)).isEqualTo(empty);
    assertThat(BinarySerializer.of(Boxes.class).serialize(empty)).hasSize(8);
  }

  @Test
  void arraysComeBack() {
    BinarySpecimens.Arrays arrays = BinarySpecimens.arrays();
    BinarySpecimens.Arrays back = back(BinarySpecimens.Arrays.class, arrays);
    assertThat(back.bools()).isEqualTo(arrays.bools());
    assertThat(back.bytes()).isEqualTo(arrays.bytes());
    assertThat(back.shorts()).isEqualTo(arrays.shorts());
    assertThat(back.chars()).isEqualTo(arrays.chars());
    assertThat(back.ints()).isEqualTo(arrays.ints());
    assertThat(back.longs()).isEqualTo(arrays.longs());
    assertThat(back.floats()).isEqualTo(arrays.floats());
    assertThat(back.doubles()).isEqualTo(arrays.doubles());
    BinarySpecimens.Arrays none =
        new BinarySpecimens.Arrays(null, null, null, null, null, null, null, null);
    assertThat(back(BinarySpecimens.Arrays.class, none)).isEqualTo(none);
    assertThat(back(int[].class, new int[] {1, -1})).containsExactly(1, -1);
  }

  @Test
  void recordsOfOddShapesComeBack() {
    assertThat(back(Empty.class, new Empty())).isEqualTo(new Empty());
    assertThat(back(Varargs.class, new Varargs("a", 1, 2)).numbers()).containsExactly(1, 2);
    Parent parent = new Parent("p", List.of(new Child("c", new Parent("q", List.of()))));
    assertThat(back(Parent.class, parent)).isEqualTo(parent);
    assertThat(back(Child.class, parent.children().get(0))).isEqualTo(parent.children().get(0));
  }

  @Test
  void randomTreesComeBack() {
    Serializer<Tree> serializer = BinarySerializer.of(Tree.class);
    for (int seed = 0; seed < 2000; seed++) {
      Tree tree = BinarySpecimens.tree(new Random(seed), 3);
      byte[] bytes = serializer.serialize(tree);
      Tree back = serializer.deserialize(bytes);
      assertThat(back).as("seed %d", seed).isEqualTo(tree);
      assertThat(serializer.serialize(back)).as("seed %d", seed).isEqualTo(bytes);
    }
  }

  @Test
  void nullsOfAllKindsComeBackInCollections() {
    Tree tree =
        new Tree(
            null,
            0,
            null,
            Collections.singletonList(null),
            Collections.singleton(null),
            Collections.singletonMap(null, null));
    assertThat(back(Tree.class, tree)).isEqualTo(tree);
  }

  @Test
  void collectionsKeepTheirOrderAndAreUnmodifiable() {
    Map<String, List<Long>> byName = new LinkedHashMap<>();
    for (String name : List.of("z", "a", "m")) {
      byName.put(name, new ArrayList<>(List.of(1L)));
    }
    Groups back =
        back(Groups.class, new Groups(new LinkedHashSet<>(List.of("c", "a", "b")), byName));
    assertThat(back.tags()).containsExactly("c", "a", "b");
    assertThat(back.byName().keySet()).containsExactly("z", "a", "m");
    Groups empty = back(Groups.class, new Groups(Set.of(), Map.of("k", List.of())));
    for (Set<String> set : List.of(back.tags(), empty.tags())) {
      assertThatThrownBy(() -> set.add("x")).isInstanceOf(UnsupportedOperationException.class);
    }
    for (Groups each : List.of(back, empty)) {
      assertThatThrownBy(() -> each.byName().put("x", List.of()))
          .isInstanceOf(UnsupportedOperationException.class);
      for (List<Long> list : each.byName().values()) {
        assertThatThrownBy(() -> list.add(2L)).isInstanceOf(UnsupportedOperationException.class);
      }
    }
  }

  @Test
  void noArrayIsShared() {
    Serializer<byte[]> serializer = BinarySerializer.of(byte[].class);
    byte[] value = new byte[31]; // with its count as long as the buffer
    byte[] bytes = serializer.serialize(value);
    byte[] again = serializer.serialize(value);
    value[0] = 1;
    assertThat(bytes).hasSize(32).containsOnly(0, 32).isNotSameAs(again).isEqualTo(again);
    byte[] read = serializer.deserialize(bytes);
    bytes[1] = 7;
    assertThat(read[0]).isZero();
  }

  // ---- The bytes ------------------------------------------------------------------------------

  static Stream<Arguments> goldens() {
    LocalDate date = LocalDate.of(1970, 1, 2);
    LocalTime time = LocalTime.ofNanoOfDay(300);
    LocalDateTime dateTime = date.atTime(time);
    ZoneOffset offset = ZoneOffset.ofHours(1);
    return Stream.of(
        Arguments.of(Boolean.class, true, "01"),
        Arguments.of(Byte.class, (byte) -1, "FF"),
        Arguments.of(Short.class, (short) 258, "0102"),
        Arguments.of(Character.class, 'A', "0041"),
        Arguments.of(Integer.class, -300, "D704"),
        Arguments.of(Integer.class, Integer.MIN_VALUE, "FFFFFFFF0F"),
        Arguments.of(Long.class, 1L, "02"),
        Arguments.of(Long.class, Long.MIN_VALUE, "FFFFFFFFFFFFFFFFFF01"),
        Arguments.of(Float.class, 1f, "3F800000"),
        Arguments.of(Double.class, -0.0, "8000000000000000"),
        Arguments.of(String.class, "", "01"),
        Arguments.of(String.class, "aé", "0461C3A9"),
        Arguments.of(String.class, "\ud83d\ude00", "05F09F9880"),
        Arguments.of(String.class, "\ud800", "04EDA080"),
        Arguments.of(byte[].class, new byte[] {1, 2}, "030102"),
        Arguments.of(BigInteger.class, BigInteger.valueOf(256), "030100"),
        Arguments.of(BigDecimal.class, new BigDecimal("-1.5"), "0202F1"),
        Arguments.of(UUID.class, new UUID(1, -1), "0000000000000001FFFFFFFFFFFFFFFF"),
        Arguments.of(Status.class, Status.DONE, "05444F4E45"),
        Arguments.of(DayOfWeek.class, DayOfWeek.MONDAY, "074D4F4E444159"),
        Arguments.of(boolean[].class, new boolean[] {true, false}, "030100"),
        Arguments.of(short[].class, new short[] {1}, "020001"),
        Arguments.of(char[].class, new char[] {'A'}, "020041"),
        Arguments.of(int[].class, new int[] {1}, "0200000001"),
        Arguments.of(long[].class, new long[] {-2}, "02FFFFFFFFFFFFFFFE"),
        Arguments.of(float[].class, new float[] {1}, "023F800000"),
        Arguments.of(double[].class, new double[] {1}, "023FF0000000000000"),
        Arguments.of(Instant.class, Instant.ofEpochSecond(-1, 1), "0100000001"),
        Arguments.of(Duration.class, Duration.ofSeconds(1, 2), "0200000002"),
        Arguments.of(LocalDate.class, date, "02"),
        Arguments.of(LocalTime.class, time, "AC02"),
        Arguments.of(LocalDateTime.class, dateTime, "02AC02"),
        Arguments.of(ZoneOffset.class, offset, "A038"),
        Arguments.of(ZoneId.class, ZoneId.of("UTC"), "04555443"),
        Arguments.of(OffsetTime.class, time.atOffset(offset), "AC02A038"),
        Arguments.of(OffsetDateTime.class, dateTime.atOffset(offset), "02AC02A038"),
        Arguments.of(ZonedDateTime.class, dateTime.atZone(ZoneId.of("UTC")), "02AC020004555443"),
        Arguments.of(Year.class, Year.of(1), "02"),
        Arguments.of(YearMonth.class, YearMonth.of(1, 2), "0202"),
        Arguments.of(MonthDay.class, MonthDay.of(2, 29), "021D"),
        Arguments.of(Period.class, Period.of(1, -1, 2), "020104"),
        Arguments.of(Empty.class, new Empty(), ""),
        Arguments.of(Node.class, BinarySpecimens.chain(2), "02010400"),
        Arguments.of(
            Groups.class,
            new Groups(new LinkedHashSet<>(List.of("b", "a")), Map.of("k", List.of(1L))),
            "03 0262 0261 02 026B 02 0102"),
        Arguments.of(
            Order.class,
            BinarySpecimens.order(),
            "D804 01 03C3A9 00 01 3FF0000000000000 01 02 00000005 05444F4E45 03 0102 00"));
  }

  @ParameterizedTest
  @MethodSource("goldens")
  <T> void bytesAreThoseOfTheFormatDocument(Class<T> type, T value, String expected) {
    Serializer<T> serializer = BinarySerializer.of(type);
    assertThat(hex(serializer.serialize(value))).isEqualTo(expected.replace(" ", ""));
    assertThat(serializer.deserialize(unhex(expected))).isEqualTo(value);
  }

  // ---- What is refused ------------------------------------------------------------------------

  @Test
  void valueOfAnotherTypeIsRefused() {
    @SuppressWarnings({"unchecked", "rawtypes"})
    Serializer<Object> serializer = (Serializer) BinarySerializer.of(Node.class);
    assertThatThrownBy(() -> serializer.serialize("text"))
        .isInstanceOf(ClassCastException.class)
        .hasMessageContaining(Node.class.getName());
    assertThatThrownBy(() -> serializer.serialize(null)).isInstanceOf(NullPointerException.class);
  }

  /** A list whose size is another one each time that it is asked for. */
  private static final class Changing extends AbstractList<Integer> {
    private final int step;
    private int size = 2;

    Changing(int step) {
      this.step = step;
    }

    @Override
    public Integer get(int index) {
      return index;
    }

    @Override
    public int size() {
      size += step;
      return Math.max(0, size);
    }
  }

  /** A map that says it has one entry. */
  private static final class SaysOne extends AbstractMap<String, List<Long>> {
    private final Map<String, List<Long>> entries;

    SaysOne(Map<String, List<Long>> entries) {
      this.entries = entries;
    }

    @Override
    public int size() {
      return 1;
    }

    @Override
    public Set<Map.Entry<String, List<Long>>> entrySet() {
      return entries.entrySet();
    }
  }

  @Test
  @SuppressWarnings({"unchecked", "rawtypes"})
  void whatCanNotBeWrittenIsRefused() {
    Serializer<Groups> groups = BinarySerializer.of(Groups.class);
    assertThatThrownBy(() -> groups.serialize(new Groups((Set) Set.of(7), Map.of())))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining(Groups.class.getName())
        .hasCauseInstanceOf(ClassCastException.class);
    Map<String, List<Long>> two = Map.of("a", List.of(), "b", List.of());
    for (Map<String, List<Long>> entries : List.of(Map.<String, List<Long>>of(), two)) {
      assertThatThrownBy(() -> groups.serialize(new Groups(Set.of(), new SaysOne(entries))))
          .isInstanceOf(SerializationException.class)
          .hasMessageContaining("changed while it was written");
    }
    Order order = BinarySpecimens.order();
    for (int step : new int[] {1, -1}) {
      Order changing =
          new Order(1, 1, "", "", true, 1, order.placed(), Status.NEW, new Changing(step));
      assertThatThrownBy(() -> BinarySerializer.of(Order.class).serialize(changing))
          .isInstanceOf(SerializationException.class)
          .hasMessageContaining("changed while it was written");
    }
  }

  record Guarded(String name) {
    @Override
    public String name() {
      throw new IllegalStateException("not for you");
    }
  }

  @Test
  void whatARecordThrowsIsTheCause() {
    Serializer<Positive> positives = BinarySerializer.of(Positive.class);
    assertThat(positives.deserialize(unhex("02"))).isEqualTo(new Positive(1));
    assertThatThrownBy(() -> positives.deserialize(unhex("01")))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("not positive: -1")
        .hasCauseInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> BinarySerializer.of(Guarded.class).serialize(new Guarded("a")))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("not for you")
        .hasCauseInstanceOf(IllegalStateException.class);
  }

  record OfSortedMap(SortedMap<String, String> tags) {}

  record OfLocale(int a, List<Map<String, Locale>> locales) {}

  record OfRawList(@SuppressWarnings("rawtypes") List list) {}

  record OfStrings(String[] strings) {}

  record OfAnything(List<?> things) {}

  record OfLower(List<? super String> things) {}

  record Generic<T>(T value) {}

  record OfGeneric(Generic<String> generic) {}

  record Outer(OfLocale inner) {}

  private static void assertRefused(Class<?> type, String... parts) {
    assertThatThrownBy(() -> BinarySerializer.of(type))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(parts)
        .hasMessageContaining("no plain binary form: ");
  }

  @Test
  void typesWithoutAFormAreRefusedByName() {
    String own = BinarySerializerTest.class.getName();
    assertRefused(OfSortedMap.class, "'tags'", own + "$OfSortedMap", "java.util.SortedMap<");
    assertRefused(OfLocale.class, "'locales'", own + "$OfLocale", "java.util.Locale");
    assertRefused(Outer.class, "'locales'", own + "$OfLocale", "KryoSerialization");
    assertRefused(OfRawList.class, "'list'", "java.util.List", "as in List<String>");
    assertRefused(OfStrings.class, "'strings'", "java.lang.String[]", "declare a List");
    assertRefused(OfAnything.class, "'things'", "java.lang.Object");
    assertRefused(OfLower.class, "'things'", "? super java.lang.String");
    assertRefused(Generic.class, "'value'", own + "$Generic");
    assertRefused(OfGeneric.class, "'generic'", "Generic<java.lang.String>");
    assertRefused(Object.class, "java.lang.Object");
    assertRefused(List.class, "java.util.List", "within a record");
    assertRefused(int.class, "int", "take its box");
    assertRefused(((Object) Status.DONE).getClass(), "Status$1");
  }

  @Test
  void namesAreChecked() {
    for (String name : List.of("", "a(b)", "a b", "a,b", "@a")) {
      assertThatThrownBy(() -> BinarySerializer.of(Node.class, name))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("'" + name + "'");
    }
    assertThatThrownBy(() -> BinarySerializer.of(String.class, "text"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("java.lang.String");
  }

  // ---- The identity ---------------------------------------------------------------------------

  @Test
  void identityHasTheWholeSchema() {
    String own = BinarySpecimens.class.getName();
    assertThat(BinarySerializer.of(Integer.class).id()).isEqualTo("binary/1 Integer");
    assertThat(BinarySerializer.of(byte[].class).id()).isEqualTo("binary/1 byte[]");
    assertThat(BinarySerializer.of(Status.class).id())
        .isEqualTo("binary/1 enum " + own + "$Status");
    assertThat(BinarySerializer.of(Order.class).id())
        .isEqualTo(
            "binary/1 "
                + own
                + "$Order(id:long,quantity:int,customer:String,note:String,paid:boolean,"
                + "price:double,placed:Instant,status:enum "
                + own
                + "$Status,sizes:List<Integer>)");
    assertThat(BinarySerializer.of(Groups.class).id())
        .isEqualTo("binary/1 " + own + "$Groups(tags:Set<String>,byName:Map<String,List<Long>>)");
    assertThat(BinarySerializer.of(Child.class).id())
        .isEqualTo(
            "binary/1 %s$Child(name:String,parent:%s$Parent(name:String,children:List<@%s$Child>))"
                .formatted(own, own, own));
    assertThat(BinarySerializer.of(Empty.class).id()).isEqualTo("binary/1 " + own + "$Empty()");
  }

  @Test
  void nameTakesThePlaceOfTheClass() {
    Serializer<Node> serializer = BinarySerializer.of(Node.class, "shop.node-1");
    assertThat(serializer.id()).isEqualTo("binary/1 shop.node-1(value:int,next:@shop.node-1)");
    assertThat(serializer).hasToString(serializer.id());
    assertThat(BinarySerializer.of(Status.class, "status").id()).isEqualTo("binary/1 enum status");
    assertThat(serializer.readsId(serializer.id())).isTrue();
    assertThat(serializer.readsId(BinarySerializer.of(Node.class).id())).isFalse();
  }

  // ---- Many threads ---------------------------------------------------------------------------

  @Test
  void manyThreadsShareOneSerializer() throws Exception {
    Serializer<Tree> serializer = BinarySerializer.of(Tree.class);
    byte[] shared = serializer.serialize(BinarySpecimens.tree(new Random(-1), 3));
    int count = 4;
    ExecutorService threads = Executors.newFixedThreadPool(count);
    try {
      CyclicBarrier start = new CyclicBarrier(count);
      List<Future<?>> work = new ArrayList<>();
      for (int t = 0; t < count; t++) {
        Random random = new Random(t);
        work.add(
            threads.submit(
                () -> {
                  start.await();
                  for (int i = 0; i < 500; i++) {
                    Tree tree = BinarySpecimens.tree(random, 2);
                    assertThat(serializer.deserialize(serializer.serialize(tree))).isEqualTo(tree);
                    assertThat(serializer.serialize(serializer.deserialize(shared)))
                        .isEqualTo(shared);
                  }
                  return null;
                }));
      }
      for (Future<?> future : work) {
        future.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
