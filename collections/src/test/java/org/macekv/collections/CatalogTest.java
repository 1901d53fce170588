package org.macekv.collections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.macekv.error.BucketDroppedException;
import org.macekv.error.CompressionUnavailableException;
import org.macekv.option.BucketOptions;
import org.macekv.option.Compression;
import org.macekv.option.MaceOptions;
import org.macekv.serialization.Evolution;
import org.macekv.serialization.KeyCodecs;

/** What collections there are: definitions, list, rename, drop, copy. */
class CatalogTest {
  private static final MapDefinition<String, Integer> AGES =
      MapDefinition.of("ages", String.class, Integer.class);
  private static final SetDefinition<TimeUnit> UNITS =
      SetDefinition.of("units", KeyCodecs.enumByName(TimeUnit.class));

  @TempDir Path directory;

  private static List<String> names(PersistentStore store) {
    return store.collections().stream().map(CollectionInfo::name).toList();
  }

  @Test
  void definitionsOpenWhatTheySay() {
    BucketOptions small = BucketOptions.defaults().withLeafBytes(1024).withInlineLimitBytes(300);
    try (PersistentStore store = PersistentStore.open(directory)) {
      store.navigableMap(AGES.withOptions(small)).put("a", 1);
      store.set(UNITS).add(TimeUnit.DAYS);
      assertThat(store.navigableMap("ages", String.class, Integer.class)).containsEntry("a", 1);
    }
    try (PersistentStore store = PersistentStore.open(directory)) {
      assertThat(store.navigableMap(AGES)).containsEntry("a", 1);
      assertThat(store.set(UNITS)).containsExactly(TimeUnit.DAYS);
      assertThat(store.collection("ages").orElseThrow().options()).isEqualTo(small);
      assertThatThrownBy(() -> store.navigableMap(AGES.withOptions(small.withLeafBytes(2048))))
          .isInstanceOf(IllegalArgumentException.class);
      // Passed on to the engine, which has no library for it here.
      assertThatThrownBy(
              () -> store.navigableMap(AGES.withOptions(small.withCompression(Compression.ZSTD))))
          .isInstanceOf(CompressionUnavailableException.class);
    }
  }

  @Test
  void listHasAllWithTypesAndSizes() {
    try (PersistentStore store = PersistentStore.open(directory)) {
      assertThat(store.collections()).isEmpty();
      store.navigableMap(AGES).putAll(Map.of("a", 1, "b", 2));
      store.set(UNITS);
      store.map("byUnit", TimeUnit.class, String.class).put(TimeUnit.DAYS, "d");
      PersistentMultimap<String, Integer> multimap =
          store.multimap("multi", String.class, Integer.class);
      multimap.put("a", 1);
      multimap.put("a", 2);
      store.queue("queue", String.class).addAll(List.of("x", "y", "z"));
      store.counter("visits").add(5);
      store.sequence("ids").next();
    }
    MaceOptions readOnly = MaceOptions.defaults().withReadOnly(true);
    for (MaceOptions options : List.of(MaceOptions.defaults(), readOnly)) {
      try (PersistentStore store = PersistentStore.open(directory, options)) {
        assertThat(
                store.collections().stream().map(i -> i.name() + " " + i.kind() + " " + i.size()))
            .containsExactly(
                "ages NAVIGABLE_MAP 2",
                "byUnit MAP 1",
                "ids SEQUENCE 0",
                "multi MULTIMAP 2",
                "queue QUEUE 3",
                "units SET 0",
                "visits COUNTER 0");
        CollectionInfo ages = store.collection("ages").orElseThrow();
        assertThat(ages.keys()).isEqualTo(KeyCodecs.STRING.id());
        assertThat(ages.values()).isNotEmpty();
        assertThat(ages.options()).isEqualTo(BucketOptions.defaults());
        assertThat(store.collection("none")).isEmpty();
      }
    }
  }

  @Test
  void oneNameIsOneKind() {
    try (PersistentStore store = PersistentStore.inMemory()) {
      store.navigableMap(AGES);
      assertThatThrownBy(() -> store.map(AGES))
          .isInstanceOf(CollectionTypeException.class)
          .hasMessageContaining("'ages'")
          .hasMessageContaining("map without order");
      assertThatThrownBy(() -> store.queue("ages", String.class))
          .isInstanceOf(CollectionTypeException.class);
      store.counter("c");
      assertThatThrownBy(() -> store.sequence("c"))
          .isInstanceOf(CollectionTypeException.class)
          .hasMessageContaining("stored as a counter and was opened as a sequence");
    }
  }

  @Test
  void droppedCollectionIsGoneAndItsNameIsFree() {
    try (PersistentStore store = PersistentStore.open(directory)) {
      PersistentNavigableMap<String, Integer> ages = store.navigableMap(AGES);
      ages.put("a", 1);
      try (Snapshot before = store.snapshot()) {
        assertThat(store.drop("ages")).isTrue();
        assertThat(store.drop("ages")).isFalse();
        assertThat(before.of(ages)).containsEntry("a", 1);
      }
      assertThat(store.collections()).isEmpty();
      assertThatThrownBy(() -> ages.get("a")).isInstanceOf(BucketDroppedException.class);
      assertThatThrownBy(() -> ages.put("a", 2)).isInstanceOf(BucketDroppedException.class);
      PersistentSet<Integer> other = store.set("ages", Integer.class);
      assertThat(other).isEmpty();
      other.add(7);
      assertThatThrownBy(() -> ages.get("a")).isInstanceOf(BucketDroppedException.class);
    }
    try (PersistentStore store = PersistentStore.open(directory)) {
      assertThat(store.set("ages", Integer.class)).containsExactly(7);
    }
  }

