package org.macekv.collections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.macekv.error.BucketDroppedException;
import org.macekv.option.Durability;
import org.macekv.option.MaceOptions;

/** The cache of decoded values shows what the store has, and shares only what can't change. */
@Timeout(120)
class ReadCacheTest {
  private static final MaceOptions OPTIONS =
      MaceOptions.defaults().withDurability(Durability.BUFFERED);

  record Order(long id, String customer, Instant at) {}

  record Basket(String owner, List<String> goods) {}

  sealed interface Shape permits Circle, Square {}

  record Circle(double radius) implements Shape {}

  record Square(double side) implements Shape {}

  record Drawing(Shape shape, @Nullable Drawing next, ZoneId zone) {}

  @ImmutableValue
  record Frozen(List<String> parts) {}

  record Holder(Frozen frozen) {}

  enum Color {
    RED,
    GREEN {
      @Override
      public String toString() {
        return "green";
      }
    }
  }

  static final class Account {
    String owner = "";
    long cents;

    Account() {}

    Account(String owner, long cents) {
      this.owner = owner;
      this.cents = cents;
    }
  }

  private static PersistentStoreBuilder builder() {
    return PersistentStore.inMemoryBuilder().options(OPTIONS).readCacheLeastValueBytes(0);
  }

  @Test
  void immutableTypesAreDetected() {
    for (Class<?> type :
        List.of(
            Long.class,
            String.class,
            Instant.class,
            ZoneId.of("Europe/Vienna").getClass(),
            Color.class,
            ((Object) Color.GREEN).getClass(),
            Order.class,
            Circle.class,
            Drawing.class,
            Frozen.class)) {
      assertThat(ImmutableTypes.isImmutable(type)).as(type.getName()).isTrue();
    }
    for (Class<?> type :
        List.of(
            Object.class,
            long[].class,
            java.util.Date.class,
            ArrayList.class,
            List.of().getClass(),
            Basket.class,
            Account.class,
            java.time.format.DateTimeFormatterBuilder.class,
            Number.class,
            Holder.class)) {
      // Of Frozen there could be subclasses, if it were no record.
      assertThat(ImmutableTypes.isImmutable(type))
          .as(type.getName())
          .isEqualTo(type == Holder.class);
    }
  }

  @Test
  void immutableValuesAreSharedAndOthersAreNot() {
    try (PersistentStore store = builder().open()) {
      var orders = store.navigableMap("orders", Long.class, Order.class);
      Order order = new Order(1, "ann", Instant.EPOCH);
      orders.put(1L, order);
      Order read = orders.get(1L);
      assertThat(read).isEqualTo(order).isNotSameAs(order);
      assertThat(orders.get(1L)).isSameAs(read);
      assertThat(store.readCacheStatistics().hits()).isEqualTo(1);
      assertThat(store.readCacheStatistics().misses()).isEqualTo(1);
      assertThat(store.readCacheStatistics().entries()).isEqualTo(1);
      assertThat(store.readCacheStatistics().bytes()).isPositive();

      var baskets = store.navigableMap("baskets", Long.class, Basket.class);
      baskets.put(1L, new Basket("bob", List.of("a")));
      assertThat(baskets.get(1L)).isEqualTo(baskets.get(1L)).isNotSameAs(baskets.get(1L));
      assertThat(store.readCacheStatistics().entries()).isEqualTo(1);
    }
  }

  @Test
  void aDefinitionSaysWhetherValuesAreShared() {
    try (PersistentStore store = builder().open()) {
      var shared =
          store.navigableMap(
              MapDefinition.of("shared", Long.class, Basket.class).withSharedValues());
      shared.put(1L, new Basket("bob", List.of("a")));
      assertThat(shared.get(1L)).isSameAs(shared.get(1L));
      var own = store.map(MapDefinition.of("own", Long.class, Order.class).withoutSharedValues());
      own.put(1L, new Order(1, "ann", Instant.EPOCH));
      assertThat(own.get(1L)).isEqualTo(own.get(1L)).isNotSameAs(own.get(1L));
    }
  }

  @Test
  void entitiesAreReadThroughIt() {
    try (PersistentStore store = builder().open()) {
      var orders = store.entities("orders", Order.class).key(Order::id).open();
      orders.put(new Order(1, "ann", Instant.EPOCH));
      assertThat(orders.get(1L)).isSameAs(orders.get(1L)).isNotNull();
      orders.update(1L, old -> new Order(1, "eve", old.at()));
      assertThat(orders.get(1L).customer()).isEqualTo("eve");
    }
  }

