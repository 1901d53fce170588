package org.macekv.internal.mvcc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class HorizonTest {
  /** Of positions in falling order those that the horizon needs, down to the oldest reader's. */
  private static List<Long> kept(List<Long> newestFirst, Horizon horizon) {
    List<Long> kept = new ArrayList<>();
    long newer = Commit.PENDING;
    for (long position : newestFirst) {
      if (horizon.needs(position, newer)) {
        kept.add(position);
      }
      newer = position;
    }
    return kept;
  }

  private static Long visible(List<Long> newestFirst, long snapshot) {
    return newestFirst.stream().filter(each -> each <= snapshot).findFirst().orElse(null);
  }

  @Provide
  Arbitrary<List<Integer>> positions() {
    return Arbitraries.integers().between(1, 60).list().ofMaxSize(12);
  }

  @Property(tries = 2000)
  void everyReaderSeesTheSameBeforeAndAfterAndNothingElseIsKept(
      @ForAll("positions") List<Integer> commits,
      @ForAll("positions") List<Integer> readers,
      @ForAll("floor") int floor,
      @ForAll boolean pending) {
    List<Long> full = new ArrayList<>(new TreeSet<>(commits).stream().map(Long::valueOf).toList());
    if (pending) {
      full.add(Commit.PENDING);
    }
    Collections.reverse(full);
    long[] snapshots = readers.stream().mapToLong(i -> i).sorted().distinct().toArray();
    Horizon horizon = new Horizon(floor, snapshots);
    List<Long> kept = kept(full, horizon);
    TreeSet<Long> states = new TreeSet<>();
    for (long snapshot : snapshots) {
      states.add(snapshot);
    }
    for (long state = floor; state <= 61; state++) {
      states.add(state);
    }
    TreeSet<Long> needed = new TreeSet<>();
    for (long state : states) {
      Long before = visible(full, state);
      assertThat(visible(kept, state)).as("at %s, floor %s", state, floor).isEqualTo(before);
      if (before != null) {
        needed.add(before);
      }
    }
    if (pending) {
      needed.add(Commit.PENDING);
    }
    assertThat(kept).containsExactlyInAnyOrderElementsOf(needed);
  }

  @Provide
  Arbitrary<Integer> floor() {
    return Arbitraries.integers().between(0, 60);
  }

  @Test
  void oneOldViewDoesNotKeepTheHistoryOfAHotKey() {
    List<Long> positions = new ArrayList<>();
    for (long i = 1000; i >= 1; i--) {
      positions.add(i);
    }
    assertThat(kept(positions, new Horizon(1000, new long[] {10}))).containsExactly(1000L, 10L);
  }
}
