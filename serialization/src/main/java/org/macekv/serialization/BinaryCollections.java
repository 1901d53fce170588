package org.macekv.serialization;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The forms of lists, sets and maps: their count, then the elements, in the order in which they are
 * walked. What is read is unmodifiable and in the same order.
 */
final class BinaryCollections {
  private BinaryCollections() {}

  /** Lists. */
  record OfList(BinaryForm<Object> element) implements CountedBinaryForm<List<?>> {
    @Override
    public void writeNullable(BinaryOutput output, @Nullable List<?> value) {
      writeElements(output, value, element);
    }

    @Override
    public @Nullable List<?> readNullable(BinaryInput input) {
      int count = input.readCount(1);
      if (count <= 0) {
        return count < 0 ? null : Collections.emptyList();
      }
      @Nullable Object[] elements = new @Nullable Object[count];
      for (int i = 0; i < count; i++) {
        elements[i] = element.readNullable(input);
      }
      return Collections.unmodifiableList(Arrays.asList(elements));
    }
  }

  /** Sets. */
  record OfSet(BinaryForm<Object> element) implements CountedBinaryForm<Set<?>> {
    @Override
    public void writeNullable(BinaryOutput output, @Nullable Set<?> value) {
      writeElements(output, value, element);
    }

    @Override
    public @Nullable Set<?> readNullable(BinaryInput input) {
      int count = input.readCount(1);
      if (count <= 0) {
        return count < 0 ? null : Collections.emptySet();
      }
      Set<@Nullable Object> elements = new LinkedHashSet<>(hashCapacity(count));
      for (int i = 0; i < count; i++) {
        elements.add(element.readNullable(input));
      }
      return Collections.unmodifiableSet(elements);
    }
  }

  /** Maps. */
  record OfMap(BinaryForm<Object> key, BinaryForm<Object> value)
      implements CountedBinaryForm<Map<?, ?>> {
    @Override
    public void writeNullable(BinaryOutput output, @Nullable Map<?, ?> map) {
      if (map == null) {
        output.writeNull();
        return;
      }
      int count = map.size();
      int written = 0;
      output.writeCount(count);
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        requireSame(written++ < count);
        key.writeNullable(output, entry.getKey());
        value.writeNullable(output, entry.getValue());
      }
      requireSame(written == count);
    }

    @Override
    public @Nullable Map<?, ?> readNullable(BinaryInput input) {
      int count = input.readCount(2);
      if (count <= 0) {
        return count < 0 ? null : Collections.emptyMap();
      }
      Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>(hashCapacity(count));
      for (int i = 0; i < count; i++) {
        map.put(key.readNullable(input), value.readNullable(input));
      }
      return Collections.unmodifiableMap(map);
    }
  }

  private static void writeElements(
      BinaryOutput output, @Nullable Collection<?> value, BinaryForm<Object> element) {
    if (value == null) {
      output.writeNull();
      return;
    }
    int count = value.size();
    int written = 0;
    output.writeCount(count);
    for (Object each : value) {
      requireSame(written++ < count);
      element.writeNullable(output, each);
    }
    requireSame(written == count);
  }

  private static void requireSame(boolean same) {
    if (!same) {
      throw new ValueException("a collection was changed while it was written");
    }
  }

  /** What a hash table must be made for so as not to grow; grows by itself beyond 2^29. */
  private static int hashCapacity(int count) {
    return count < 1 << 29 ? count + count / 3 + 1 : count;
  }
}
