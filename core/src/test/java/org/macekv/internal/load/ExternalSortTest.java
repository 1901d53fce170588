package org.macekv.internal.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.macekv.error.CorruptionException;
import org.macekv.internal.format.LargeValue;
import org.macekv.internal.io.MemoryStorage;
import org.macekv.internal.io.WritableFile;

class ExternalSortTest {
  private final MemoryStorage storage = new MemoryStorage("m");

  private static byte[] key(int i) {
    return ByteBuffer.allocate(4).putInt(i).array();
  }

  private static Object value(int i) {
    return i % 7 == 0
        ? new LargeValue(i, 70_000, new long[] {i, 2L * i}, new int[] {1, 2})
        : new byte[i % 100];
  }

  /** Up to more runs than are merged at a time, and so many that merges are merged. */
  @ParameterizedTest
  @CsvSource({"0, 1000", "1, 1000", "500, 1000000", "500, 1000", "3000, 1000", "60000, 200"})
  void entriesComeInOrderAndTheLastOfEqualKeysStays(int count, int memoryBytes) {
    try (ExternalSort sort = new ExternalSort(storage, "s", memoryBytes)) {
      Map<byte[], Object> expected = new TreeMap<>(Arrays::compareUnsigned);
      Random random = new Random(count);
      int most = 0;
      for (int i = 0; i < count; i++) {
        byte[] key = key(random.nextInt(count));
        Object value = value(i);
        sort.add(new Entry(key, value));
        expected.put(key, value);
        most = Math.max(most, sort.runs());
      }
      assertThat(most).isLessThan(300);
      assertThat(storage.list("load")).hasSize(sort.runs());
      Iterator<Map.Entry<byte[], Object>> next = expected.entrySet().iterator();
      List<Long> told = new ArrayList<>();
      sort.drain(
          entry -> {
            Map.Entry<byte[], Object> wanted = next.next();
            assertThat(entry.key()).isEqualTo(wanted.getKey());
            if (wanted.getValue() instanceof LargeValue large) {
              LargeValue found = (LargeValue) entry.value();
              assertThat(found.length()).isEqualTo(large.length());
              assertThat(found.starts()).isEqualTo(large.starts());
            } else {
              assertThat((byte[]) entry.value()).hasSize(((byte[]) wanted.getValue()).length);
            }
          },
          told::add);
      assertThat(next.hasNext()).isFalse();
      assertThat(told.get(told.size() - 1)).isEqualTo(expected.size());
      assertThat(storage.list("load")).isEmpty();
    }
  }

  @Test
  void damageIsFound() {
    try (ExternalSort sort = new ExternalSort(storage, "s", 2000)) {
      for (int i = 0; i < 100; i++) {
        sort.add(new Entry(key(i), new byte[50]));
      }
      String path = "load/" + storage.list("load").get(0);
      try (WritableFile file = storage.openForDamage(path)) {
        file.write(100, new byte[] {1, 2, 3}, 0, 3);
      }
      assertThatThrownBy(() -> sort.drain(entry -> {}, done -> {}))
          .isInstanceOf(CorruptionException.class)
          .hasMessageContaining(path);
    }
    assertThat(storage.list("load")).isEmpty();
  }

  @Test
  void whatIsLeftOfOthersIsDeleted() {
    ExternalSort sort = new ExternalSort(storage, "s", 2000);
    for (int i = 0; i < 100; i++) {
      sort.add(new Entry(key(i), new byte[50]));
    }
    assertThat(storage.list("load")).isNotEmpty();
    ExternalSort.deleteStrays(storage);
    assertThat(storage.list("load")).isEmpty();
    sort.close();
  }
}
