package org.macekv.collections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.macekv.error.StoreClosedException;
import org.macekv.error.StoreLockedException;
import org.macekv.error.StoreReadOnlyException;
import org.macekv.option.MaceOptions;
import org.macekv.serialization.KeyCodecs;
import org.macekv.serialization.SerializationException;
import org.macekv.serialization.Serializer;

class PersistentStoreTest {
  @TempDir Path directory;

  @Test
  void collectionsAreThereAfterReopening() {
    try (PersistentStore store = PersistentStore.open(directory)) {
      store.navigableMap("map", String.class, Integer.class).putAll(Map.of("a", 1, "b", 2));
      store.set("set", Integer.class).addAll(List.of(3, -1, 2));
    }
    try (PersistentStore store = PersistentStore.open(directory)) {
      assertThat(store.navigableMap("map", String.class, Integer.class))
          .containsExactly(Map.entry("a", 1), Map.entry("b", 2))
          .hasSize(2);
      assertThat(store.set("set", Integer.class)).containsExactly(-1, 2, 3).hasSize(3);
    }
  }

  @Test
  void collectionsOfAStoreThatIsReadOnlyAreReadAndRefuseChanges() {
    try (PersistentStore store = PersistentStore.open(directory)) {
      store.navigableMap("map", String.class, Object.class).putAll(Map.of("a", 1, "b", List.of(2)));
    }
    MaceOptions readOnly = MaceOptions.defaults().withReadOnly(true);
    try (PersistentStore store = PersistentStore.open(directory, readOnly)) {
      Map<String, Object> map = store.navigableMap("map", String.class, Object.class);
      assertThat(map).containsEntry("a", 1).containsEntry("b", List.of(2)).hasSize(2);
      try (Snapshot then = store.snapshot()) {
        assertThat(then.of(store.navigableMap("map", String.class, Object.class))).hasSize(2);
      }
      assertThatThrownBy(() -> map.put("c", 3)).isInstanceOf(StoreReadOnlyException.class);
      assertThatThrownBy(map::clear).isInstanceOf(StoreReadOnlyException.class);
      assertThatThrownBy(() -> store.set("set", Integer.class))
          .isInstanceOf(StoreReadOnlyException.class);
    }
  }

  @Test
  void temporaryStoreIsGoneWhenItIsClosed() {
    try (PersistentStore store = PersistentStore.temporaryBuilder(directory).open()) {
      store.set("set", Integer.class).addAll(List.of(3, 1, 2));
      assertThat(store.set("set", Integer.class)).containsExactly(1, 2, 3);
      assertThat(directory).isNotEmptyDirectory();
    }
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void collectionIsOpenedWithItsOwnTypesOnly() {
    try (PersistentStore store = PersistentStore.open(directory)) {
      store.navigableMap("map", String.class, Integer.class).put("a", 1);
      refusesOtherTypes(store);
    }
    try (PersistentStore store = PersistentStore.open(directory)) {
      refusesOtherTypes(store);
      assertThat(store.navigableMap("map", String.class, Integer.class)).containsEntry("a", 1);
    }
  }

  private static void refusesOtherTypes(PersistentStore store) {
    String keys = KeyCodecs.of(String.class).id();
    assertThatThrownBy(() -> store.navigableMap("map", Integer.class, Integer.class))
        .isInstanceOf(CollectionTypeException.class)
        .hasMessageContaining("'map'")
        .hasMessageContaining("'" + keys + "'")
        .hasMessageContaining("'" + KeyCodecs.of(Integer.class).id() + "'");
    assertThatThrownBy(() -> store.navigableMap("map", String.class, String.class))
        .isInstanceOf(CollectionTypeException.class);
    assertThatThrownBy(() -> store.set("map", String.class))
        .isInstanceOf(CollectionTypeException.class)
        .hasMessageContaining("stored as a map with keys '" + keys + "'")
        .hasMessageContaining("opened as a set with keys '" + keys + "'");
    assertThatThrownBy(
            () -> store.navigableMap("map", KeyCodecs.of(String.class).reversed(), Integer.class))
        .isInstanceOf(CollectionTypeException.class);
  }

  @Test
  void keyTypeWithoutAnOrderIsRefusedAtTheOpening() {
    try (PersistentStore store = PersistentStore.inMemory()) {
      assertThatThrownBy(() -> store.navigableMap("m", Object.class, String.class))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("Object");
    }
  }

  @Test
  void namesOfCollectionsAreChecked() {
    try (PersistentStore store = PersistentStore.inMemory()) {
      assertThatThrownBy(() -> store.set("", String.class))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> store.set("é".repeat(501), String.class))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("1002")
          .hasMessageContaining("1000");
      store.set("é".repeat(500), String.class).add("a");
    }
  }

