package org.macekv.collections;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Does the same with two collections and compares what each answers, exceptions included. */
final class Lockstep {
  static final int KEYS = 24;

  private Lockstep() {}

  /**
   * What one step works with; each operation takes from it what it needs.
   *
   * @param operation the number of the operation
   * @param low a key
   * @param high another key
   * @param first a yes or no
   * @param second another
   */
  record Step(int operation, int low, int high, boolean first, boolean second) {
    String value() {
      return "v" + low % 5;
    }

    /** A function of keys and values that gives null for some. */
    String compute(int key, Object value) {
      return (key + high) % 3 == 0 ? null : value + "+" + high % 4;
    }
  }

  /** An operation, done to the collection under test and to the model alike. */
  @FunctionalInterface
  interface Operation<C> {
    Object apply(C collection, Step step);
  }

  /**
   * Programs over operations that are numbered so: first those that give views, then the others, of
   * which the first two add and are often chosen, then {@code special} ones, of which the first
   * goes back to the whole collection.
   */
  static Arbitrary<List<Step>> programs(int views, int others, int special, int steps) {
    Arbitrary<Integer> keys = Arbitraries.integers().between(0, KEYS - 1);
    Arbitrary<Boolean> flags = Arbitraries.of(true, false);
    Arbitrary<Integer> operations =
        Arbitraries.frequencyOf(
            Tuple.of(2, Arbitraries.integers().between(0, views - 1)),
            Tuple.of(15, Arbitraries.integers().between(views, views + 1)),
            Tuple.of(25, Arbitraries.integers().between(views, views + others - 1)),
            Tuple.of(
                3, Arbitraries.integers().between(views + others, views + others + special - 1)));
    return Combinators.combine(operations, keys, keys, flags, flags)
        .as(Step::new)
        .list()
        .ofMaxSize(steps);
  }

  /** What the call returned, or the class of what it threw. */
  static Object outcomeOf(Callable<?> call) {
    try {
      return call.call();
    } catch (Exception e) {
      return e.getClass();
    }
  }

  static <T> List<T> listOf(Iterable<T> elements) {
    List<T> list = new ArrayList<>();
    elements.forEach(list::add);
    return list;
  }

  static void assertSame(Object actual, Object expected, Step step) {
    assertThat(actual).as("%s", step).isEqualTo(expected);
  }
}
