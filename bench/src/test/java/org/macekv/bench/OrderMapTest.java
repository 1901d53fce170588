package org.macekv.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** All peers do the same work, so that their times may be compared. */
class OrderMapTest {
  private static final Orders ORDERS = new Orders(2_500);

  @TempDir private Path directory;

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ENGINE")
  void everyOrderIsReadAsItWasWrittenLast(TypedPeer peer) {
    try (OrderMap map = peer.open(directory, true)) {
      map.load(ORDERS);
      assertThat(map.iterate()).isEqualTo(ORDERS.checksum());
      for (int i = 0; i < ORDERS.count(); i++) {
        long id = Orders.id(i);
        Order first = ORDERS.order(i);
        Order second = ORDERS.replacement(id, -i);
        Order third = ORDERS.replacement(id, i + 7);
        assertThat(map.get(id)).isEqualTo(first.touch(id));
        assertThat(map.put(id, second)).isEqualTo(first.touch(id));
        assertThat(map.get(id)).isEqualTo(second.touch(id));
        map.set(id, third);
        assertThat(map.get(id)).isEqualTo(third.touch(id));
      }
    }
  }

  @Test
  void withoutACacheOrdersAreTheSame() {
    try (OrderMap map = TypedPeer.MACE.open(directory, false)) {
      map.load(ORDERS);
      assertThat(map.iterate()).isEqualTo(ORDERS.checksum());
    }
  }

  @Test
  void theEngineReadsTheBytesThatTheSerializerMakes() {
    try (OrderMap map = TypedPeer.ENGINE.open(directory, true)) {
      map.load(ORDERS);
      long id = Orders.id(3);
      long touch = Touch.value(new MaceOrderCoder().encode(ORDERS.order(3)));
      assertThat(map.get(id)).isEqualTo(touch);
      assertThat(map.put(id, ORDERS.replacement(id, 5))).isEqualTo(touch);
      map.set(id, ORDERS.replacement(id, 5));
      assertThat(map.get(id)).isEqualTo(Touch.value(new MaceOrderCoder().encode(ORDERS.order(5))));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aKeyThatIsNotThereIsRefused(TypedPeer peer) {
    try (OrderMap map = peer.open(directory, true)) {
      map.load(new Orders(1));
      assertThatIllegalStateException().isThrownBy(() -> map.get(77)).withMessageContaining("77");
    }
  }

  @Test
  void codersGiveBackEqualOrders() {
    for (OrderCoder coder : new OrderCoder[] {new MaceOrderCoder(), new KryoOrderCoder()}) {
      for (int i = 0; i < 100; i++) {
        Order order = ORDERS.order(i);
        assertThat(coder.decode(coder.encode(order))).isEqualTo(order);
      }
    }
  }

  @Test
  void anOrderOfAnotherKeyIsRefused() {
    assertThatIllegalStateException()
        .isThrownBy(() -> ORDERS.order(0).touch(5))
        .withMessageContaining("the key 5 has the order");
  }
}
