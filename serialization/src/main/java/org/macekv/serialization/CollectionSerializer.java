package org.macekv.serialization;

import com.esotericsoftware.kryo.kryo5.Kryo;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Stores a collection that is filled after it was made: its comparator if sorted, its elements. */
final class CollectionSerializer<C extends Collection<@Nullable Object>>
    extends ValueSerializer<Object> {
  private final @Nullable Function<C, @Nullable Comparator<?>> order;
  private final Factory<C> factory;

  private CollectionSerializer(
      @Nullable Function<C, @Nullable Comparator<?>> order, Factory<C> factory) {
    this.order = order;
    this.factory = factory;
  }

  /**
   * @param factory takes the number of elements
   */
  static <C extends Collection<@Nullable Object>> CollectionSerializer<C> plain(
      IntFunction<C> factory) {
    return new CollectionSerializer<>(null, (comparator, size) -> factory.apply(size));
  }

  static <C extends Collection<@Nullable Object>> CollectionSerializer<C> sorted(
      Function<C, @Nullable Comparator<?>> order, Factory<C> factory) {
    return new CollectionSerializer<>(order, factory);
  }

  @Override
  @SuppressWarnings("unchecked") // it is registered for these
  void write(Kryo kryo, ValueOutput output, Object written) {
    C value = (C) written;
    if (order != null) {
      kryo.writeClassAndObject(output, order.apply(value));
    }
    @Nullable Object[] elements = value.toArray(); // one moment of a concurrent collection
    output.writeSize(elements.length);
    Elements.write(kryo, output, elements);
  }

  @Override
  Object read(Kryo kryo, ValueInput input) {
    Comparator<Object> comparator = order == null ? null : readComparator(kryo, input);
    int size = input.readSize(1);
    // What is passed over may have elements that can't be compared any more.
    Collection<@Nullable Object> collection =
        input.isSkipping() && order != null ? new ArrayList<>() : factory.create(comparator, size);
    kryo.reference(collection);
    for (int i = 0; i < size; i++) {
      try {
        collection.add(kryo.readClassAndObject(input));
      } catch (RuntimeException e) {
        throw ValueException.at("[" + i + "]", e);
      }
    }
    return collection;
  }

  @SuppressWarnings("unchecked") // what it can't compare, it will say
  static @Nullable Comparator<Object> readComparator(Kryo kryo, ValueInput input) {
    return (Comparator<Object>) kryo.readClassAndObject(input);
  }

  /** Makes an empty collection or map. */
  interface Factory<C> {
    C create(@Nullable Comparator<Object> comparator, int size);
  }
}