  @Test
  void scopesSnapshotsAndRollbacksSeeWhatIsTheirs() {
    try (PersistentStore store = builder().open()) {
      var map = store.navigableMap("map", Long.class, Order.class);
      Order first = new Order(1, "first", Instant.EPOCH);
      Order second = new Order(1, "second", Instant.EPOCH);
      map.put(1L, first);
      assertThat(map.get(1L)).isEqualTo(first);
      try (Snapshot then = store.snapshot()) {
        try (TransactionScope scope = store.begin()) {
          map.put(1L, second);
          assertThat(map.get(1L)).isEqualTo(second);
          assertThat(then.of(map).get(1L)).isEqualTo(first);
          try (TransactionScope nested = store.begin()) {
            map.remove(1L);
            assertThat(map.get(1L)).isNull();
            nested.rollback();
          }
          assertThat(map.get(1L)).isEqualTo(second);
          scope.rollback();
        }
        assertThat(map.get(1L)).isEqualTo(first);
        map.put(1L, second);
        assertThat(map.get(1L)).isEqualTo(second);
        assertThat(then.of(map).get(1L)).isEqualTo(first);
        Order newest = map.get(1L);
        assertThat(then.of(map).get(1L)).isEqualTo(first);
        assertThat(map.get(1L)).as("the past displaces nothing").isSameAs(newest);
      }
    }
  }

  @Test
  void aCollectionOfTheSameNameHasNothingOfTheOneThatWasDropped() {
    try (PersistentStore store = builder().open()) {
      var map = store.navigableMap("map", Long.class, Order.class);
      map.put(1L, new Order(1, "old", Instant.EPOCH));
      map.get(1L);
      assertThat(store.drop("map")).isTrue();
      assertThat(store.readCacheStatistics().entries()).isZero();
      assertThatThrownBy(() -> map.get(1L)).isInstanceOf(BucketDroppedException.class);
      var again = store.navigableMap("map", Long.class, Order.class);
      assertThat(again.get(1L)).isNull();
      again.put(1L, new Order(1, "new", Instant.EPOCH));
      assertThat(again.get(1L).customer()).isEqualTo("new");
    }
  }

  @Test
  void itTakesNoMoreThanItMay() {
    try (PersistentStore store = builder().readCacheBytes(20_000).open()) {
      var map = store.navigableMap("map", Long.class, String.class);
      for (long i = 0; i < 1000; i++) {
        map.put(i, "value " + i);
      }
      for (long i = 0; i < 1000; i++) {
        assertThat(map.get(i)).isEqualTo("value " + i);
      }
      ReadCacheStatistics statistics = store.readCacheStatistics();
      assertThat(statistics.bytes()).isBetween(1L, 20_000L);
      assertThat(statistics.entries()).isBetween(1L, 100L);
      assertThat(statistics.evictions()).isGreaterThanOrEqualTo(900);
    }
  }

