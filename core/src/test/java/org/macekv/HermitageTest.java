package org.macekv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.macekv.Samples.bytes;
import static org.macekv.Samples.text;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.macekv.error.ConflictException;
import org.macekv.option.Isolation;
import org.macekv.option.TransactionOptions;

/**
 * The anomalies of the Hermitage suite (Kleppmann 2014, after Adya 1999), each with what either
 * level makes of it. No transaction waits for another one here: a conflict is found at the commit.
 *
 * <table>
 * <caption>What is prevented</caption>
 * <tr><th>level</th><th>G0, G1a, G1b, G1c, OTV, PMP, P4, G-single</th><th>G2-item, G2</th></tr>
 * <tr><td>SNAPSHOT</td><td>yes</td><td>no</td></tr>
 * <tr><td>SERIALIZABLE</td><td>yes</td><td>yes</td></tr>
 * </table>
 */
class HermitageTest {
  private final Mace store = Mace.inMemory();
  private final Bucket test = store.bucket("test");

  @BeforeEach
  void fill() {
    test.put(bytes("1"), bytes("10"));
    test.put(bytes("2"), bytes("20"));
  }

  @AfterEach
  void close() {
    store.close();
  }

  private Transaction begin(Isolation isolation) {
    return store.begin(TransactionOptions.defaults().withIsolation(isolation));
  }

  private String get(Transaction transaction, String key) {
    return String.valueOf(text(transaction.get(test, bytes(key))));
  }

  private void put(Transaction transaction, String key, String value) {
    transaction.put(test, bytes(key), bytes(value));
  }

  /** The entries whose value is divisible by a number: a predicate that has to look at all. */
  private List<String> divisible(Transaction transaction, int by) {
    return Samples.entries(transaction.scan(test, KeyRange.all())).stream()
        .filter(each -> Integer.parseInt(each.substring(each.indexOf('=') + 1)) % by == 0)
        .toList();
  }

  private List<String> all() {
    return Samples.entries(test.scan(KeyRange.all()));
  }

  private static boolean commits(Transaction transaction) {
    try {
      transaction.commit();
      return true;
    } catch (ConflictException e) {
      return false;
    }
  }

  @ParameterizedTest
  @EnumSource
  void g0DirtyWritesDoNotMix(Isolation isolation) {
    try (Transaction one = begin(isolation);
        Transaction two = begin(isolation)) {
      put(one, "1", "11");
      put(two, "1", "12");
      put(one, "2", "21");
      assertThat(commits(one)).isTrue();
      assertThat(all()).containsExactly("1=11", "2=21");
      put(two, "2", "22");
      assertThat(commits(two)).isFalse();
    }
    assertThat(all()).containsExactly("1=11", "2=21");
  }

