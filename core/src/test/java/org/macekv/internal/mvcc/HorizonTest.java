package org.macekv.internal.mvcc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class HorizonTest {
  private static final byte[] KEY = {};

  /** A chain with versions at these positions, and a pending one in front if asked for. */
  private static Version chain(SortedSet<Integer> positions, boolean pending, boolean aborted) {
    Version head = null;
    for (int position : positions) {
      head = new Version(KEY, position, Commit.at(position), head);
      if (aborted) {
        head = new Version(KEY, "aborted", Commit.at(Commit.ABORTED), head);
      }
    }
    return pending ? new Version(KEY, "pending", null, head) : head;
  }

  private static int length(Version head) {
    int length = 0;
    for (Version version = head; version != null; version = version.older()) {
      length++;
    }
    return length;
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
      @ForAll boolean pending,
      @ForAll boolean aborted) {
    TreeSet<Integer> positions = new TreeSet<>(commits);
    Version full = chain(positions, pending, aborted);
    long[] snapshots = readers.stream().mapToLong(i -> i).sorted().distinct().toArray();
    Horizon horizon = new Horizon(floor, snapshots);
    Version kept = horizon.prune(full);
    TreeSet<Long> states = new TreeSet<>();
    for (long snapshot : snapshots) {
      states.add(snapshot);
    }
    for (long state = floor; state <= 61; state++) {
      states.add(state);
    }
    TreeSet<Long> needed = new TreeSet<>();
    for (long state : states) {
      Version before = Version.visible(full, state);
      Version after = Version.visible(kept, state);
      assertThat(after == null ? null : after.value())
          .as("at %s, floor %s", state, floor)
          .isEqualTo(before == null ? null : before.value());
      if (before != null) {
        needed.add(before.commit().position());
      }
    }
    int allowed = needed.size() + (pending ? 1 : 0);
    // A chain of one link is not looked at: the fold decides about it.
    assertThat(length(kept)).isLessThanOrEqualTo(Math.max(1, allowed));
    assertThat(pending).isEqualTo(kept != null && kept.commit().position() == Commit.PENDING);
  }

  @Provide
  Arbitrary<Integer> floor() {
    return Arbitraries.integers().between(0, 60);
  }

  @Test
  void oneOldViewDoesNotKeepTheHistoryOfAHotKey() {
    TreeSet<Integer> positions = new TreeSet<>();
    for (int i = 1; i <= 1000; i++) {
      positions.add(i);
    }
    Version kept = new Horizon(1000, new long[] {10}).prune(chain(positions, false, false));
    assertThat(length(kept)).isEqualTo(2);
  }
}
