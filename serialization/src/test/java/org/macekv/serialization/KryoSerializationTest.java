package org.macekv.serialization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
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
import java.util.AbstractMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Currency;
import java.util.Date;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.Vector;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.macekv.serialization.Specimens.Address;
import org.macekv.serialization.Specimens.Circle;
import org.macekv.serialization.Specimens.Customer;
import org.macekv.serialization.Specimens.Derived;
import org.macekv.serialization.Specimens.Empty;
import org.macekv.serialization.Specimens.Everything;
import org.macekv.serialization.Specimens.Level;
import org.macekv.serialization.Specimens.Loop;
import org.macekv.serialization.Specimens.Order;
import org.macekv.serialization.Specimens.Pair;
import org.macekv.serialization.Specimens.Person;
import org.macekv.serialization.Specimens.Point;
import org.macekv.serialization.Specimens.Positive;
import org.macekv.serialization.Specimens.Shape;
import org.macekv.serialization.Specimens.Square;

class KryoSerializationTest {
  private final ClassCatalog catalog = new InMemoryClassCatalog();

  private <T> Serializer<T> serializer(Class<T> type, Class<?>... registered) {
    return KryoSerialization.builder(catalog).register(registered).build().of(type);
  }

  private Serializer<Object> objects(Class<?>... registered) {
    return serializer(Object.class, registered);
  }

  private static <T> T roundTrip(Serializer<T> serializer, T value) {
    return serializer.deserialize(serializer.serialize(value));
  }

  @SuppressWarnings("JavaUtilDate")
  static Stream<Object> plainValues() {
    return Stream.of(
        true,
        (byte) -1,
        (short) -1,
        'x',
        -1,
        Integer.MIN_VALUE,
        Integer.MAX_VALUE,
        Long.MIN_VALUE,
        1.5f,
        Double.NaN,
        "",
        "ascii",
        "é\ud800😀",
        new byte[] {1},
        new boolean[] {true, false},
        new short[] {-1},
        new char[] {'\uffff'},
        new int[] {-1, 0, 1},
        new long[] {Long.MIN_VALUE},
        new float[] {-0f},
        new double[] {-0d, Double.MAX_VALUE},
        new String[] {"a", null, ""},
        new Object[] {1, "a", null},
        new int[][] {{1}, null, {}},
        new String[][] {{"a"}},
        new List<?>[] {List.of(1)},
        new Integer[] {1, null},
        BigInteger.TWO.pow(200).negate(),
        BigInteger.ZERO,
        new BigDecimal("-1.20"),
        new BigDecimal("1e1000"),
        OptionalInt.of(-5),
        OptionalInt.empty(),
        OptionalLong.of(5),
        OptionalLong.empty(),
        OptionalDouble.of(1),
        OptionalDouble.empty(),
        Instant.MIN,
        Instant.MAX,
        Duration.ofSeconds(-1, 1),
        LocalTime.MAX,
        LocalTime.MIN,
        LocalDate.MIN,
        LocalDate.MAX,
        LocalDateTime.MIN,
        OffsetTime.MAX,
        OffsetDateTime.MIN,
        ZoneOffset.MAX,
        ZoneId.of("Europe/Berlin"),
        ZonedDateTime.of(LocalDateTime.of(2024, 10, 27, 2, 30), ZoneId.of("Europe/Berlin"))
            .withLaterOffsetAtOverlap(),
        ZonedDateTime.of(LocalDateTime.of(2024, 1, 1, 0, 0), ZoneOffset.UTC),
        Year.of(-44),
        YearMonth.of(2024, 12),
        MonthDay.of(2, 29),
        Period.of(1, -2, 3),
        DayOfWeek.SUNDAY,
        new UUID(-1, 1),
        URI.create("urn:a:b"),
        Locale.GERMANY,
        Locale.ROOT,
        Currency.getInstance("EUR"),
        new Date(-1),
        BitSet.valueOf(new byte[] {5}));
  }

  @ParameterizedTest
  @MethodSource("plainValues")
  void plainValueComesBack(Object value) {
    Object back = roundTrip(objects(), value);
    assertThat(back.getClass()).isEqualTo(value.getClass());
    assertThat(Arrays.deepEquals(new Object[] {back}, new Object[] {value})).isTrue();
  }

