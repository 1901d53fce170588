package org.macekv.serialization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Values and keys at the edges of what is promised; each of these was wrong once. */
@SuppressWarnings("ArrayRecordComponent")
class SerializationEdgesTest {
  record Gone(String a) implements Comparable<Gone> {
    @Override
    public int compareTo(Gone o) {
      return a.compareTo(o.a);
    }
  }

  enum GoneEnum {
    A,
    B
  }

  enum OldStatus {
    NEW,
    DONE
  }

  enum Status {
    OPEN,
    DONE
  }

  record OldHolder(@Nullable Object kept, @Nullable Object gone) {}

  record Holder(@Nullable Object kept) {}

  record OldItem(int a) {}

  record Item(int a) {}

  record OldCart(OldItem[] items) {}

  record Cart(Item[] items) {}

  record OldSorted(SortedMap<String, String> map) {}

  record NewSorted(Map<String, String> map) {}

  sealed interface OldShape permits OldCircle {}

  record OldCircle(int r) implements OldShape {}

  sealed interface Shape permits Circle {}

  record Circle(int r) implements Shape {}

  record OldDrawing(OldShape shape) {}

  record Drawing(Shape shape) {}

  record Tags(String name) {}

  record NewTags(String name, List<String> tags) {}

  record Wide(int a, int b) {}

  record Narrow(int a) {}

  record Varargs(String name, int... numbers) {}

  record ObjectVarargs(Object... all) {}

  record Lead(String name, Integer... more) {}

  record NullKey(int a, @Nullable String s, int b) {}

  static class OldNode {
    String name = "";
    int gone;
  }

  static class Node {
    String name = "";
  }

  private final InMemoryClassCatalog catalog = new InMemoryClassCatalog();

  @SuppressWarnings("unchecked")
  private byte[] store(Object value, Class<?>... registered) {
    return ((Serializer<Object>)
            (Serializer<?>)
                KryoSerialization.builder(catalog)
                    .register(registered)
                    .build()
                    .of(value.getClass()))
        .serialize(value);
  }

  private static Evolution.Builder renamed(Class<?> old, Class<?> now) {
    return Evolution.builder().renamedClass(old.getName(), now);
  }

  private <T> Serializer<T> now(Class<T> type, Evolution evolution, Class<?>... registered) {
    return KryoSerialization.builder(catalog)
        .register(registered)
        .evolution(evolution)
        .build()
        .of(type);
  }

  @Test
  void writeAfterReadingAnOldForm() {
    byte[] old = store(new OldNode());
    Serializer<Node> now = now(Node.class, renamed(OldNode.class, Node.class).build());
    Node node = now.deserialize(old);
    byte[] bytes = now.serialize(node);
    assertThat(now.deserialize(bytes).name).isEqualTo("");
  }

  @Test
  void arrayOfGone() {
    byte[] old = store(new OldHolder("k", new Gone[] {new Gone("x")}), Gone.class);
    assertThat(now(Holder.class, renamed(OldHolder.class, Holder.class).build()).deserialize(old))
        .isEqualTo(new Holder("k"));
  }

  @Test
  void treeSetOfGone() {
    byte[] old =
        store(new OldHolder("k", new TreeSet<>(List.of(new Gone("x"), new Gone("y")))), Gone.class);
    assertThat(now(Holder.class, renamed(OldHolder.class, Holder.class).build()).deserialize(old))
        .isEqualTo(new Holder("k"));
  }

  @Test
  void enumSetOfGone() {
    byte[] old = store(new OldHolder("k", EnumSet.of(GoneEnum.A)), GoneEnum.class);
    assertThat(now(Holder.class, renamed(OldHolder.class, Holder.class).build()).deserialize(old))
        .isEqualTo(new Holder("k"));
  }

  @Test
  void enumSetWithRenamedConstant() {
    byte[] old = store(new Holder(EnumSet.of(OldStatus.NEW)), OldStatus.class);
    Evolution evolution =
        renamed(OldStatus.class, Status.class)
            .renamedConstant(Status.class, "NEW", Status.OPEN)
            .build();
    assertThat(now(Holder.class, evolution, Status.class).deserialize(old))
        .isEqualTo(new Holder(EnumSet.of(Status.OPEN)));
  }

  @Test
  void arrayFieldOfRenamedClass() {
    byte[] old = store(new OldCart(new OldItem[] {new OldItem(1)}), OldItem.class);
    Evolution evolution =
        renamed(OldCart.class, Cart.class)
            .renamedClass(OldItem.class.getName(), Item.class)
            .build();
    assertThat(now(Cart.class, evolution, Item.class).deserialize(old).items())
        .containsExactly(new Item(1));
  }

  @Test
  void renamedInterface() {
    byte[] old = store(new OldDrawing(new OldCircle(1)), OldShape.class);
    Evolution evolution =
        renamed(OldDrawing.class, Drawing.class)
            .renamedClass(OldShape.class.getName(), Shape.class)
            .renamedClass(OldCircle.class.getName(), Circle.class)
            .build();
    assertThat(now(Drawing.class, evolution, Shape.class).deserialize(old))
        .isEqualTo(new Drawing(new Circle(1)));
  }

  @Test
  void fieldIsNowOfASupertype() {
    byte[] old = store(new OldSorted(new TreeMap<>(Map.of("a", "b"))));
    assertThat(
            now(NewSorted.class, renamed(OldSorted.class, NewSorted.class).build())
                .deserialize(old))
        .isEqualTo(new NewSorted(Map.of("a", "b")));
  }

  @Test
  void addedValueIsNotShared() {
    byte[] old = store(new Tags("a"));
    Serializer<NewTags> now =
        now(
            NewTags.class,
            renamed(Tags.class, NewTags.class)
                .added(NewTags.class, "tags", () -> new ArrayList<String>())
                .build());
    now.deserialize(old).tags().add("leaks");
    assertThat(now.deserialize(old).tags()).isEmpty();
  }

