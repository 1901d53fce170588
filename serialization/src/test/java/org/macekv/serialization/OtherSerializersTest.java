package org.macekv.serialization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.Serializable;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Values as JSON, and by Java's own serialization. */
class OtherSerializersTest {

  record Item(String name, int count) implements Serializable {}

  record Cart(String owner, List<Item> items, @Nullable BigDecimal total) implements Serializable {}

  /** Nothing that a cart should have. */
  static final class Intruder implements Serializable {
    private static final long serialVersionUID = 1L;
    static int made;

    private Object readResolve() {
      made++;
      return this;
    }
  }

  record Box(Object content) implements Serializable {}

  private static final Cart CART =
      new Cart("é", new ArrayList<>(List.of(new Item("a", 1))), new BigDecimal("1.50"));

  private static byte[] json(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void jsonIsWhatItSaysAndComesBack() {
    Serializer<Cart> serializer = JsonSerializer.of(Cart.class);
    assertThat(new String(serializer.serialize(CART), StandardCharsets.UTF_8))
        .isEqualTo("{\"owner\":\"é\",\"items\":[{\"name\":\"a\",\"count\":1}],\"total\":1.50}");
    assertThat(serializer.deserialize(serializer.serialize(CART))).isEqualTo(CART);
    assertThat(serializer.id()).isEqualTo("json(" + Cart.class.getName() + ")");
    assertThat(serializer.readsId(serializer.id())).isTrue();
  }

  @Test
  void jsonOfOtherFormsIsRead() {
    Serializer<Cart> serializer = JsonSerializer.of(Cart.class);
    assertThat(serializer.deserialize(json("{\"more\":{\"a\":[1]},\"owner\":\"o\"}")).owner())
        .isEqualTo("o");
  }

  @Test
  void whatIsNoSuchJsonIsRefused() {
    Serializer<Cart> serializer = JsonSerializer.of(Cart.class);
    String deep = "[".repeat(100_000);
    for (String text : List.of("", "{", "null", "[]", "{} {}", "{\"items\":7}", deep)) {
      assertThatThrownBy(() -> serializer.deserialize(json(text)))
          .isInstanceOf(SerializationException.class)
          .hasMessageContaining(Cart.class.getName());
    }
    byte[] bytes = serializer.serialize(CART);
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> serializer.deserialize(cut))
          .isInstanceOf(SerializationException.class);
    }
  }

  @Test
  void whatJacksonCanNotWriteIsRefused() {
    Map<String, Object> cycle = new HashMap<>();
    cycle.put("self", cycle);
    Serializer<Box> serializer = JsonSerializer.of(Box.class, new JsonMapper());
    assertThatThrownBy(() -> serializer.serialize(new Box(cycle)))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining(Box.class.getName());
  }

  @Test
  void javaSerializationComesBack() {
    Serializer<Cart> serializer = JavaSerializer.of(Cart.class, Item.class);
    assertThat(serializer.deserialize(serializer.serialize(CART))).isEqualTo(CART);
    assertThat(serializer.id()).isEqualTo("java(" + Cart.class.getName() + ")");
    Serializer<Box> boxes = JavaSerializer.of(Box.class);
    Box box = new Box(new Object[] {LocalDate.EPOCH, new int[] {1, 2}, "text", List.of(1L)});
    Box back = boxes.deserialize(boxes.serialize(box));
    assertThat(Arrays.deepEquals((Object[]) back.content(), (Object[]) box.content())).isTrue();
  }

  @Test
  void javaSerializationMakesOnlyWhatIsAllowed() {
    Serializer<Cart> narrow = JavaSerializer.of(Cart.class);
    byte[] bytes = narrow.serialize(CART);
    assertThatThrownBy(() -> narrow.deserialize(bytes))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining(Cart.class.getName());
    Serializer<Box> boxes = JavaSerializer.of(Box.class);
    byte[] intruder = boxes.serialize(new Box(new Intruder()));
    assertThatThrownBy(() -> boxes.deserialize(intruder))
        .isInstanceOf(SerializationException.class);
    assertThat(Intruder.made).isZero();
    byte[] other = JavaSerializer.of(Item.class).serialize(new Item("a", 1));
    assertThatThrownBy(() -> boxes.deserialize(other)).isInstanceOf(SerializationException.class);
    assertThatThrownBy(() -> boxes.serialize(new Box(new Object())))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("java.lang.Object");
  }

  @Test
  void damagedBytesOfJavaSerializationAreRefusedOrRead() {
    Serializer<Cart> serializer = JavaSerializer.of(Cart.class, Item.class);
    byte[] bytes = serializer.serialize(CART);
    for (int i = 0; i < bytes.length; i++) {
      byte[] flipped = bytes.clone();
      flipped[i] ^= 0x41;
      readOrRefuse(serializer, flipped);
      readOrRefuse(serializer, Arrays.copyOf(bytes, i));
    }
    readOrRefuse(serializer, Arrays.copyOf(bytes, bytes.length + 1));
  }

  private static void readOrRefuse(Serializer<Cart> serializer, byte[] bytes) {
    try {
      assertThat(serializer.deserialize(bytes)).isNotNull();
    } catch (SerializationException expected) {
      assertThat(expected).hasMessageContaining(Cart.class.getName());
    }
  }
}
