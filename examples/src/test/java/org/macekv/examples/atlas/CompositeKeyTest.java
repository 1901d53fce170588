package org.macekv.examples.atlas;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class CompositeKeyTest {

  @Test
  void bothSidesComeBack() {
    String key = CompositeKey.of("java.util.List", "java.util.ArrayList");

    assertThat(CompositeKey.first(key)).isEqualTo("java.util.List");
    assertThat(CompositeKey.second(key)).isEqualTo("java.util.ArrayList");
  }

  @Test
  void pairsWithAFirstSideExcludeThoseThatOnlyStartLikeIt() {
    TreeSet<String> pairs =
        new TreeSet<>(
            List.of(
                CompositeKey.of("List", "a"),
                CompositeKey.of("List", "b"),
                CompositeKey.of("ListIterator", "c"),
                CompositeKey.of("Lis", "d")));

    assertThat(CompositeKey.withFirst(pairs, "List"))
        .containsExactly(CompositeKey.of("List", "a"), CompositeKey.of("List", "b"));
  }

  @Test
  void keysThatStartAlikeAreOneRange() {
    TreeMap<String, Integer> map = new TreeMap<>();
    for (String key : List.of("a", "ab", "abc", "abd", "ab\uffff", "ac", "b")) {
      map.put(key, key.length());
    }

    assertThat(CompositeKey.startingWith(map, "ab"))
        .containsOnlyKeys("ab", "abc", "abd", "ab\uffff");
    assertThat(CompositeKey.startingWith(map, "")).isEqualTo(map);
  }
}
