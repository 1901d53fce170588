package org.macekv.serialization;

import com.esotericsoftware.kryo.kryo5.Kryo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Stores a map that is filled after it was made: its comparator if sorted, its entries. */
final class MapSerializer<M extends Map<@Nullable Object, @Nullable Object>>
    extends ValueSerializer<Object> {
  private final @Nullable Function<M, @Nullable Comparator<?>> order;
  private final CollectionSerializer.Factory<M> factory;

  private MapSerializer(
      @Nullable Function<M, @Nullable Comparator<?>> order,
      CollectionSerializer.Factory<M> factory) {
    this.order = order;
    this.factory = factory;
  }

  /**
   * @param factory takes the number of entries
   */
  static <M extends Map<@Nullable Object, @Nullable Object>> MapSerializer<M> plain(
      IntFunction<M> factory) {
    return new MapSerializer<>(null, (comparator, size) -> factory.apply(size));
  }

  static <M extends Map<@Nullable Object, @Nullable Object>> MapSerializer<M> sorted(
      Function<M, @Nullable Comparator<?>> order, CollectionSerializer.Factory<M> factory) {
    return new MapSerializer<>(order, factory);
  }

  @Override
  @SuppressWarnings("unchecked") // it is registered for these
  void write(Kryo kryo, ValueOutput output, Object written) {
    M value = (M) written;
    if (order != null) {
      kryo.writeClassAndObject(output, order.apply(value));
    }
    writeEntries(kryo, output, value);
  }

  static void writeEntries(Kryo kryo, ValueOutput output, Map<?, ?> map) {
    // One moment of a concurrent map: the number must be that of the entries written.
    List<Map.Entry<?, ?>> entries = new ArrayList<>(map.entrySet());
    output.writeSize(entries.size());
    for (int i = 0; i < entries.size(); i++) {
      Map.Entry<?, ?> entry = entries.get(i);
      try {
        kryo.writeClassAndObject(output, entry.getKey());
        kryo.writeClassAndObject(output, entry.getValue());
      } catch (RuntimeException e) {
        throw ValueException.at(Elements.step(entry.getKey(), i), e);
      }
    }
  }

  @Override
  Object read(Kryo kryo, ValueInput input) {
    Comparator<Object> comparator =
        order == null ? null : CollectionSerializer.readComparator(kryo, input);
    int size = input.readSize(2);
    // What is passed over may have keys that can't be compared any more.
    Map<@Nullable Object, @Nullable Object> map =
        input.isSkipping() && order != null
            ? new IdentityHashMap<>()
            : factory.create(comparator, size);
    kryo.reference(map);
    readEntries(kryo, input, map, size);
    return map;
  }

  static <K extends @Nullable Object> void readEntries(
      Kryo kryo, ValueInput input, Map<K, @Nullable Object> map, int size) {
    for (int i = 0; i < size; i++) {
      Object key = null;
      try {
        key = kryo.readClassAndObject(input);
        @SuppressWarnings("unchecked") // what it can't take, it will say
        K typed = (K) key;
        map.put(typed, kryo.readClassAndObject(input));
      } catch (RuntimeException e) {
        throw ValueException.at(Elements.step(key, i), e);
      }
    }
  }
}
