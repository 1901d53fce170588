package org.macekv.collections;

import static org.macekv.collections.Lockstep.listOf;
import static org.macekv.collections.Lockstep.outcomeOf;

import java.util.AbstractMap.SimpleEntry;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.macekv.collections.Lockstep.Operation;
import org.macekv.collections.Lockstep.Step;

/** Random programs in lockstep with {@link ConcurrentSkipListMap}. */
class NavigableMapModelTest {
  /** Operations that give a view, which the program goes on with. */
  private static final List<Operation<ConcurrentNavigableMap<Integer, String>>> VIEWS =
      List.of(
          (m, s) -> m.subMap(s.low(), s.first(), s.high(), s.second()),
          (m, s) -> m.subMap(s.low(), s.high()),
          (m, s) -> m.headMap(s.high(), s.first()),
          (m, s) -> m.headMap(s.high()),
          (m, s) -> m.tailMap(s.low(), s.first()),
          (m, s) -> m.tailMap(s.low()),
          (m, s) -> m.descendingMap());

  private static final List<Operation<ConcurrentNavigableMap<Integer, String>>> POINTS =
      List.of(
          (m, s) -> m.put(s.low(), s.value()),
          (m, s) -> m.put(s.high(), s.value()),
          (m, s) -> m.get(s.low()),
          (m, s) -> m.getOrDefault(s.low(), "none"),
          (m, s) -> m.containsKey(s.low()),
          (m, s) -> m.containsValue(s.value()),
          (m, s) -> m.remove(s.low()),
          (m, s) -> m.remove(s.low(), s.value()),
          (m, s) -> m.putIfAbsent(s.low(), s.value()),
          (m, s) -> m.replace(s.low(), s.value()),
          (m, s) -> m.replace(s.low(), s.value(), "replaced"),
          (m, s) -> m.compute(s.low(), s::compute),
          (m, s) -> m.computeIfAbsent(s.low(), k -> s.compute(k, "absent")),
          (m, s) -> m.computeIfPresent(s.low(), s::compute),
          (m, s) -> m.merge(s.low(), s.value(), (a, b) -> s.compute(s.low(), a + b)),
          (m, s) -> m.get(s.first() ? null : (Object) s.low()),
          (m, s) -> m.put(s.low(), s.first() ? null : s.value()));

  private static final List<Operation<ConcurrentNavigableMap<Integer, String>>> NAVIGATION =
      List.of(
          (m, s) -> m.firstKey(),
          (m, s) -> m.lastKey(),
          (m, s) -> m.firstEntry(),
          (m, s) -> m.lastEntry(),
          (m, s) -> m.lowerKey(s.low()),
          (m, s) -> m.floorKey(s.low()),
          (m, s) -> m.ceilingKey(s.low()),
          (m, s) -> m.higherKey(s.low()),
          (m, s) -> m.lowerEntry(s.low()),
          (m, s) -> m.floorEntry(s.low()),
          (m, s) -> m.ceilingEntry(s.low()),
          (m, s) -> m.higherEntry(s.low()),
          (m, s) -> m.pollFirstEntry(),
          (m, s) -> m.pollLastEntry(),
          (m, s) -> m.keySet().pollFirst(),
          (m, s) -> m.descendingKeySet().pollFirst(),
          (m, s) -> listOf(m.keySet().subSet(s.low(), s.first(), s.high(), s.second())),
          (m, s) -> listOf(m.descendingKeySet().tailSet(s.low(), s.first())));

  private static final List<Operation<ConcurrentNavigableMap<Integer, String>>> BULK =
      List.of(
          (m, s) -> m.toString() + m.hashCode() + m.size() + m.isEmpty(),
          (m, s) -> m.equals(Map.of(s.low(), s.value())) || m.equals(new TreeMap<>(m)),
          (m, s) -> removeSome(m.entrySet().iterator(), s),
          (m, s) -> removeSome(m.keySet().iterator(), s),
          (m, s) -> removeSome(m.keySet().descendingIterator(), s),
          (m, s) -> removeSome(m.values().iterator(), s),
          (m, s) -> m.keySet().removeIf(k -> k % 3 == s.low() % 3),
          (m, s) -> m.values().removeIf(s.value()::equals),
          (m, s) -> m.entrySet().removeIf(e -> e.getKey() % 4 == s.low() % 4),
          (m, s) -> m.entrySet().remove(Map.entry(s.low(), s.value())),
          (m, s) -> m.entrySet().contains(Map.entry(s.low(), s.value())),
          (m, s) -> m.entrySet().contains(new SimpleEntry<>(s.low(), null)),
          (m, s) -> m.entrySet().remove(new SimpleEntry<>(s.low(), null)),
          (m, s) -> m.values().remove(s.value()),
          (m, s) -> m.keySet().removeAll(List.of(s.low(), s.high())),
          (m, s) -> s.low() < 4 && m.keySet().retainAll(List.of(s.low(), s.high(), 7, 8)),
          (m, s) -> listOf(m.values()),
          (m, s) -> m.keySet().parallelStream().map(k -> k + s.low()).toList(),
          (m, s) -> m.entrySet().parallelStream().map(Object::toString).toList(),
          (m, s) -> putAll(m, s),
          (m, s) -> replaceAll(m, s),
          (m, s) -> s.low() == 0 && clear(m));