  @ParameterizedTest
  @EnumSource
  void g1aWhatIsRolledBackIsNotRead(Isolation isolation) {
    try (Transaction one = begin(isolation);
        Transaction two = begin(isolation)) {
      put(one, "1", "101");
      assertThat(get(two, "1")).isEqualTo("10");
      one.rollback();
      assertThat(get(two, "1")).isEqualTo("10");
      assertThat(commits(two)).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void g1bWhatIsOverwrittenIsNotRead(Isolation isolation) {
    try (Transaction one = begin(isolation);
        Transaction two = begin(isolation)) {
      put(one, "1", "101");
      assertThat(get(two, "1")).isEqualTo("10");
      put(one, "1", "11");
      assertThat(commits(one)).isTrue();
      assertThat(get(two, "1")).isEqualTo("10");
      assertThat(commits(two)).isTrue(); // it has only read
    }
  }

  @ParameterizedTest
  @EnumSource
  void g1cNeitherOfTwoReadsWhatTheOtherWrites(Isolation isolation) {
    try (Transaction one = begin(isolation);
        Transaction two = begin(isolation)) {
      put(one, "1", "11");
      put(two, "2", "22");
      assertThat(get(one, "2")).isEqualTo("20");
      assertThat(get(two, "1")).isEqualTo("10");
      assertThat(commits(one)).isTrue();
      // Each has read what the other replaces: a write skew as well.
      assertThat(commits(two)).isEqualTo(isolation == Isolation.SNAPSHOT);
    }
  }

  @ParameterizedTest
  @EnumSource
  void otvTransactionDoesNotVanishWhileItIsObserved(Isolation isolation) {
    try (Transaction one = begin(isolation);
        Transaction two = begin(isolation);
        Transaction three = begin(isolation)) {
      put(one, "1", "11");
      put(one, "2", "19");
      put(two, "1", "12");
      assertThat(commits(one)).isTrue();
      assertThat(get(three, "1")).isEqualTo("10");
      put(two, "2", "18");
      assertThat(get(three, "2")).isEqualTo("20");
      assertThat(commits(two)).isFalse();
      assertThat(get(three, "2")).isEqualTo("20");
      assertThat(get(three, "1")).isEqualTo("10");
      assertThat(commits(three)).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void pmpPredicateReadTwiceGivesTheSame(Isolation isolation) {
    try (Transaction one = begin(isolation);
        Transaction two = begin(isolation)) {
      assertThat(divisible(one, 3)).isEmpty();
      put(two, "3", "30");
      assertThat(commits(two)).isTrue();
      assertThat(divisible(one, 3)).isEmpty();
      assertThat(commits(one)).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void pmpWriteByPredicateMeetsWhatItHasSeen(Isolation isolation) {
    try (Transaction one = begin(isolation);
        Transaction two = begin(isolation)) {
      put(one, "1", "20"); // each is ten more
      put(one, "2", "30");
      for (String each : divisible(two, 20)) {
        two.delete(test, bytes(each.substring(0, each.indexOf('='))));
      }
      assertThat(commits(one)).isTrue();
      assertThat(commits(two)).isFalse();
    }
    assertThat(all()).containsExactly("1=20", "2=30");
  }

  @ParameterizedTest
  @EnumSource
  void p4UpdateIsNotLost(Isolation isolation) {
    try (Transaction one = begin(isolation);
        Transaction two = begin(isolation)) {
      assertThat(get(one, "1")).isEqualTo("10");
      assertThat(get(two, "1")).isEqualTo("10");
      put(one, "1", "11");
      put(two, "1", "11");
      assertThat(commits(one)).isTrue();
      assertThat(commits(two)).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource
  void gSingleReadsAreOfOneState(Isolation isolation) {
    try (Transaction one = begin(isolation);
        Transaction two = begin(isolation)) {
      assertThat(get(one, "1")).isEqualTo("10");
      assertThat(get(two, "1")).isEqualTo("10");
      assertThat(get(two, "2")).isEqualTo("20");
      put(two, "1", "12");
      put(two, "2", "18");
      assertThat(commits(two)).isTrue();
      assertThat(get(one, "2")).isEqualTo("20");
      assertThat(commits(one)).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void gSinglePredicateReadsAreOfOneState(Isolation isolation) {
    try (Transaction one = begin(isolation);
        Transaction two = begin(isolation)) {
      assertThat(divisible(one, 5)).containsExactly("1=10", "2=20");
      put(two, "1", "12");
      assertThat(commits(two)).isTrue();
      assertThat(divisible(one, 3)).isEmpty();
      assertThat(commits(one)).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void gSingleWriteOfAnOldStateIsRefused(Isolation isolation) {
    try (Transaction one = begin(isolation);
        Transaction two = begin(isolation)) {
      assertThat(get(one, "1")).isEqualTo("10");
      assertThat(divisible(two, 1)).hasSize(2);
      put(two, "1", "12");
      put(two, "2", "18");
      assertThat(commits(two)).isTrue();
      for (String each : divisible(one, 20)) {
        one.delete(test, bytes(each.substring(0, each.indexOf('='))));
      }
      assertThat(commits(one)).isFalse();
    }
    assertThat(all()).containsExactly("1=12", "2=18");
  }

  @ParameterizedTest
  @EnumSource
  void g2ItemWriteSkew(Isolation isolation) {
    try (Transaction one = begin(isolation);
        Transaction two = begin(isolation)) {
      assertThat(get(one, "1") + get(one, "2")).isEqualTo("1020");
      assertThat(get(two, "1") + get(two, "2")).isEqualTo("1020");
      put(one, "1", "11");
      put(two, "2", "21");
      assertThat(commits(one)).isTrue();
      assertThat(commits(two)).isEqualTo(isolation == Isolation.SNAPSHOT);
    }
  }

  @ParameterizedTest
  @EnumSource
  void g2PhantomsOfAPredicate(Isolation isolation) {
    try (Transaction one = begin(isolation);
        Transaction two = begin(isolation)) {
      assertThat(divisible(one, 3)).isEmpty();
      assertThat(divisible(two, 3)).isEmpty();
      put(one, "3", "30");
      put(two, "4", "42");
      assertThat(commits(one)).isTrue();
      assertThat(commits(two)).isEqualTo(isolation == Isolation.SNAPSHOT);
    }
  }

  /** The anomaly that a transaction sees which only reads (Fekete, O'Neil and O'Neil 2004). */
  @ParameterizedTest
  @EnumSource
  void g2ReaderSeesTwoEdges(Isolation isolation) {
    try (Transaction one = begin(isolation);
        Transaction two = begin(isolation)) {
      assertThat(divisible(one, 1)).containsExactly("1=10", "2=20");
      put(two, "2", "25");
      assertThat(commits(two)).isTrue();
      try (Transaction three = begin(isolation)) {
        assertThat(divisible(three, 1)).containsExactly("1=10", "2=25");
        assertThat(commits(three)).isTrue();
      }
      put(one, "1", "0");
      assertThat(commits(one)).isEqualTo(isolation == Isolation.SNAPSHOT);
    }
  }
}
