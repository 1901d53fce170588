package org.macekv.collections;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Spliterator;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterTry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SpliteratorTest {
  private final PersistentStore store = PersistentStore.inMemory();
  private final PersistentNavigableMap<Integer, String> map =
      store.navigableMap("map", Integer.class, String.class);

  @AfterEach
  @AfterTry
  void close() {
    store.close();
  }

  @Test
  void splitsCoverEverythingOnceAndInOrder() {
    IntStream.range(0, 1000).forEach(i -> map.set(i * 7, "v"));
    for (List<Spliterator<Integer>> parts :
        List.of(split(map.keySet().spliterator()), split(map.descendingKeySet().spliterator()))) {
      assertThat(parts.size()).isGreaterThan(16);
      List<Integer> walked = new ArrayList<>();
      parts.forEach(part -> part.forEachRemaining(walked::add));
      assertThat(walked).hasSize(1000).doesNotHaveDuplicates();
      Comparator<? super Integer> order = parts.get(0).getComparator();
      assertThat(walked).isSortedAccordingTo(order == null ? Comparator.naturalOrder() : order);
    }
  }

  private static List<Spliterator<Integer>> split(Spliterator<Integer> whole) {
    List<Spliterator<Integer>> parts = new ArrayList<>(List.of(whole));
    for (int round = 0; round < 6; round++) {
      for (int i = parts.size() - 1; i >= 0; i--) {
        Spliterator<Integer> prefix = parts.get(i).trySplit();
        if (prefix != null) {
          parts.add(i, prefix);
        }
      }
    }
    return parts;
  }

  @Test
  void spliteratorsOfScopesDoNotSplit() {
    IntStream.range(0, 100).forEach(i -> map.set(i, "v"));
    try (TransactionScope scope = store.begin()) {
      assertThat(map.entrySet().spliterator().trySplit()).isNull();
      assertThat(map.keySet().parallelStream().mapToInt(i -> i).sum()).isEqualTo(4950);
      assertThat(scope.isOpen()).isTrue();
    }
  }

  @Test
  void characteristicsAreThoseOfASortedConcurrentOrFrozenMap() {
    int sorted = Spliterator.ORDERED | Spliterator.SORTED | Spliterator.DISTINCT;
    Spliterator<Integer> live = map.keySet().spliterator();
    assertThat(live.hasCharacteristics(sorted | Spliterator.NONNULL | Spliterator.CONCURRENT))
        .isTrue();
    assertThat(live.hasCharacteristics(Spliterator.SIZED)).isFalse();
    assertThat(live.getComparator()).isNull();
    try (Snapshot then = store.snapshot()) {
      Spliterator<Integer> frozen = then.of(map).descendingKeySet().spliterator();
      assertThat(frozen.hasCharacteristics(sorted | Spliterator.IMMUTABLE)).isTrue();
      assertThat(frozen.hasCharacteristics(Spliterator.CONCURRENT)).isFalse();
      assertThat(frozen.getComparator().compare(1, 2)).isPositive();
    }
    assertThat(map.values().spliterator().hasCharacteristics(Spliterator.DISTINCT)).isFalse();
  }

  @Property(tries = 500)
  void midpointIsAboveTheLowAndNotAboveTheHighKey(@ForAll byte[] one, @ForAll byte[] other) {
    int order = Arrays.compareUnsigned(one, other);
    byte[] low = order <= 0 ? one : other;
    byte[] high = order <= 0 ? other : one;
    byte[] middle = KeyMidpoint.between(low, high);
    if (order == 0) {
      assertThat(middle).isNull();
    } else {
      assertThat(Arrays.compareUnsigned(low, middle)).isNegative();
      assertThat(Arrays.compareUnsigned(middle, high)).isNotPositive();
    }
  }
}