  @Test
  void setOfThoseThatBecomeEqual() {
    byte[] old = store(new Holder(Set.of(new Wide(1, 1), new Wide(1, 2))), Wide.class);
    Holder holder =
        now(Holder.class, renamed(Wide.class, Narrow.class).build(), Narrow.class).deserialize(old);
    assertThat((Collection<?>) holder.kept()).isNotEmpty();
  }

  @Test
  void enumThatBecameARecordIsRefusedWhenOpened() {
    store(new Holder(OldStatus.NEW), OldStatus.class);
    assertThatThrownBy(
            () -> now(Holder.class, renamed(OldStatus.class, Item.class).build(), Item.class))
        .isInstanceOf(IncompatibleClassException.class);
  }

  @Test
  void recordThatBecameAnEnumIsRefusedWhenOpened() {
    store(new Holder(new OldItem(1)), OldItem.class);
    assertThatThrownBy(
            () -> now(Holder.class, renamed(OldItem.class, Status.class).build(), Status.class))
        .isInstanceOf(IncompatibleClassException.class);
  }

  @Test
  void varargs() {
    Varargs v = new Varargs("a", 1, 2);
    Varargs back = now(Varargs.class, Evolution.none()).deserialize(store(v));
    assertThat(back.numbers()).containsExactly(1, 2);
  }

  @Test
  void objectVarargs() {
    ObjectVarargs v = new ObjectVarargs("a", "b");
    assertThat(now(ObjectVarargs.class, Evolution.none()).deserialize(store(v)).all())
        .containsExactly("a", "b");
  }

  @Test
  void leadVarargs() {
    Lead v = new Lead("a", 1, 2);
    assertThat(now(Lead.class, Evolution.none()).deserialize(store(v)).more())
        .containsExactly(1, 2);
  }

  @Test
  void nullsLastInAKey() {
    KeyCodec<NullKey> codec =
        KeyCodecs.record(
            NullKey.class, Map.of("s", KeyCodecs.nullsFirst(KeyCodecs.STRING).reversed()));
    NullKey key = new NullKey(1, null, 2);
    assertThat(codec.decode(codec.encode(key))).isEqualTo(key);
  }

  @Test
  @SuppressWarnings({"unchecked", "rawtypes"})
  void foreignEnumIsNoKey() {
    KeyCodec raw = KeyCodecs.enumByName(OldStatus.class);
    assertThatThrownBy(() -> raw.encode(Status.DONE)).isInstanceOf(ClassCastException.class);
  }

  record KeyVarargs(byte... bytes) {}

  record Recursive(int a, @Nullable Recursive next) {}

  record Checked(int a) {
    static boolean strict;

    Checked {
      if (strict && a > 0) {
        throw new IllegalArgumentException("refused");
      }
    }
  }

  static class OldBase {
    int id = 1;
  }

  static class OldDerived extends OldBase {}

  static class Base {
    int id = 10;
  }

  @SuppressWarnings("HidingField")
  static class Derived extends Base {
    int id = 20;
  }

  @Test
  void keyWithVarargs() {
    KeyCodec<KeyVarargs> codec = KeyCodecs.record(KeyVarargs.class);
    assertThat(codec.decode(codec.encode(new KeyVarargs((byte) 1, (byte) 2))).bytes())
        .containsExactly(1, 2);
  }

  @Test
  void recursiveRecordHasNoCodec() {
    assertThatThrownBy(() -> KeyCodecs.record(Recursive.class))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void goneFieldWithAnObjectThatIsRefusedNow() {
    byte[] old = store(new OldHolder("k", new Checked(1)), Checked.class);
    Checked.strict = true;
    try {
      assertThat(
              now(Holder.class, renamed(OldHolder.class, Holder.class).build(), Checked.class)
                  .deserialize(old))
          .isEqualTo(new Holder("k"));
    } finally {
      Checked.strict = false;
    }
  }

  @Test
  void whatWasReadInAnOldFormIsWrittenInThatOfToday() {
    byte[] old = store(new OldStatus[] {OldStatus.NEW, OldStatus.DONE}, OldStatus.class);
    Evolution evolution =
        renamed(OldStatus.class, Status.class)
            .renamedConstant(Status.class, "NEW", Status.OPEN)
            .build();
    Serializer<Object> now = now(Object.class, evolution, Status.class);
    Object[] array = (Object[]) now.deserialize(old);
    byte[] anew = now.serialize(array[1]); // the last class that was read
    // All was written anew, so the declaration is not needed any more.
    assertThat(now(Object.class, Evolution.none(), Status.class).deserialize(anew))
        .isEqualTo(Status.DONE);
  }

  @Test
  void fieldThatIsHiddenNowIsToBeDeclared() {
    OldDerived old = new OldDerived();
    old.id = 7;
    byte[] bytes = store(old);
    assertThatThrownBy(() -> now(Derived.class, renamed(OldDerived.class, Derived.class).build()))
        .isInstanceOf(IncompatibleClassException.class)
        .hasMessageContaining("renamedField");
    Evolution declared =
        renamed(OldDerived.class, Derived.class)
            .renamedField(Derived.class, "id", Base.class.getName() + ".id")
            .build();
    Derived derived = now(Derived.class, declared).deserialize(bytes);
    assertThat(((Base) derived).id).isEqualTo(7);
    assertThat(derived.id).isEqualTo(20);
  }

  @Test
  void addedValueThatMayChangeIsRefused() {
    assertThatThrownBy(
            () -> Evolution.builder().added(NewTags.class, "tags", new ArrayList<String>()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Supplier");
  }
}