  @SuppressWarnings("JdkObsolete")
  static Stream<Object> collections() {
    Map<String, Integer> map = new LinkedHashMap<>(Map.of("a", 1, "b", 2));
    map.put(null, null);
    List<Integer> list = new ArrayList<>(Arrays.asList(3, 1, null, 2, 1));
    List<Integer> some = List.of(3, 1, 2);
    return Stream.of(
        list,
        new LinkedList<>(list),
        new Vector<>(list),
        new CopyOnWriteArrayList<>(list),
        Arrays.asList(1, null),
        new HashSet<>(list),
        new LinkedHashSet<>(list),
        new TreeSet<>(some),
        new ConcurrentSkipListSet<>(some),
        new CopyOnWriteArraySet<>(list),
        map,
        new HashMap<>(map),
        new TreeMap<>(Map.of(1, "a", 2, "b")),
        new ConcurrentHashMap<>(Map.of(1, 2)),
        new ConcurrentSkipListMap<>(Map.of(1, 2)),
        new Hashtable<>(Map.of(1, 2)),
        List.of(),
        List.of(1),
        List.of(1, 2),
        List.of(1, 2, 3),
        some.subList(1, 2),
        Stream.of(1, null).toList(),
        Set.of(),
        Set.of(1),
        Set.of(1, 2, 3),
        Map.of(),
        Map.of(1, 2),
        Map.of(1, 2, 3, 4),
        Map.entry(1, 2),
        Collections.emptyList(),
        Collections.emptySet(),
        Collections.emptyMap(),
        Collections.singletonList(null),
        Collections.singleton(1),
        Collections.singletonMap(1, null),
        Collections.unmodifiableList(list),
        Collections.unmodifiableList(new LinkedList<>(list)),
        Collections.unmodifiableSet(new HashSet<>(list)),
        Collections.unmodifiableMap(map),
        Optional.of(1),
        Optional.empty(),
        new AbstractMap.SimpleEntry<>(1, null),
        new AbstractMap.SimpleImmutableEntry<>(null, 1),
        EnumSet.allOf(DayOfWeek.class),
        EnumSet.noneOf(DayOfWeek.class),
        new EnumMap<>(Map.of(DayOfWeek.FRIDAY, 1)),
        new EnumMap<>(DayOfWeek.class),
        Collections.reverseOrder(),
        Comparator.naturalOrder(),
        String.CASE_INSENSITIVE_ORDER);
  }

  @ParameterizedTest
  @MethodSource("collections")
  void collectionComesBackAsTheSameClass(Object value) {
    Object back = roundTrip(objects(), value);
    assertThat(back).isEqualTo(value);
    if (!value.getClass().getName().contains("Unmodifiable")
        && !value.getClass().getName().contains("SubList")) {
      assertThat(back.getClass()).isEqualTo(value.getClass());
    }
    if (value instanceof LinkedHashMap<?, ?> || value instanceof LinkedHashSet<?>) {
      assertThat(back).hasToString(value.toString());
    }
  }

  @Test
  void queuesKeepTheirElements() {
    List<Collection<Integer>> queues =
        List.of(
            new ArrayDeque<>(List.of(3, 1, 2)),
            new ConcurrentLinkedQueue<>(List.of(3, 1, 2)),
            new PriorityQueue<>(List.of(3, 1, 2)),
            Collections.unmodifiableCollection(List.of(3, 1, 2)));
    for (Collection<Integer> queue : queues) {
      Collection<?> back = (Collection<?>) roundTrip(objects(), queue);
      assertThat(back).hasSameClassAs(queue);
      assertThat(back.toArray()).isEqualTo(queue.toArray());
    }
  }

  @Test
  void sortedCollectionsKeepTheirComparator() {
    TreeMap<String, Integer> map = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    map.put("B", 1);
    map.put("a", 2);
    TreeMap<?, ?> back = (TreeMap<?, ?>) roundTrip(objects(), map);
    assertThat(back.comparator()).isSameAs(String.CASE_INSENSITIVE_ORDER);
    assertThat(back.toString()).isEqualTo("{a=2, B=1}");
    PriorityQueue<Integer> queue = new PriorityQueue<>(Collections.reverseOrder());
    queue.addAll(List.of(1, 3, 2));
    PriorityQueue<?> queueBack = (PriorityQueue<?>) roundTrip(objects(), queue);
    assertThat(queueBack.poll()).isEqualTo(3);
    assertThat(new TreeSet<>((Set<?>) roundTrip(objects(), new TreeSet<>(Set.of(1)))).comparator())
        .isNull();
  }

