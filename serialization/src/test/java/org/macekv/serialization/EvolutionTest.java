package org.macekv.serialization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Values that were stored by one form of a class and are read by another. Both forms are classes
 * here, so they have two names; where the name shall be the same, the catalog tells the name of one
 * as that of the other.
 */
class EvolutionTest {

  // ---- Forms ----------------------------------------------------------------------------------

  record OldPoint(int x, int y) {}

  record Point(long y, double x, @Nullable String label, boolean visible) {}

  record Swapped(int y, int x) {}

  record OldOrder(String id, OldPoint where, List<Object> items, OldStatus status, float price) {}

  record Order(
      String number, Object where, Collection<Object> items, Status status, Double price) {}

  enum OldStatus {
    NEW,
    DONE
  }

  enum Status {
    DONE,
    OPEN,
    LOST
  }

  static class OldNode {
    String name = "";
    @Nullable OldNode next;
    int gone = 7;
    transient int cache;
  }

  static class Node {
    String name = "?";
    @Nullable Node next;
    List<String> tags = new ArrayList<>(List.of("default"));
    int added = 5;
  }

  /** Has no constructor without parameters. */
  static final class Plain {
    final String name;
    final int added;

    Plain(String name, int added) {
      this.name = name;
      this.added = added;
    }
  }

  record NodeRecord(String name, @Nullable Object next) {}

  record NameOnly(String name) {}

  static class Base {
    int id = 1;
  }

  @SuppressWarnings("HidingField") // on purpose
  static class Derived extends Base {
    int id = 2;
  }

  static class Flat {
    int id = 3;
    int baseId = 4;
  }

  record Holder(@Nullable Object kept) {}

  record OldHolder(@Nullable Object kept, @Nullable Object gone, List<Object> goneToo) {}

  record TextPoint(String x, int y) {}

  record Boxes(Integer a, Long b, @Nullable Integer c) {}

  record Primitives(long a, float b, int c) {}

  record Chars(char a, byte b, short c) {}

  record Numbers(int a, short b, long c) {}

  private final InMemoryClassCatalog catalog = new InMemoryClassCatalog();

  /** Values that were stored as {@code old}, and read as {@code now}. */
  private <T> T read(Object value, Class<T> now, Evolution evolution, Class<?>... registered) {
    byte[] bytes = store(value, registered);
    return KryoSerialization.builder(catalog)
        .register(registered)
        .evolution(evolution)
        .build()
        .of(now)
        .deserialize(bytes);
  }

  @SuppressWarnings("unchecked")
  private byte[] store(Object value, Class<?>... registered) {
    Serializer<Object> serializer =
        (Serializer<Object>)
            (Serializer<?>)
                KryoSerialization.builder(catalog)
                    .register(registered)
                    .register(OldPoint.class, OldStatus.class)
                    .build()
                    .of(value.getClass());
    return serializer.serialize(value);
  }

  private static Evolution.Builder renamed(Class<?> old, Class<?> now) {
    return Evolution.builder().renamedClass(old.getName(), now);
  }

  // ---- Records --------------------------------------------------------------------------------

  @Test
  void fieldsAreMatchedByNameWidenedAddedAndSkipped() {
    Evolution evolution = renamed(OldPoint.class, Point.class).build();
    assertThat(read(new OldPoint(3, -4), Point.class, evolution))
        .isEqualTo(new Point(-4, 3, null, false));
    Evolution declared =
        renamed(OldPoint.class, Point.class)
            .added(Point.class, "label", "none")
            .added(Point.class, "visible", true)
            .build();
    assertThat(read(new OldPoint(3, -4), Point.class, declared))
        .isEqualTo(new Point(-4, 3, "none", true));
  }

  @Test
  void orderOfComponentsDoesNotMatter() {
    Evolution evolution = renamed(OldPoint.class, Swapped.class).build();
    assertThat(read(new OldPoint(3, -4), Swapped.class, evolution)).isEqualTo(new Swapped(-4, 3));
  }

