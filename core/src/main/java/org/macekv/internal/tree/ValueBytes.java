package org.macekv.internal.tree;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.macekv.internal.format.LargeValue;
import org.macekv.internal.format.LeafPage;

/**
 * How many bytes of large values a leaf's image points to, by the position where a run of value
 * records begins. Immutable.
 */
final class ValueBytes {
  private final Map<Long, Long> byRun;

  private ValueBytes(Map<Long, Long> byRun) {
    this.byRun = byRun;
  }

  /** Of all values that a leaf has, whatever their position; null if it has none. */
  static @Nullable ValueBytes of(Leaf leaf) {
    Map<Long, Long> byRun = new TreeMap<>();
    for (Object value : leaf.beside) {
      add(byRun, value);
    }
    int count = leaf.count();
    for (int i = 0; i < count; i++) {
      if (LeafPage.tag(leaf.page, leaf.offset(i)) == LeafPage.BESIDE_TAG) {
        add(byRun, leaf.besideValue(i));
      }
    }
    return byRun.isEmpty() ? null : new ValueBytes(byRun);
  }

  private static void add(Map<Long, Long> byRun, @Nullable Object value) {
    if (value instanceof LargeValue large) {
      for (int run = 0; run < large.starts().length; run++) {
        byRun.merge(large.starts()[run], large.runBytes(run), Long::sum);
      }
    }
  }

  /** Whether there are runs between two positions that a leaf does not have. */
  boolean hasMoreThan(Leaf leaf, long from, long to) {
    ValueBytes other = of(leaf);
    for (Long run : byRun.keySet()) {
      if (from <= run && run < to && (other == null || !other.byRun.containsKey(run))) {
        return true;
      }
    }
    return false;
  }

  /** The runs' bytes by the position of their first record. */
  Map<Long, Long> byRun() {
    return byRun;
  }
}