  private static final List<Operation<ConcurrentNavigableMap<Integer, String>>> OPERATIONS =
      List.of(POINTS, NAVIGATION, BULK).stream().flatMap(List::stream).toList();

  /** The number that stands for going back from views to the whole map. */
  private static final int TO_THE_WHOLE = VIEWS.size() + OPERATIONS.size();

  /** The number that stands for the end of a scope and the beginning of the next. */
  private static final int END_OF_SCOPE = TO_THE_WHOLE + 1;

  @Provide
  Arbitrary<List<Step>> programs() {
    return Lockstep.programs(VIEWS.size(), OPERATIONS.size(), 2, 200);
  }

  @Property(tries = 1000)
  void autoCommitAnswersAsConcurrentSkipListMapDoes(@ForAll("programs") List<Step> program) {
    try (PersistentStore store = PersistentStore.inMemory()) {
      Run run = new Run(store.navigableMap("m", Integer.class, String.class));
      program.stream().filter(step -> step.operation() != END_OF_SCOPE).forEach(run::step);
      run.compareAll();
    }
  }

  @Property(tries = 1000)
  void scopesAnswerAsConcurrentSkipListMapDoesAndKeepWhatTheyCommit(
      @ForAll("programs") List<Step> program) {
    try (PersistentStore store = PersistentStore.inMemory()) {
      Run run = new Run(store.navigableMap("m", Integer.class, String.class));
      TransactionScope scope = store.begin();
      Map<Integer, String> committed = Map.of();
      for (Step step : program) {
        if (step.operation() != END_OF_SCOPE) {
          run.step(step);
        } else if (step.first()) {
          scope.commit();
          committed = new TreeMap<>(run.wholeModel);
          scope = store.begin();
        } else {
          scope.close();
          run.wholeModel.clear();
          run.wholeModel.putAll(committed);
          scope = store.begin();
        }
      }
      run.compareAll();
      scope.close();
      run.wholeModel.clear();
      run.wholeModel.putAll(committed);
      run.compareAll();
    }
  }

  private static final class Run {
    private final ConcurrentNavigableMap<Integer, String> whole;
    private final ConcurrentNavigableMap<Integer, String> wholeModel =
        new ConcurrentSkipListMap<>();
    private ConcurrentNavigableMap<Integer, String> map;
    private ConcurrentNavigableMap<Integer, String> model = wholeModel;

    Run(ConcurrentNavigableMap<Integer, String> whole) {
      this.whole = whole;
      this.map = whole;
    }

    @SuppressWarnings("unchecked")
    void step(Step step) {
      int number = step.operation();
      if (number == TO_THE_WHOLE) {
        map = whole;
        model = wholeModel;
      } else if (number < VIEWS.size()) {
        Object view = outcomeOf(() -> VIEWS.get(number).apply(map, step));
        Object modelView = outcomeOf(() -> VIEWS.get(number).apply(model, step));
        Lockstep.assertSame(view, modelView, step);
        if (modelView instanceof ConcurrentNavigableMap<?, ?>) {
          map = (ConcurrentNavigableMap<Integer, String>) view;
          model = (ConcurrentNavigableMap<Integer, String>) modelView;
        }
      } else {
        Operation<ConcurrentNavigableMap<Integer, String>> operation =
            OPERATIONS.get(number - VIEWS.size());
        Object answer = outcomeOf(() -> operation.apply(map, step));
        Lockstep.assertSame(answer, outcomeOf(() -> operation.apply(model, step)), step);
      }
    }

    void compareAll() {
      Step end = new Step(-1, 0, 0, false, false);
      Lockstep.assertSame(listOf(map.entrySet()), listOf(model.entrySet()), end);
      Lockstep.assertSame(listOf(whole.entrySet()), listOf(wholeModel.entrySet()), end);
      Lockstep.assertSame(whole.size(), wholeModel.size(), end);
    }
  }

  private static Object removeSome(Iterator<?> iterator, Step step) {
    List<Object> seen = new ArrayList<>();
    while (iterator.hasNext()) {
      seen.add(iterator.next());
      if (seen.size() % (2 + step.high() % 3) == 0) {
        iterator.remove();
      }
      if (step.first() && seen.size() > step.low()) {
        break;
      }
    }
    return seen;
  }

  private static Object putAll(ConcurrentNavigableMap<Integer, String> map, Step step) {
    int second = (step.low() + 1) % Lockstep.KEYS;
    try {
      map.subMap(step.low(), true, step.low(), true);
      map.subMap(second, true, second, true);
    } catch (IllegalArgumentException e) {
      return "out of range"; // The model would keep the one that is in range; the map keeps none.
    }
    map.putAll(Map.of(step.low(), "bulk", second, "bulk"));
    return map.size();
  }

  private static Object replaceAll(ConcurrentNavigableMap<Integer, String> map, Step step) {
    map.replaceAll((key, value) -> key % 5 == step.low() % 5 ? "all" : value);
    return listOf(map.entrySet());
  }

  private static boolean clear(ConcurrentNavigableMap<Integer, String> map) {
    map.clear();
    return map.isEmpty();
  }
}
