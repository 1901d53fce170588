package org.macekv.collections;

import static org.macekv.collections.Lockstep.listOf;
import static org.macekv.collections.Lockstep.outcomeOf;

import java.util.Iterator;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.macekv.collections.Lockstep.Operation;
import org.macekv.collections.Lockstep.Step;

/** Random programs in lockstep with {@link ConcurrentSkipListSet}. */
class SetModelTest {
  private static final List<Operation<NavigableSet<Integer>>> VIEWS =
      List.of(
          (e, s) -> e.subSet(s.low(), s.first(), s.high(), s.second()),
          (e, s) -> e.subSet(s.low(), s.high()),
          (e, s) -> e.headSet(s.high(), s.first()),
          (e, s) -> e.headSet(s.high()),
          (e, s) -> e.tailSet(s.low(), s.first()),
          (e, s) -> e.tailSet(s.low()),
          (e, s) -> e.descendingSet());

  private static final List<Operation<NavigableSet<Integer>>> OPERATIONS =
      List.of(
          (e, s) -> e.add(s.low()),
          (e, s) -> e.add(s.high()),
          (e, s) -> e.contains(s.low()),
          (e, s) -> e.remove(s.low()),
          (e, s) -> e.first(),
          (e, s) -> e.last(),
          (e, s) -> e.lower(s.low()),
          (e, s) -> e.floor(s.low()),
          (e, s) -> e.ceiling(s.low()),
          (e, s) -> e.higher(s.low()),
          (e, s) -> e.pollFirst(),
          (e, s) -> e.pollLast(),
          (e, s) -> e.add(s.first() ? null : s.low()),
          (e, s) -> e.contains(s.first() ? null : (Object) s.low()),
          (e, s) -> e.toString() + e.hashCode() + e.size() + e.isEmpty(),
          (e, s) -> e.equals(Set.of(s.low())),
          (e, s) -> e.containsAll(Set.of(s.low(), 3)),
          (e, s) -> e.removeAll(List.of(s.low(), s.high())),
          (e, s) -> s.low() < 4 && e.retainAll(List.of(s.low(), s.high(), 7, 8)),
          (e, s) -> e.removeIf(x -> x % 3 == s.low() % 3),
          (e, s) -> removeFrom(e.iterator(), s),
          (e, s) -> removeFrom(e.descendingIterator(), s),
          (e, s) -> e.parallelStream().toList(),
          (e, s) -> e.addAll(List.of(s.low())));

  private static final int TO_THE_WHOLE = VIEWS.size() + OPERATIONS.size();

  @Provide
  Arbitrary<List<Step>> programs() {
    return Lockstep.programs(VIEWS.size(), OPERATIONS.size(), 1, 200);
  }

  @Property(tries = 500)
  void autoCommitAnswersAsConcurrentSkipListSetDoes(@ForAll("programs") List<Step> program) {
    try (PersistentStore store = PersistentStore.inMemory()) {
      run(store.set("s", Integer.class), program);
    }
  }

  @Property(tries = 500)
  void scopesAnswerAsConcurrentSkipListSetDoes(@ForAll("programs") List<Step> program) {
    try (PersistentStore store = PersistentStore.inMemory()) {
      NavigableSet<Integer> set = store.set("s", Integer.class);
      NavigableSet<Integer> model;
      try (TransactionScope scope = store.begin()) {
        model = run(set, program);
        scope.commit();
      }
      Lockstep.assertSame(listOf(set), listOf(model), null);
    }
  }

  @SuppressWarnings("unchecked")
  private static NavigableSet<Integer> run(NavigableSet<Integer> whole, List<Step> program) {
    NavigableSet<Integer> wholeModel = new ConcurrentSkipListSet<>();
    NavigableSet<Integer> set = whole;
    NavigableSet<Integer> model = wholeModel;
    for (Step step : program) {
      NavigableSet<Integer> here = set;
      NavigableSet<Integer> there = model;
      int number = step.operation();
      if (number == TO_THE_WHOLE) {
        set = whole;
        model = wholeModel;
        continue;
      }
      Operation<NavigableSet<Integer>> operation =
          number < VIEWS.size() ? VIEWS.get(number) : OPERATIONS.get(number - VIEWS.size());
      Object answer = outcomeOf(() -> operation.apply(here, step));
      Object expected = outcomeOf(() -> operation.apply(there, step));
      Lockstep.assertSame(answer, expected, step);
      if (expected instanceof NavigableSet<?>) {
        set = (NavigableSet<Integer>) answer;
        model = (NavigableSet<Integer>) expected;
      }
    }
    Lockstep.assertSame(listOf(whole), listOf(wholeModel), null);
    return wholeModel;
  }

  private static Object removeFrom(Iterator<Integer> iterator, Step step) {
    int sum = 0;
    while (iterator.hasNext()) {
      int element = iterator.next();
      sum = 31 * sum + element;
      if (element % 3 == step.low() % 3) {
        iterator.remove();
      }
    }
    return sum;
  }
}