  @Test
  void graphOfRenamedClassesFieldsAndConstants() {
    OldOrder order =
        new OldOrder("o-1", new OldPoint(1, 2), new ArrayList<>(List.of(7)), OldStatus.NEW, 1.5f);
    Evolution evolution =
        renamed(OldOrder.class, Order.class)
            .renamedClass(OldPoint.class.getName(), Swapped.class)
            .renamedClass(OldStatus.class.getName(), Status.class)
            .renamedField(Order.class, "id", "number")
            .renamedConstant(Status.class, "NEW", Status.OPEN)
            .build();
    byte[] bytes = store(order);
    Serializer<Order> serializer =
        KryoSerialization.builder(catalog)
            .register(Swapped.class, Status.class)
            .evolution(evolution)
            .build()
            .of(Order.class);
    Order now = new Order("o-1", new Swapped(2, 1), List.of(7), Status.OPEN, 1.5);
    assertThat(serializer.deserialize(bytes)).isEqualTo(now);
    // What is stored from now on has the form of today.
    byte[] again = serializer.serialize(now);
    assertThat(
            KryoSerialization.builder(catalog)
                .register(Swapped.class, Status.class)
                .build()
                .of(Order.class)
                .deserialize(again))
        .isEqualTo(now);
  }

  @Test
  void numbersAreConvertedBoxedOrNot() {
    assertThat(
            read(
                new Boxes(1, 2L, 3),
                Primitives.class,
                renamed(Boxes.class, Primitives.class).build()))
        .isEqualTo(new Primitives(1, 2, 3));
    assertThat(
            read(
                new Chars('a', (byte) -1, (short) 300),
                Numbers.class,
                renamed(Chars.class, Numbers.class).build()))
        .isEqualTo(new Numbers('a', (short) -1, 300));
    assertThatThrownBy(
            () ->
                read(
                    new Boxes(1, 2L, null),
                    Primitives.class,
                    renamed(Boxes.class, Primitives.class).build()))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining(".c")
        .hasMessageContaining("null");
  }

  // ---- Classes --------------------------------------------------------------------------------

  @Test
  void objectsKeepWhatTheirConstructorGivesAndTheirCycles() {
    OldNode first = new OldNode();
    first.name = "first";
    first.next = new OldNode();
    first.next.next = first;
    Node now = read(first, Node.class, renamed(OldNode.class, Node.class).build());
    assertThat(now.name).isEqualTo("first");
    assertThat(now.tags).containsExactly("default");
    assertThat(now.added).isEqualTo(5);
    assertThat(Objects.requireNonNull(now.next).next).isSameAs(now);
    Node declared =
        read(
            new OldNode(),
            Node.class,
            renamed(OldNode.class, Node.class).added(Node.class, "added", 6).build());
    assertThat(declared.added).isEqualTo(6);
  }

  @Test
  void objectWithoutAConstructorHasZeros() {
    OldNode node = new OldNode();
    node.name = "n";
    Plain now = read(node, Plain.class, renamed(OldNode.class, Plain.class).build());
    assertThat(now.name).isEqualTo("n");
    assertThat(now.added).isZero();
  }

  @Test
  void classBecomesARecordAndBack() {
    OldNode node = new OldNode();
    node.name = "n";
    Evolution toRecord = renamed(OldNode.class, NodeRecord.class).build();
    assertThat(read(node, NodeRecord.class, toRecord)).isEqualTo(new NodeRecord("n", null));
    Node back = read(new NameOnly("r"), Node.class, renamed(NameOnly.class, Node.class).build());
    assertThat(back.name).isEqualTo("r");
    node.next = node; // a record can't be in a cycle
    assertThatThrownBy(() -> read(node, NodeRecord.class, toRecord))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("reference");
  }

  @Test
  void hiddenFieldsAreToldApartByTheirClasses() {
    Evolution evolution =
        renamed(Derived.class, Flat.class)
            .renamedField(Flat.class, Base.class.getName() + ".id", "baseId")
            .build();
    Flat flat = read(new Derived(), Flat.class, evolution);
    assertThat(flat.id).isEqualTo(2);
    assertThat(flat.baseId).isEqualTo(1);
  }