  @Test
  void scopeThatWroteToADroppedCollectionIsNotCommitted() {
    try (PersistentStore store = PersistentStore.inMemory()) {
      PersistentNavigableMap<String, Integer> ages = store.navigableMap(AGES);
      PersistentSet<TimeUnit> units = store.set(UNITS);
      TransactionScope scope = store.begin();
      ages.put("a", 1);
      units.add(TimeUnit.DAYS);
      OtherThread.run(() -> store.drop("ages"));
      assertThatThrownBy(scope::commit).isInstanceOf(BucketDroppedException.class);
      assertThat(units).isEmpty();
    }
  }

  @Test
  void renamedCollectionGoesOn() {
    try (PersistentStore store = PersistentStore.open(directory)) {
      PersistentNavigableMap<String, Integer> ages = store.navigableMap(AGES);
      ages.put("a", 1);
      store.set(UNITS);
      try (TransactionScope scope = store.begin()) {
        ages.put("b", 2);
        store.rename("ages", "years");
        scope.commit();
      }
      ages.put("c", 3);
      assertThat(names(store)).containsExactly("units", "years");
      assertThatThrownBy(() -> store.rename("ages", "x"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("no collection 'ages'");
      assertThatThrownBy(() -> store.rename("years", "units"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("a collection 'units'");
      assertThatThrownBy(() -> store.rename("years", ""))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(store.navigableMap(AGES)).isEmpty(); // a new one
    }
    try (PersistentStore store = PersistentStore.open(directory)) {
      assertThat(store.navigableMap("years", String.class, Integer.class))
          .containsExactly(Map.entry("a", 1), Map.entry("b", 2), Map.entry("c", 3));
    }
  }

  @Test
  void copyHasWhatThereWasAndIsItsOwn() {
    BucketOptions small = BucketOptions.defaults().withLeafBytes(1024);
    try (PersistentStore store = PersistentStore.open(directory)) {
      PersistentNavigableMap<String, Integer> ages = store.navigableMap(AGES.withOptions(small));
      IntStream.range(0, 1000).forEach(i -> ages.put("k" + i, i));
      try (TransactionScope scope = store.begin()) {
        ages.put("uncommitted", 1);
        store.copy("ages", "copy");
        scope.rollback();
      }
      PersistentNavigableMap<String, Integer> copy =
          store.navigableMap("copy", String.class, Integer.class);
      assertThat(copy).isEqualTo(ages).hasSize(1000);
      copy.clear();
      assertThat(ages).hasSize(1000);
      assertThat(store.collection("copy").orElseThrow().options()).isEqualTo(small);
      assertThatThrownBy(() -> store.copy("ages", "copy"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("'copy'");
      assertThatThrownBy(() -> store.copy("none", "x"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("'none'");
      assertThat(names(store)).containsExactly("ages", "copy");
    }
  }

  @Test
  void copiesOfEachKindWork() {
    try (PersistentStore store = PersistentStore.inMemory()) {
      store.queue("queue", String.class).addAll(List.of("x", "y"));
      store.counter("visits").add(5);
      store.sequence("ids").next();
      for (String name : List.of("queue", "visits", "ids")) {
        store.copy(name, name + "2");
      }
      assertThat(store.queue("queue2", String.class)).containsExactly("x", "y");
      assertThat(store.counter("visits2").get()).isEqualTo(5);
      assertThat(store.sequence("ids2").next()).isEqualTo(2);
      assertThat(store.sequence("ids").next()).isEqualTo(2);
    }
  }

  @Test
  void bucketsWithoutACollectionAreDroppedWhenTheStoreIsOpened() {
    try (PersistentStore store = PersistentStore.open(directory)) {
      store.navigableMap(AGES).put("a", 1);
      store.mace().bucket("collection/77"); // as a crash leaves it
      store.mace().bucket("mine");
    }
    MaceOptions readOnly = MaceOptions.defaults().withReadOnly(true);
    try (PersistentStore store = PersistentStore.open(directory, readOnly)) {
      assertThat(store.mace().bucketNames()).contains("collection/77");
    }
    try (PersistentStore store = PersistentStore.open(directory)) {
      assertThat(store.mace().bucketNames()).doesNotContain("collection/77").contains("mine");
      assertThat(store.navigableMap(AGES)).containsEntry("a", 1);
    }
  }

  enum OldColor {
    RED,
    GREEN
  }

  enum NewColor {
    GREEN,
    RED
  }

  @Test
  void keysOfAnEnumWhoseClassHasAnotherNameAreReadWhereThatIsDeclared(@TempDir Path parent) {
    Path directory = parent.resolve("store");
    try (PersistentStore store = PersistentStore.open(directory)) {
      store.set("colors", KeyCodecs.enumByName(OldColor.class)).add(OldColor.RED);
      store
          .multimap("shades", KeyCodecs.STRING, KeyCodecs.enumByName(OldColor.class))
          .get("dark")
          .add(OldColor.GREEN);
    }
    try (PersistentStore store = PersistentStore.open(directory)) {
      assertThatThrownBy(() -> store.set("colors", KeyCodecs.enumByName(NewColor.class)))
          .isInstanceOf(CollectionTypeException.class)
          .hasMessageContaining("OldColor");
    }
    Evolution evolution =
        Evolution.builder().renamedClass(OldColor.class.getName(), NewColor.class).build();
    try (PersistentStore store = PersistentStore.builder(directory).evolution(evolution).open()) {
      assertThat(store.set("colors", KeyCodecs.enumByName(NewColor.class)))
          .containsExactly(NewColor.RED);
      assertThat(
              store
                  .multimap("shades", KeyCodecs.STRING, KeyCodecs.enumByName(NewColor.class))
                  .get("dark"))
          .containsExactly(NewColor.GREEN);
    }
  }
}