  @Test
  void aStoreMayHaveNone() {
    try (PersistentStore store = builder().readCacheBytes(0).open()) {
      var map = store.navigableMap("map", Long.class, Order.class);
      map.put(1L, new Order(1, "ann", Instant.EPOCH));
      assertThat(map.get(1L)).isEqualTo(map.get(1L)).isNotSameAs(map.get(1L));
      assertThat(store.readCacheStatistics()).isEqualTo(ReadCacheStatistics.NONE);
    }
    assertThatThrownBy(() -> builder().readCacheLeastValueBytes(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-1");
    assertThatThrownBy(() -> builder().readCacheBytes(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-1");
    assertThatThrownBy(() -> builder().readCacheBytes(0).detectChangesInPlace(true).open())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("readCacheBytes");
  }

  /**
   * Random programs against a plain model, with a cache that holds little and one that holds all.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void whatIsReadIsWhatTheModelHas(long seed) {
    Random random = new Random(seed);
    PersistentStoreBuilder builder = builder().readCacheBytes(seed % 2 == 0 ? 3000 : 10 << 20);
    try (PersistentStore store = builder.open()) {
      var map = store.navigableMap("map", Long.class, Order.class);
      Map<Long, Order> model = new TreeMap<>();
      List<Snapshot> snapshots = new ArrayList<>();
      List<Map<Long, Order>> models = new ArrayList<>();
      for (int n = 0; n < 8000; n++) {
        long key = random.nextInt(60);
        Order order = new Order(key, "n" + n, Instant.ofEpochSecond(n));
        switch (random.nextInt(10)) {
          case 0 -> assertThat(map.put(key, order)).isEqualTo(model.put(key, order));
          case 1 -> assertThat(map.remove(key)).isEqualTo(model.remove(key));
          case 2 -> {
            Map<Long, Order> within = new TreeMap<>(model);
            try (TransactionScope scope = store.begin()) {
              for (int k = 0; k < 4; k++) {
                long other = random.nextInt(60);
                assertThat(map.get(other)).isEqualTo(within.get(other));
                map.set(other, order);
                within.put(other, order);
                assertThat(map.get(other)).isEqualTo(order);
              }
              if (random.nextBoolean()) {
                scope.commit();
                model = within;
              }
            }
          }
          case 3 -> {
            if (snapshots.size() < 3) {
              snapshots.add(store.snapshot());
              models.add(new TreeMap<>(model));
            } else {
              int gone = random.nextInt(3);
              snapshots.remove(gone).close();
              models.remove(gone);
            }
          }
          case 4 -> {
            for (int i = 0; i < snapshots.size(); i++) {
              assertThat(snapshots.get(i).of(map).get(key)).isEqualTo(models.get(i).get(key));
            }
          }
          case 5 -> {
            if (random.nextInt(100) == 0) {
              store.drop("map");
              map = store.navigableMap("map", Long.class, Order.class);
              model.clear();
              snapshots.forEach(Snapshot::close);
              snapshots.clear();
              models.clear();
            }
          }
          default -> assertThat(map.get(key)).isEqualTo(model.get(key));
        }
      }
      snapshots.forEach(Snapshot::close);
      assertThat(store.readCacheStatistics().hits()).isPositive();
    }
  }

  /** Two values that change together are never read as one of then and one of now. */
  @Test
  void readersBesideWritersSeeWholeTransactions() throws Exception {
    try (PersistentStore store = builder().open()) {
      var map = store.navigableMap("map", Long.class, Order.class);
      map.put(1L, new Order(0, "", Instant.EPOCH));
      map.put(2L, new Order(0, "", Instant.EPOCH));
      AtomicBoolean ended = new AtomicBoolean();
      Thread writer =
          new Thread(
              () -> {
                for (long n = 1; n <= 5000; n++) {
                  Order order = new Order(n, "n", Instant.EPOCH);
                  store.transact(
                      () -> {
                        map.set(1L, order);
                        map.set(2L, order);
                      });
                }
                ended.set(true);
              });
      writer.start();
      long last = 0;
      while (!ended.get()) {
        try (Snapshot now = store.snapshot()) {
          long one = now.of(map).get(1L).id();
          assertThat(now.of(map).get(2L).id()).isEqualTo(one);
          assertThat(one).isGreaterThanOrEqualTo(last);
          last = one;
          assertThat(map.get(1L).id()).isGreaterThanOrEqualTo(one);
        }
      }
      writer.join();
      assertThat(map.get(1L).id()).isEqualTo(5000);
      assertThat(map.get(2L).id()).isEqualTo(5000);
    }
  }

  @Test
  void aStoredInstanceThatIsChangedInPlaceIsFound() {
    try (PersistentStore store = builder().detectChangesInPlace(true).open()) {
      var map = store.navigableMap("accounts", String.class, Account.class);
      Account account = new Account("ann", 1);
      map.put("a", account);
      assertThat(map.get("a").cents).isEqualTo(1);
      map.put("a", account);
      account.cents = 2;
      assertThatThrownBy(() -> map.get("a"))
          .isInstanceOf(ChangedInPlaceException.class)
          .hasMessageContaining("accounts")
          .hasMessageContaining("key a")
          .hasMessageContaining(Account.class.getName());
      assertThat(map.get("a").cents).as("said once; the store has what it was").isEqualTo(1);
      map.put("a", account);
      assertThat(map.get("a").cents).isEqualTo(2);
    }
  }

  @Test
  void anInstanceThatWasReadAndIsChangedInPlaceIsFoundUnlessItIsPut() {
    try (PersistentStore store = builder().detectChangesInPlace(true).open()) {
      var map = store.navigableMap("accounts", String.class, Account.class);
      map.put("a", new Account("ann", 1));
      Account read = map.get("a");
      read.cents = 5;
      map.put("a", read);
      Account again = map.get("a");
      assertThat(again.cents).isEqualTo(5);
      again.cents = 6;
      assertThatThrownBy(() -> map.get("a")).isInstanceOf(ChangedInPlaceException.class);
    }
  }

  @Test
  void anInstanceThatIsSharedAndChangedInPlaceIsFound() {
    try (PersistentStore store = builder().detectChangesInPlace(true).open()) {
      var map =
          store.navigableMap(
              MapDefinition.of("accounts", String.class, Account.class).withSharedValues());
      map.put("a", new Account("ann", 1));
      Account read = map.get("a");
      assertThat(map.get("a")).isSameAs(read);
      read.cents = 7;
      assertThatThrownBy(() -> map.get("a")).isInstanceOf(ChangedInPlaceException.class);
    }
  }

  @Test
  void whatWasRolledBackMayBeChanged() {
    try (PersistentStore store = builder().detectChangesInPlace(true).open()) {
      var map = store.navigableMap("accounts", String.class, Account.class);
      map.put("a", new Account("ann", 1));
      Account account = new Account("ann", 9);
      try (TransactionScope scope = store.begin()) {
        map.put("a", account);
        scope.rollback();
      }
      account.cents = 10;
      assertThat(map.get("a").cents).isEqualTo(1);
    }
  }
}