  // ---- What is gone ---------------------------------------------------------------------------

  @Test
  void whatIsGoneMayBeOfClassesThatAreGone() {
    OldNode gone = new OldNode();
    gone.next = gone;
    OldHolder value =
        new OldHolder(
            "kept",
            new OldOrder("o", new OldPoint(1, 2), new ArrayList<>(), OldStatus.NEW, 1f),
            new ArrayList<>(Arrays.asList(gone, OldStatus.DONE, null, "text", gone)));
    byte[] bytes = store(value, OldOrder.class, OldNode.class);
    Evolution evolution = renamed(OldHolder.class, Holder.class).build();
    Serializer<Holder> now =
        KryoSerialization.builder(catalog).evolution(evolution).build().of(Holder.class);
    assertThat(now.deserialize(bytes)).isEqualTo(new Holder("kept"));
    // Elsewhere a class that is not known is refused.
    byte[] other = store(new OldHolder(gone, null, List.of()), OldNode.class);
    assertThatThrownBy(() -> now.deserialize(other))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining(OldNode.class.getName())
        .hasMessageContaining("not registered");
    assertThat(now.deserialize(bytes)).isEqualTo(new Holder("kept"));
  }

  @Test
  void constantThatIsGoneIsRefusedByName() {
    Evolution evolution =
        Evolution.builder().renamedClass(OldStatus.class.getName(), Status.class).build();
    byte[] bytes = store(new Holder(OldStatus.NEW));
    Serializer<Holder> now =
        KryoSerialization.builder(catalog)
            .register(Status.class)
            .evolution(evolution)
            .build()
            .of(Holder.class);
    assertThatThrownBy(() -> now.deserialize(bytes))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining(".kept")
        .hasMessageContaining("NEW");
  }

  // ---- What does not fit ----------------------------------------------------------------------

  @Test
  void formThatDoesNotFitIsRefusedWhenTheSerializerIsMade() {
    store(new TextPoint("1", 2));
    KryoSerialization serialization =
        KryoSerialization.builder(catalog)
            .evolution(renamed(TextPoint.class, Point.class).build())
            .build();
    assertThatThrownBy(() -> serialization.of(Point.class))
        .isInstanceOf(IncompatibleClassException.class)
        .hasMessageContaining(TextPoint.class.getName())
        .hasMessageContaining(Point.class.getName())
        .hasMessageContaining("field  stored            now\n")
        .hasMessageContaining("x      java.lang.String  double  no conversion");
    assertThat(serialization.of(Holder.class)).isNotNull(); // which has none of these
  }

  @Test
  void narrowingIsNoConversion() {
    store(new Point(1, 2, null, false));
    assertThatThrownBy(
            () ->
                KryoSerialization.builder(catalog)
                    .evolution(renamed(Point.class, OldPoint.class).build())
                    .build()
                    .of(OldPoint.class))
        .isInstanceOf(IncompatibleClassException.class)
        .hasMessageContaining("double")
        .hasMessageContaining("long");
  }

  @Test
  void twoFieldsForOneAreRefused() {
    store(new OldPoint(1, 2));
    assertThatThrownBy(
            () ->
                KryoSerialization.builder(catalog)
                    .evolution(
                        renamed(OldPoint.class, Swapped.class)
                            .renamedField(Swapped.class, "x", "y")
                            .build())
                    .build()
                    .of(Swapped.class))
        .isInstanceOf(IncompatibleClassException.class)
        .hasMessageContaining("two stored fields");
  }

  @Test
  void migrationMakesWhatNamesCanNot() {
    Evolution evolution =
        renamed(TextPoint.class, Swapped.class)
            .migration(
                Swapped.class,
                old -> {
                  assertThat(old.className()).isEqualTo(TextPoint.class.getName());
                  assertThat(old.fields()).containsExactly("x", "y");
                  assertThat(old.has("z")).isFalse();
                  assertThatThrownBy(() -> old.get("z"))
                      .isInstanceOf(IllegalArgumentException.class);
                  return new Swapped(
                      (int) Objects.requireNonNull(old.get("y")),
                      Integer.parseInt((String) Objects.requireNonNull(old.get("x"))));
                })
            .build();
    assertThat(read(new TextPoint("12", 3), Swapped.class, evolution))
        .isEqualTo(new Swapped(3, 12));
    assertThatThrownBy(() -> read(new TextPoint("no number", 3), Swapped.class, evolution))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("no number");
    // Values of today are not migrated.
    assertThat(read(new Swapped(1, 2), Swapped.class, evolution)).isEqualTo(new Swapped(1, 2));
  }

