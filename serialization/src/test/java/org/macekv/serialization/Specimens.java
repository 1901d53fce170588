package org.macekv.serialization;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Classes of every kind for the tests of {@link KryoSerialization}. */
final class Specimens {
  private Specimens() {}

  enum Level {
    LOW,
    HIGH {
      @Override
      int weight() {
        return 2;
      }
    };

    int weight() {
      return 1;
    }
  }

  enum Nothing {}

  record Empty() {}

  record Point(int x, int y) {}

  /** Users do have arrays in records. */
  @SuppressWarnings("ArrayRecordComponent")
  record Everything(
      boolean bool,
      byte b,
      short s,
      char c,
      int i,
      long l,
      float f,
      double d,
      String text,
      Integer box,
      Level level,
      Point point,
      List<Point> points,
      Map<String, List<Optional<Point>>> nested,
      int[][] matrix) {
    @Override
    public boolean equals(Object o) {
      return o instanceof Everything e
          && bool == e.bool
          && b == e.b
          && s == e.s
          && c == e.c
          && i == e.i
          && l == e.l
          && Float.compare(f, e.f) == 0
          && Double.compare(d, e.d) == 0
          && Objects.equals(text, e.text)
          && Objects.equals(box, e.box)
          && level == e.level
          && Objects.equals(point, e.point)
          && Objects.equals(points, e.points)
          && Objects.equals(nested, e.nested)
          && Arrays.deepEquals(matrix, e.matrix);
    }

    @Override
    public int hashCode() {
      return i;
    }
  }

  static Everything everything() {
    return new Everything(
        true,
        (byte) -1,
        Short.MIN_VALUE,
        '\uffff',
        -300,
        Long.MIN_VALUE,
        -0f,
        Double.NaN,
        "é\ud800",
        null,
        Level.HIGH,
        new Point(1, 2),
        new ArrayList<>(List.of(new Point(3, 4), new Point(5, 6))),
        new HashMap<>(Map.of("k", List.of(Optional.of(new Point(7, 8)), Optional.empty()))),
        new int[][] {{1, 2}, {}, {3}});
  }

  sealed interface Shape permits Circle, Square {}

  record Circle(double radius) implements Shape {}

  record Square(double side) implements Shape {}

  record Positive(int number) {
    Positive {
      if (number <= 0) {
        throw new IllegalArgumentException("not positive: " + number);
      }
    }
  }

  /** Inherited, hidden, final, static and transient fields, and a private constructor. */
  static class Base {
    static int made;
    private final String id;
    protected int count;

    Base(String id, int count) {
      this.id = id;
      this.count = count;
    }

    String id() {
      return id;
    }
  }

  static final class Derived extends Base {
    private final long id;
    transient int cached = 7;
    Base other;

    Derived(String baseId, int count, long id) {
      super(baseId, count);
      this.id = id;
    }

    long derivedId() {
      return id;
    }
  }

  static final class Person {
    String name = "unnamed";
    List<Person> friends = new ArrayList<>();
    transient String note = "from the constructor";

    private Person() {}

    Person(String name) {
      this.name = name;
    }
  }

  record Pair(Object first, Object second) {}

  record Customer(String name, Address address) {}

  record Address(String city) {}

  record Order(List<Customer> customers) {}

  record Holder(Object value) {}

  static final class Loop {
    Object target;
  }
}
