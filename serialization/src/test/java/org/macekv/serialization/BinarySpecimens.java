package org.macekv.serialization;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Records for the tests of {@link BinarySerializer}. */
@SuppressWarnings("ArrayRecordComponent") // users do have arrays in records
final class BinarySpecimens {
  private BinarySpecimens() {}

  enum Status {
    NEW,
    DONE {
      @Override
      boolean isLast() {
        return true;
      }
    };

    boolean isLast() {
      return false;
    }
  }

  record Empty() {}

  record Order(
      long id,
      int quantity,
      String customer,
      @Nullable String note,
      boolean paid,
      double price,
      Instant placed,
      Status status,
      List<@Nullable Integer> sizes) {}

  record Groups(Set<String> tags, Map<String, List<Long>> byName) {}

  record Node(int value, @Nullable Node next) {}

  /** Two records that have each other within. */
  record Parent(String name, List<Child> children) {}

  record Child(String name, @Nullable Parent parent) {}

  record Primitives(boolean bool, byte b, short s, char c, int i, long l, float f, double d) {}

  record Boxes(
      @Nullable Boolean bool,
      @Nullable Byte b,
      @Nullable Short s,
      @Nullable Character c,
      @Nullable Integer i,
      @Nullable Long l,
      @Nullable Float f,
      @Nullable Double d) {}

  record Arrays(
      boolean @Nullable [] bools,
      byte @Nullable [] bytes,
      short @Nullable [] shorts,
      char @Nullable [] chars,
      int @Nullable [] ints,
      long @Nullable [] longs,
      float @Nullable [] floats,
      double @Nullable [] doubles) {}

  record Varargs(String name, int... numbers) {}

  record Leaf(
      @Nullable UUID id,
      @Nullable BigDecimal price,
      @Nullable BigInteger count,
      @Nullable LocalDate day,
      @Nullable ZonedDateTime time,
      @Nullable OffsetDateTime offset,
      @Nullable Status status) {}

  record Tree(
      @Nullable String label,
      long weight,
      @Nullable Leaf leaf,
      @Nullable List<@Nullable Tree> children,
      @Nullable Set<@Nullable Status> seen,
      @Nullable Map<@Nullable String, @Nullable List<? extends Set<@Nullable Double>>> table) {}

  static Order order() {
    List<@Nullable Integer> sizes = new ArrayList<>();
    sizes.add(1);
    sizes.add(null);
    return new Order(
        300, -1, "é", null, true, 1.0, Instant.ofEpochSecond(1, 5), Status.DONE, sizes);
  }

  static Arrays arrays() {
    return new Arrays(
        new boolean[] {true, false},
        new byte[] {-128, 127},
        new short[] {Short.MIN_VALUE, Short.MAX_VALUE},
        new char[] {'a', '\ud800'},
        new int[] {Integer.MIN_VALUE, 0, Integer.MAX_VALUE},
        new long[] {Long.MIN_VALUE, Long.MAX_VALUE},
        new float[] {Float.NaN, -0f},
        new double[] {Double.MIN_VALUE, Double.NEGATIVE_INFINITY});
  }

  static Node chain(int length) {
    Node node = new Node(length, null);
    for (int i = length - 1; i > 0; i--) {
      node = new Node(i, node);
    }
    return node;
  }

  /** A tree in which everything may be null, empty, or at an edge. */
  static Tree tree(Random random, int depth) {
    return new Tree(
        text(random),
        random.nextLong() >> random.nextInt(64),
        random.nextInt(3) == 0 ? null : leaf(random),
        depth == 0 || random.nextInt(4) == 0 ? null : children(random, depth - 1),
        random.nextBoolean() ? null : seen(random),
        random.nextBoolean() ? null : table(random));
  }

  private static List<@Nullable Tree> children(Random random, int depth) {
    List<@Nullable Tree> children = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      children.add(random.nextInt(5) == 0 ? null : tree(random, depth));
    }
    return children;
  }

  private static Set<@Nullable Status> seen(Random random) {
    Set<@Nullable Status> seen = new LinkedHashSet<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      seen.add(random.nextInt(3) == 0 ? null : status(random));
    }
    return seen;
  }

  private static Map<@Nullable String, @Nullable List<? extends Set<@Nullable Double>>> table(
      Random random) {
    Map<@Nullable String, @Nullable List<? extends Set<@Nullable Double>>> table =
        new LinkedHashMap<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      Set<@Nullable Double> numbers = new LinkedHashSet<>();
      numbers.add(random.nextGaussian());
      numbers.add(random.nextBoolean() ? null : -0.0);
      table.put(text(random), random.nextInt(4) == 0 ? null : List.of(numbers, Set.of()));
    }
    return table;
  }

  private static Leaf leaf(Random random) {
    boolean full = random.nextBoolean();
    Instant time = Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000));
    return new Leaf(
        full ? new UUID(random.nextLong(), random.nextLong()) : null,
        full ? new BigDecimal(new BigInteger(100, random), random.nextInt(40) - 20) : null,
        random.nextBoolean() ? new BigInteger(70, random).negate() : null,
        random.nextBoolean() ? LocalDate.ofEpochDay(random.nextInt(100_000)) : null,
        full ? time.atZone(ZoneId.of("Europe/Berlin")) : null,
        random.nextBoolean() ? time.atZone(ZoneId.of("-03:30")).toOffsetDateTime() : null,
        random.nextBoolean() ? status(random) : null);
  }

  private static Status status(Random random) {
    return Status.values()[random.nextInt(2)];
  }

  private static @Nullable String text(Random random) {
    if (random.nextInt(5) == 0) {
      return null;
    }
    int most = random.nextInt(3) == 0 ? 0x10000 : random.nextBoolean() ? 0x100 : 0x80;
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(8); i > 0; i--) {
      text.append((char) random.nextInt(most));
    }
    return text.toString();
  }
}