  @Test
  void recordWithEverythingComesBack() {
    Serializer<Everything> serializer = serializer(Everything.class, Level.class, Point.class);
    Everything value = Specimens.everything();
    assertThat(roundTrip(serializer, value)).isEqualTo(value);
    assertThat(roundTrip(serializer, value).level()).isSameAs(Level.HIGH);
  }

  @Test
  void emptyRecordsInAListComeBack() {
    List<Empty> list = new ArrayList<>(List.of(new Empty(), new Empty()));
    assertThat(roundTrip(objects(Empty.class), list)).isEqualTo(list);
  }

  @Test
  void recordIsMadeByItsConstructorWithAllItsChecks() {
    Serializer<Positive> serializer = serializer(Positive.class);
    byte[] bytes = serializer.serialize(new Positive(1));
    bytes[bytes.length - 1] = 1; // -1 in the form of small numbers
    assertThatThrownBy(() -> serializer.deserialize(bytes))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("not positive: -1");
  }

  @Test
  void objectComesBackWithInheritedHiddenAndFinalFields() {
    Derived value = new Derived("base", 5, 9);
    value.other = value;
    Derived back = roundTrip(serializer(Derived.class), value);
    assertThat(back.id()).isEqualTo("base");
    assertThat(back.count).isEqualTo(5);
    assertThat(back.derivedId()).isEqualTo(9);
    assertThat(back.other).isSameAs(back);
    assertThat(back.cached).as("no constructor ran").isZero();
  }

  @Test
  void objectIsMadeByThePrivateConstructorWithoutParameters() {
    Person back = roundTrip(serializer(Person.class), new Person("Ann"));
    assertThat(back.name).isEqualTo("Ann");
    assertThat(back.note).isEqualTo("from the constructor");
  }

  @Test
  void cyclesAndSharedObjectsComeBack() {
    Person ann = new Person("Ann");
    Person bob = new Person("Bob");
    ann.friends.add(bob);
    bob.friends.add(ann);
    bob.friends.add(bob);
    Person back = roundTrip(serializer(Person.class), ann);
    Person backBob = back.friends.get(0);
    assertThat(backBob.friends.get(0)).isSameAs(back);
    assertThat(backBob.friends.get(1)).isSameAs(backBob);
  }

  @Test
  void sameObjectTwiceIsOneObjectAgain() {
    List<Integer> shared = new ArrayList<>(List.of(1));
    Pair back = roundTrip(serializer(Pair.class), new Pair(shared, shared));
    assertThat(back.first()).isSameAs(back.second());
    Object[] array = new Object[2];
    array[0] = array;
    Object[] backArray = (Object[]) roundTrip(objects(), array);
    assertThat(backArray[0]).isSameAs(backArray);
  }

  @Test
  void cycleThroughARecordIsRefusedWhenWritten() {
    Loop loop = new Loop();
    Pair pair = new Pair(1, loop);
    loop.target = List.of(pair);
    assertThatThrownBy(() -> serializer(Pair.class, Loop.class).serialize(pair))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("cycle")
        .hasMessageContaining(".second.target[0]");
  }

  @Test
  void sharedRecordsWithoutACycleAreFine() {
    Point point = new Point(1, 2);
    Pair back = roundTrip(serializer(Pair.class, Point.class), new Pair(new Pair(point, 1), point));
    assertThat(back).isEqualTo(new Pair(new Pair(point, 1), point));
  }

  @Test
  void sealedTypeAllowsAllItsSubclasses() {
    Serializer<Shape> serializer = serializer(Shape.class);
    assertThat(roundTrip(serializer, new Circle(1))).isEqualTo(new Circle(1));
    assertThat(roundTrip(serializer, new Square(2))).isEqualTo(new Square(2));
    Shape[] shapes = {new Circle(1), null};
    assertThat(roundTrip(serializer(Shape[].class), shapes)).isEqualTo(shapes);
  }