  @Test
  void wrongDeclarationsAreRefused() {
    Evolution.Builder builder = Evolution.builder();
    assertThatThrownBy(() -> builder.renamedField(Point.class, "a", "b"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'b'")
        .hasMessageContaining("label");
    assertThatThrownBy(() -> builder.added(Point.class, "visible", "yes"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("visible")
        .hasMessageContaining("java.lang.String");
    builder.added(Point.class, "visible", true);
    assertThatThrownBy(() -> builder.added(Point.class, "visible", true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("twice");
  }

  @Test
  void identitiesOfOldNamesAreRead() {
    Evolution evolution =
        renamed(OldPoint.class, Swapped.class)
            .renamedClass(OldStatus.class.getName(), Status.class)
            .build();
    KryoSerialization older = KryoSerialization.builder(catalog).build();
    KryoSerialization now = KryoSerialization.builder(catalog).evolution(evolution).build();
    assertThat(now.of(Swapped.class).readsId(older.of(OldPoint.class).id())).isTrue();
    assertThat(now.of(Swapped.class).readsId(now.of(Swapped.class).id())).isTrue();
    assertThat(now.of(Swapped.class).readsId(now.of(Holder.class).id())).isFalse();
    assertThat(now.of(Status.class).readsId(older.of(OldStatus.class).id())).isTrue();
    assertThat(now.of(Status.class).readsId("x")).isFalse();
    assertThat(Serializers.STRING.readsId("x")).isFalse();
  }

  @Test
  void damagedOldValuesGiveErrors() {
    byte[] bytes =
        store(
            new OldOrder(
                "o-1", new OldPoint(1, 2), new ArrayList<>(List.of(7)), OldStatus.NEW, 1.5f));
    Evolution evolution =
        renamed(OldOrder.class, Order.class)
            .renamedClass(OldPoint.class.getName(), Swapped.class)
            .renamedClass(OldStatus.class.getName(), Status.class)
            .renamedConstant(Status.class, "NEW", Status.OPEN)
            .build();
    Serializer<Order> serializer =
        KryoSerialization.builder(catalog)
            .register(Swapped.class, Status.class)
            .evolution(evolution)
            .build()
            .of(Order.class);
    for (int i = 0; i < bytes.length; i++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] flipped = bytes.clone();
        flipped[i] ^= (byte) (1 << bit);
        readOrRefuse(serializer, flipped);
      }
      readOrRefuse(serializer, Arrays.copyOf(bytes, i));
    }
  }

  private static void readOrRefuse(Serializer<Order> serializer, byte[] bytes) {
    try {
      assertThat(serializer.deserialize(bytes)).isNotNull();
    } catch (SerializationException expected) {
      assertThat(expected).hasMessageContaining("Order");
    }
  }

  @Test
  void mapsAndArraysOfRenamedClassesAreRead() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("array", new OldPoint[] {new OldPoint(1, 2)});
    map.put("map", new HashMap<>(Map.of("k", new OldPoint(3, 4))));
    byte[] bytes = store(new Holder(map));
    Holder now =
        KryoSerialization.builder(catalog)
            .register(Swapped.class)
            .evolution(renamed(OldPoint.class, Swapped.class).build())
            .build()
            .of(Holder.class)
            .deserialize(bytes);
    Map<?, ?> kept = (Map<?, ?>) Objects.requireNonNull(now.kept());
    assertThat((Object[]) kept.get("array")).containsExactly(new Swapped(2, 1));
    assertThat(kept.get("map")).isEqualTo(Map.of("k", new Swapped(4, 3)));
  }
}
