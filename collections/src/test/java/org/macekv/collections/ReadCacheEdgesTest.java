package org.macekv.collections;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.macekv.option.Durability;
import org.macekv.option.MaceOptions;
import org.macekv.serialization.Serializer;

/** Several openings of a collection, and serializers that read the store. */
@Timeout(60)
class ReadCacheEdgesTest {
  private static final MaceOptions OPTIONS =
      MaceOptions.defaults().withDurability(Durability.BUFFERED);

  static final class Account {
    String owner = "";
    long cents;

    Account() {}

    Account(String owner, long cents) {
      this.owner = owner;
      this.cents = cents;
    }
  }

  /** Whoever has not given his word that he changes nothing gets an instance of his own. */
  @Test
  void anOpeningWithoutSharedValuesGetsNoneOfTheInstancesOfOneWith() {
    try (PersistentStore store =
        PersistentStore.inMemoryBuilder().options(OPTIONS).readCacheLeastValueBytes(0).open()) {
      MapDefinition<String, Account> plain = MapDefinition.of("m", String.class, Account.class);
      var sharing = store.navigableMap(plain.withSharedValues());
      var own = store.navigableMap(plain);
      own.put("a", new Account("x", 1));
      Account shared = sharing.get("a");
      Account mine = own.get("a");
      assertThat(mine).isNotSameAs(shared);
      mine.cents = 99; // it is my own
      assertThat(sharing.get("a").cents).isEqualTo(1);
    }
  }

  /** A serializer that looks something up in the store, such as names for numbers. */
  private static String readInScope(long readCacheBytes) {
    try (PersistentStore store =
        PersistentStore.inMemoryBuilder().options(OPTIONS).readCacheBytes(readCacheBytes).open()) {
      AtomicReference<@Nullable PersistentNavigableMap<String, String>> names =
          new AtomicReference<>(store.navigableMap("names", String.class, String.class));
      Serializer<String> resolving =
          new Serializer<>() {
            @Override
            public byte[] serialize(String value) {
              return value.getBytes(StandardCharsets.UTF_8);
            }

            @Override
            public String deserialize(byte[] bytes) {
              return String.valueOf(names.get().get(new String(bytes, StandardCharsets.UTF_8)));
            }

            @Override
            public String id() {
              return "resolving";
            }
          };
      var map = store.navigableMap("m", String.class, resolving);
      names.get().put("1", "one");
      map.set("k", "1");
      return store.transact(() -> map.get("k"));
    }
  }

  @Test
  void aSerializerMayReadTheStoreInAScopeAsWithoutTheCache() {
    assertThat(readInScope(0)).isEqualTo("one");
    assertThat(readInScope(1 << 20)).isEqualTo("one");
  }
}