  @Test
  void simpleTypesDoNotPayForKryo() {
    assertThat(serializer(String.class)).isSameAs(Serializers.STRING);
    assertThat(serializer(Level.class).serialize(Level.LOW)).containsExactly('L', 'O', 'W');
  }

  /** Declared types, and type arguments, of classes that are allowed. */
  @SuppressWarnings("ArrayRecordComponent") // compared by their contents
  record Declaring(
      List<Customer> list,
      Map<String, ? extends Square> bounded,
      Level[] levels,
      List<Point>[] generic,
      Thread never) {}

  @Test
  void declaredClassesNeedNotBeRegistered() {
    Order order =
        new Order(List.of(new Customer("Ann", null), new Customer("Bob", new Address("Bonn"))));
    assertThat(roundTrip(serializer(Order.class), order)).isEqualTo(order);
    @SuppressWarnings({"unchecked", "rawtypes"}) // there are no others
    List<Point>[] generic = new List[] {List.of(new Point(1, 2))};
    Declaring value =
        new Declaring(
            List.of(), Map.of("a", new Square(1)), new Level[] {Level.LOW}, generic, null);
    Declaring back = roundTrip(serializer(Declaring.class), value);
    assertThat(back.bounded()).isEqualTo(value.bounded());
    assertThat(back.levels()).isEqualTo(value.levels());
    assertThat(back.generic()).isEqualTo(value.generic());
    assertThatThrownBy(
            () ->
                serializer(Declaring.class)
                    .serialize(new Declaring(null, null, null, null, Thread.currentThread())))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("java.lang.Thread");
  }

  @Test
  void unregisteredClassIsRefusedWithItsPath() {
    Pair pair = new Pair(new ArrayList<>(List.of(1, new Pair("", new Address("Bonn")))), null);
    assertThatThrownBy(() -> serializer(Pair.class).serialize(pair))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("Pair.first[1].second")
        .hasMessageContaining(Address.class.getName())
        .hasMessageContaining("register");
    assertThatThrownBy(() -> objects().serialize(new Object()))
        .isInstanceOf(SerializationException.class);
    assertThatThrownBy(() -> objects().serialize(Thread.currentThread()))
        .isInstanceOf(SerializationException.class);
    assertThatThrownBy(() -> objects().serialize(new Point[0]))
        .isInstanceOf(SerializationException.class);
    assertThatThrownBy(() -> objects().serialize((Runnable) () -> {}))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("lambda");
  }

  @Test
  void unregisteredClassInTheBytesIsRefused() {
    byte[] bytes = objects(Point.class).serialize(new Point(1, 2));
    assertThatThrownBy(() -> objects().deserialize(bytes))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining(Point.class.getName())
        .hasMessageContaining("register");
    byte[] array = objects(Point.class).serialize(new Point[0]);
    assertThatThrownBy(() -> objects().deserialize(array))
        .isInstanceOf(SerializationException.class);
  }

  @Test
  void valueOfAnotherTypeIsRefused() {
    byte[] bytes = serializer(Point.class).serialize(new Point(1, 2));
    assertThatThrownBy(() -> serializer(Pair.class, Point.class).deserialize(bytes))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining(Point.class.getName());
  }

  @Test
  void numbersOfClassesDoNotDependOnTheOrderOfRegistration() {
    ClassCatalog shared = new InMemoryClassCatalog();
    Serializer<Object> one =
        KryoSerialization.builder(shared)
            .register(Point.class, Pair.class, Level.class)
            .build()
            .of(Object.class);
    Pair value = new Pair(new Point(1, 2), Level.LOW);
    byte[] bytes = one.serialize(value);
    Serializer<Object> other =
        KryoSerialization.builder(shared)
            .register(Person.class)
            .register(Level.class, Circle.class, Pair.class, Point.class)
            .build()
            .of(Object.class);
    assertThat(other.serialize(new Circle(1))).isNotEmpty();
    assertThat(other.deserialize(bytes)).isEqualTo(value);
    assertThat(other.serialize(value)).isEqualTo(bytes);
  }

