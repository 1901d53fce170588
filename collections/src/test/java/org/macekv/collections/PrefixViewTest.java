package org.macekv.collections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.macekv.serialization.KeyCodecs;
import org.macekv.serialization.Tuple2;
import org.macekv.serialization.Tuple3;

class PrefixViewTest {
  private final PersistentStore store = PersistentStore.inMemory();

  @AfterEach
  void close() {
    store.close();
  }

  @Provide
  Arbitrary<String> words() {
    return Arbitraries.of('\0', 'a', 'b', '\uffff', '\ud83d', '\ude00')
        .list()
        .ofMaxSize(4)
        .map(all -> all.stream().map(String::valueOf).collect(Collectors.joining()));
  }

  @Property(tries = 300)
  void prefixViewHasWhatBeginsSo(
      @ForAll("wordLists") List<String> words,
      @ForAll("words") String prefix,
      @ForAll("words") String low,
      @ForAll boolean descending) {
    try (PersistentStore own = PersistentStore.inMemory()) {
      PersistentNavigableMap<String, Integer> map =
          own.navigableMap("m", String.class, Integer.class);
      TreeMap<String, Integer> expected = new TreeMap<>();
      for (String word : words) {
        map.put(word, word.length());
        if (word.startsWith(prefix)) {
          expected.put(word, word.length());
        }
      }
      PersistentNavigableMap<String, Integer> directed = descending ? map.descendingMap() : map;
      NavigableMap<String, Integer> expectedView = descending ? expected.descendingMap() : expected;
      PersistentNavigableMap<String, Integer> view = directed.prefixMap(prefix);
      assertThat(List.copyOf(view.entrySet())).isEqualTo(List.copyOf(expectedView.entrySet()));
      assertThat(view.count()).isEqualTo(expected.size());
      // Of a view of a part it is what that has.
      assertThat(List.copyOf(directed.tailMap(low, false).prefixMap(prefix).keySet()))
          .isEqualTo(List.copyOf(expectedView.tailMap(low, false).keySet()));
      assertThat(List.copyOf(directed.headMap(low, true).prefixMap(prefix).keySet()))
          .isEqualTo(List.copyOf(expectedView.headMap(low, true).keySet()));
      view.clear();
      assertThat(map.keySet()).noneMatch(word -> word.startsWith(prefix));
    }
  }

  @Provide
  Arbitrary<List<String>> wordLists() {
    return words().list().ofMaxSize(20);
  }

  @Test
  void firstComponentsOfTuplesAndRecordsAreAPrefix() {
    PersistentSet<Tuple3<String, Integer, String>> set =
        store.set("s", KeyCodecs.tuple(KeyCodecs.STRING, KeyCodecs.INTEGER, KeyCodecs.STRING));
    for (String first : List.of("a", "a\0", "ab", "b")) {
      for (int second = -1; second <= 1; second++) {
        set.add(new Tuple3<>(first, second, "x"));
        set.add(new Tuple3<>(first, second, "y"));
      }
    }
    assertThat(set.prefixSet("a")).hasSize(6).allMatch(t -> t.first().equals("a"));
    assertThat(set.prefixSet("a\0")).hasSize(6).allMatch(t -> t.first().equals("a\0"));
    assertThat(set.prefixSet("ab", -1))
        .containsExactly(new Tuple3<>("ab", -1, "x"), new Tuple3<>("ab", -1, "y"));
    assertThat(set.descendingSet().prefixSet("ab", -1).first())
        .isEqualTo(new Tuple3<>("ab", -1, "y"));
    assertThat(set.prefixSet("c")).isEmpty();
    assertThatThrownBy(() -> set.prefixSet("a").add(new Tuple3<>("b", 1, "")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(set::prefixSet)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 to 2");
    assertThatThrownBy(() -> set.prefixSet("a", 1, "x"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  record Place(String country, String city) {}

  @Test
  void recordsOfDescendingComponents() {
    PersistentSet<Place> places = store.set("p", KeyCodecs.record(Place.class).reversed());
    places.addAll(List.of(new Place("de", "b"), new Place("de", "a"), new Place("fr", "a")));
    assertThat(places.prefixSet("de")).containsExactly(new Place("de", "b"), new Place("de", "a"));
  }

  @Test
  void keysWithoutPrefixesSayso() {
    PersistentSet<Integer> numbers = store.set("n", Integer.class);
    assertThatThrownBy(() -> numbers.prefixSet(1))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("int");
  }

  @Test
  void prefixOfAllOnesHasNoEnd() {
    PersistentSet<Tuple2<byte[], Byte>> set =
        store.set("t", KeyCodecs.tuple(KeyCodecs.BYTES, KeyCodecs.BYTE));
    byte[] ones = {-1, -1};
    set.add(new Tuple2<>(ones, (byte) 1));
    assertThat(set.prefixSet((Object) ones)).hasSize(1);
  }
}
