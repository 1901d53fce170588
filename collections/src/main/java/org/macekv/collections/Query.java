package org.macekv.collections;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.macekv.Cursor;
import org.macekv.KeyRange;
import org.macekv.View;

/**
 * A question for entities: those that meet all of its conditions, each about an indexed property;
 * all of them, if there is none. Immutable; each method that adds something gives another one.
 *
 * <p>The answer has each entity once, in the order of the index of the first condition (of equal
 * values by key), else in the order of the keys. It is of one state of the store: of the scope or
 * snapshot that it is asked in, else of the moment when it is asked. Entities of which several
 * properties must equal values are found by walking along all of these indexes at the same time,
 * each leaping to where the others are; others by the first index, of which those are left out that
 * the rest of the conditions do not let through.
 *
 * @param <K> the keys
 * @param <E> the entities
 */
public final class Query<K, E> {
  private final Entities<K, E> entities;
  private final List<Condition<E>> conditions;
  private final boolean reverse;
  private final long limit;

  /**
   * What must hold.
   *
   * @param range of the index
   * @param equal what the range begins with, if it is the entries of one value; else null
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared for equality
  private record Condition<E>(EntityIndex<E, ?> index, KeyRange range, byte @Nullable [] equal) {
    boolean holds(E entity, byte[] key) {
      return index.keysOf(entity, key).stream().anyMatch(range::contains);
    }

    /** Whether its entries are in the order of the entities' keys. */
    boolean isByKey() {
      return equal != null && !index.isUnique();
    }
  }

  /** All entities. */
  Query(Entities<K, E> entities) {
    this(entities, false, Long.MAX_VALUE, List.of());
  }

  private Query(
      Entities<K, E> entities, boolean reverse, long limit, List<Condition<E>> conditions) {
    this.entities = entities;
    this.conditions = conditions;
    this.reverse = reverse;
    this.limit = limit;
  }

  private Query<K, E> and(Condition<E> condition) {
    List<Condition<E>> all = new ArrayList<>(conditions);
    all.add(condition);
    return new Query<>(entities, reverse, limit, List.copyOf(all));
  }

  /**
   * And whose indexed property has this value, or one of its values is that.
   *
   * @throws IllegalArgumentException if there is no such index
   * @throws IllegalStateException if it is being built
   */
  public Query<K, E> and(String index, Object value) {
    EntityIndex<E, ?> found = entities.indexes().ready(index);
    byte[] equal = found.equalTo(value);
    return and(new Condition<>(found, KeyRange.prefix(equal), equal));
  }

  /** And whose indexed property is in a range; null for no bound. */
  public Query<K, E> andBetween(
      String index,
      @Nullable Object low,
      boolean lowInclusive,
      @Nullable Object high,
      boolean highInclusive) {
    EntityIndex<E, ?> found = entities.indexes().ready(index);
    return and(new Condition<>(found, found.between(low, lowInclusive, high, highInclusive), null));
  }

  /**
   * And whose indexed property begins so.
   *
   * @throws UnsupportedOperationException if it has no prefixes
   */
  public Query<K, E> andPrefix(String index, Object... prefix) {
    EntityIndex<E, ?> found = entities.indexes().ready(index);
    return and(new Condition<>(found, found.beginningWith(prefix), null));
  }

  /** The same, in the reverse order. */
  public Query<K, E> reverse() {
    return new Query<>(entities, !reverse, limit, conditions);
  }

  /** The first ones of the answer only. */
  public Query<K, E> limit(long most) {
    if (most < 0) {
      throw new IllegalArgumentException("a limit of " + most);
    }
    return new Query<>(entities, reverse, Math.min(limit, most), conditions);
  }

  /** The answer. */
  public List<E> list() {
    List<E> answer = new ArrayList<>();
    run(step -> answer.add(step.entity()));
    return answer;
  }

  /** The first of the answer. */
  public Optional<E> first() {
    List<E> one = limit(1).list();
    return one.isEmpty() ? Optional.empty() : Optional.of(one.get(0));
  }

  /** How many there are. Entities are not read if there is one condition, or only equal values. */
  public long count() {
    if (conditions.isEmpty()) {
      return Math.min(limit, entities.count());
    }
    long[] count = {0};
    run(step -> count[0]++);
    return count[0];
  }

  /** The keys of the answer; entities are read no more than for {@link #count}. */
  public List<K> keys() {
    List<K> answer = new ArrayList<>();
    run(step -> answer.add(entities.map().collection().decodeKey(step.key)));
    return answer;
  }

  /**
   * The answer, read as it is asked for. Outside of scopes and snapshots it holds a view of the
   * store until its end or until it is closed: close it, best with {@code try}, if it may not be
   * read to its end.
   */
  public Stream<E> stream() {
    Access access = entities.map().access();
    if (access.transaction() != null || access.isFrozen()) {
      return StreamSupport.stream(new Steps(access), false).map(Step::entity);
    }
    View view = view();
    Steps steps = new Steps(new ViewAccess(view));
    steps.atEnd = view::close;
    return StreamSupport.stream(steps, false).map(Step::entity).onClose(view::close);
  }

  private View view() {
    return entities.map().collection().store().mace().view();
  }

  private void run(Consumer<Step> action) {
    Access access = entities.map().access();
    if (access.transaction() != null || access.isFrozen()) {
      new Steps(access).forEachRemaining(action);
      return;
    }
    try (View view = view()) {
      new Steps(new ViewAccess(view)).forEachRemaining(action);
    }
  }

  /** An entity of the answer, read when it is wanted. */
  private final class Step {
    private final Access access;
    private final byte[] key;
    private @Nullable E read;

    Step(Access access, byte[] key) {
      this.access = access;
      this.key = key;
    }

    E entity() {
      E known = read;
      if (known == null) {
        StoredCollection<K, E> collection = entities.map().collection();
        byte[] value = access.get(collection.bucket(), key);
        if (value == null) {
          throw new IllegalStateException(
              entities.indexes()
                  + ": an index has an entity that is not there: "
                  + Arrays.toString(key));
        }
        known = collection.decodeValue(key, value);
        read = known;
      }
      return known;
    }
  }

  /** Walks over the answer. */
  private final class Steps extends Spliterators.AbstractSpliterator<Step> {
    private final Access access;
    private final Keys keys;
    private final List<Condition<E>> rest;
    private final @Nullable Set<String> seen;
    private long left = limit;
    private Runnable atEnd = () -> {};

    Steps(Access access) {
      super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.DISTINCT | Spliterator.NONNULL);
      this.access = access;
      boolean leaping =
          conditions.size() > 1 && !reverse && conditions.stream().allMatch(Condition::isByKey);
      this.keys = leaping ? new LeapingKeys(access) : new FirstKeys(access);
      this.rest =
          leaping || conditions.isEmpty() ? List.of() : conditions.subList(1, conditions.size());
      Condition<E> first = conditions.isEmpty() ? null : conditions.get(0);
      boolean several = first != null && first.index.definition().several() && first.equal == null;
      this.seen = several ? new HashSet<>() : null;
    }

    @Override
    public boolean tryAdvance(Consumer<? super Step> action) {
      while (left > 0) {
        byte[] key = keys.next();
        if (key == null) {
          break;
        }
        Step step = new Step(access, key);
        if ((seen == null || seen.add(new String(key, StandardCharsets.ISO_8859_1)))
            && rest.stream().allMatch(each -> holds(each, step))) {
          left--;
          action.accept(step);
          return true;
        }
      }
      left = 0;
      atEnd.run();
      return false;
    }

    private boolean holds(Condition<E> condition, Step step) {
      byte[] equal = condition.equal;
      if (equal != null && !condition.index.isUnique()) {
        return access.contains(entities.indexes().bucket(), joined(equal, step.key));
      }
      return condition.holds(step.entity(), step.key);
    }
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }

  /** Keys of entities, one after the other; null at the end. */
  private interface Keys {
    byte @Nullable [] next();
  }

  /** Of the first condition, or of all entities. */
  private final class FirstKeys implements Keys {
    private final Cursor cursor;

    FirstKeys(Access access) {
      if (conditions.isEmpty()) {
        this.cursor = access.scan(entities.map().collection().bucket(), KeyRange.all(), reverse);
      } else {
        this.cursor = access.scan(entities.indexes().bucket(), conditions.get(0).range, reverse);
      }
    }

    @Override
    public byte @Nullable [] next() {
      if (!cursor.next()) {
        return null;
      }
      return conditions.isEmpty()
          ? cursor.key()
          : conditions.get(0).index.entityKey(cursor.key(), cursor.value());
    }
  }

  /** Those that all conditions have, of which each has its keys in order. */
  private final class LeapingKeys implements Keys {
    private final Access access;
    private byte @Nullable [] at = new byte[0]; // where to look from

    LeapingKeys(Access access) {
      this.access = access;
    }

    @Override
    public byte @Nullable [] next() {
      byte[] from = at;
      int agreed = 0;
      int i = 0;
      while (from != null && agreed < conditions.size()) {
        byte[] found = firstFrom(conditions.get(i), from);
        agreed = found != null && agreed > 0 && Arrays.equals(found, from) ? agreed + 1 : 1;
        from = found;
        i = (i + 1) % conditions.size();
      }
      at = from == null ? null : Arrays.copyOf(from, from.length + 1); // the next key there can be
      return from;
    }

    private byte @Nullable [] firstFrom(Condition<E> condition, byte[] key) {
      byte[] equal = Objects.requireNonNull(condition.equal);
      KeyRange range = condition.range.intersect(KeyRange.atLeast(joined(equal, key)));
      Cursor cursor = access.scan(entities.indexes().bucket(), range, false);
      return cursor.next() ? condition.index.entityKey(cursor.key(), cursor.value()) : null;
    }
  }
}