  @Test
  void readingGivesNoNumbers() {
    InMemoryClassCatalog shared = new InMemoryClassCatalog();
    Serializer<Object> one =
        KryoSerialization.builder(shared).register(Point.class).build().of(Object.class);
    byte[] bytes = one.serialize(new ArrayList<>(List.of(new Point(1, 2))));
    Serializer<Object> other =
        KryoSerialization.builder(shared).register(Point.class).build().of(Object.class);
    assertThat(other.deserialize(bytes)).isEqualTo(List.of(new Point(1, 2)));
    assertThatThrownBy(() -> shared.nameOf(2)).isInstanceOf(SerializationException.class);
  }

  @Test
  void goldenBytesStayAsTheyAre() {
    Pair value = new Pair(new ArrayList<>(Arrays.asList(1, "é", null)), new Point(-1, 300));
    byte[] bytes = serializer(Pair.class, Point.class).serialize(value);
    assertThat(bytes)
        .containsExactly(
            1, // format
            1, 1, // Pair is number 0, a new object
            2, 1, 3, // first: ArrayList, a new object, 3 elements
            3, 2, // Integer 1
            4, 3, 0xc3, 0xa9, // String of 2 bytes
            0, // null
            5, 1, // second: Point, a new object
            1, // x
            0xd8, 4); // y
    assertThat(catalog.nameOf(0))
        .isEqualTo(
            "record " + Pair.class.getName() + "(java.lang.Object first, java.lang.Object second)");
  }

  @Test
  void failureOfTheCatalogIsPassedOnAsItIs() {
    IllegalStateException failure = new IllegalStateException("store closed");
    ClassCatalog broken =
        new ClassCatalog() {
          @Override
          public int idOf(String className) {
            throw failure;
          }

          @Override
          public String nameOf(int id) {
            throw failure;
          }

          @Override
          public List<String> names() {
            return List.of();
          }
        };
    Serializer<Pair> serializer = KryoSerialization.builder(broken).build().of(Pair.class);
    assertThatThrownBy(() -> serializer.serialize(new Pair(1, 2))).isSameAs(failure);
    assertThatThrownBy(() -> serializer.deserialize(new byte[] {1, 1})).isSameAs(failure);
  }

  @Test
  void classThatCannotBeStoredIsRefusedWhenDeclared() {
    assertThatThrownBy(() -> serializer(Thread.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("java.lang.Thread");
    class Sub extends ArrayList<String> {
      private static final long serialVersionUID = 1L;
    }
    assertThatThrownBy(() -> KryoSerialization.builder(catalog).register(Sub.class).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(Sub.class.getName())
        .hasMessageContaining("Serializer of your own");
    assertThatThrownBy(() -> serializer(int.class)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void emptyEnumMapOfARegisteredEnumComesBack() {
    EnumMap<Level, Integer> map = new EnumMap<>(Level.class);
    @SuppressWarnings("unchecked")
    EnumMap<Level, Integer> back = (EnumMap<Level, Integer>) roundTrip(objects(Level.class), map);
    back.put(Level.HIGH, 1);
    assertThat(back).containsEntry(Level.HIGH, 1);
    assertThatThrownBy(() -> objects().serialize(map)).isInstanceOf(SerializationException.class);
  }

  @Test
  void localeThatItsTagDoesNotTellIsRefused() {
    assertThatThrownBy(() -> objects().serialize(new Locale("xx", "YY", "bad variant")))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("locale");
  }

  @Test
  void nullIsNoValue() {
    assertThatThrownBy(() -> serializer(Pair.class).serialize(null))
        .isInstanceOf(NullPointerException.class);
  }

  @Test
  void theBytesAreOnlyRead() {
    Serializer<Object> serializer = objects(Everything.class, Point.class, Level.class);
    byte[] bytes = serializer.serialize(Specimens.everything());
    byte[] before = bytes.clone();
    assertThat(serializer.deserialize(bytes)).isNotNull();
    assertThat(bytes).isEqualTo(before);
    byte[] array = {1, 2};
    byte[] stored = objects().serialize(array);
    byte[] back = (byte[]) objects().deserialize(stored);
    stored[stored.length - 1] = 9;
    assertThat(back).containsExactly(1, 2);
  }

  @Test
  void arraysOfAnyDimensionComeBack() {
    Object cube = Array.newInstance(Point.class, 1, 1, 1);
    Array.set(Array.get(Array.get(cube, 0), 0), 0, new Point(1, 2));
    assertThat(roundTrip(objects(Point.class), cube)).isEqualTo(cube);
  }
}