  @Test
  void unreadableValueIsNamedByStoreCollectionAndKey() {
    Serializer<String> broken =
        new Serializer<>() {
          @Override
          public byte[] serialize(String value) {
            return value.getBytes(StandardCharsets.UTF_8);
          }

          @Override
          public String deserialize(byte[] bytes) {
            throw new SerializationException("cannot be read");
          }
        };
    try (PersistentStore store = PersistentStore.inMemory()) {
      PersistentNavigableMap<String, String> map =
          store.navigableMap("orders", String.class, broken);
      map.set("o-1", "x");
      assertThatThrownBy(() -> map.get("o-1"))
          .isInstanceOf(SerializationException.class)
          .hasMessageContaining("'orders'")
          .hasMessageContaining(store.toString())
          .hasMessageContaining("o-1")
          .hasMessageContaining("cannot be read");
      assertThat(map.keySet()).containsExactly("o-1");
    }
  }

  @Test
  void codecOfYourChoiceGivesTheOrder() {
    try (PersistentStore store = PersistentStore.inMemory()) {
      PersistentSet<Integer> set = store.set("s", KeyCodecs.of(Integer.class).reversed());
      set.addAll(List.of(1, 3, 2));
      assertThat(set).containsExactly(3, 2, 1);
      assertThat(set.comparator().compare(1, 2)).isPositive();
      assertThat(set.descendingSet()).containsExactly(1, 2, 3);
      assertThat(store.set("natural", Integer.class).comparator()).isNull();
    }
  }

  @Test
  void nullsAndForeignTypesAreRefused() {
    try (PersistentStore store = PersistentStore.inMemory()) {
      PersistentNavigableMap<String, Integer> map =
          store.navigableMap("map", String.class, Integer.class);
      Map<Object, Integer> raw = asRaw(map);
      List<Callable<?>> withNull =
          List.of(
              () -> map.get(null),
              () -> map.put(null, 1),
              () -> map.put("a", null),
              () -> map.remove(null),
              () -> map.containsValue(null),
              () -> map.headMap(null),
              () -> map.floorKey(null));
      for (Callable<?> call : withNull) {
        assertThatThrownBy(call::call).isInstanceOf(NullPointerException.class);
      }
      assertThatThrownBy(() -> map.set("a", null)).isInstanceOf(NullPointerException.class);
      List<Callable<?>> withForeign =
          List.of(() -> raw.get(1), () -> raw.containsKey(1), () -> raw.remove(1));
      for (Callable<?> call : withForeign) {
        assertThatThrownBy(call::call).isInstanceOf(ClassCastException.class);
      }
      assertThat(raw.equals(Map.<Object, Integer>of(1, 1))).isFalse();
      assertThat(map).isEmpty();
    }
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static Map<Object, Integer> asRaw(Map map) {
    return map;
  }

  @Test
  void blindWritesDoWhatTheOthersDo() {
    try (PersistentStore store = PersistentStore.inMemory()) {
      PersistentNavigableMap<String, Integer> map =
          store.navigableMap("map", String.class, Integer.class);
      PersistentSet<String> set = store.set("set", String.class);
      map.set("a", 1);
      map.set("a", 2);
      map.set("b", 3);
      map.delete("b");
      map.delete("none");
      map.headMap("b").delete("c");
      set.set("x");
      set.set("x");
      set.set("y");
      set.delete("y");
      assertThat(map).containsExactly(Map.entry("a", 2)).hasSize(1);
      assertThat(map.count()).isEqualTo(1);
      assertThat(set).containsExactly("x").hasSize(1);
      assertThatThrownBy(() -> map.headMap("b").set("b", 1))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void closedStoreIsSaidToBeClosed() {
    PersistentStore store = PersistentStore.inMemory();
    PersistentSet<String> set = store.set("set", String.class);
    store.close();
    store.close();
    assertThatThrownBy(() -> set.add("a")).isInstanceOf(StoreClosedException.class);
    assertThatThrownBy(store::begin).isInstanceOf(StoreClosedException.class);
  }

  @Test
  void secondOpenerIsRefused() {
    try (PersistentStore store = PersistentStore.open(directory, MaceOptions.defaults())) {
      assertThat(store.mace().bucketNames()).isNotEmpty();
      assertThatThrownBy(() -> PersistentStore.open(directory))
          .isInstanceOf(StoreLockedException.class);
    }
  }
}
