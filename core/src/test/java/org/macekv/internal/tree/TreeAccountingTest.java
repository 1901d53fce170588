package org.macekv.internal.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.macekv.error.BucketDroppedException;
import org.macekv.internal.engine.Engine;
import org.macekv.internal.engine.Environment;
import org.macekv.internal.io.MemoryStorage;
import org.macekv.internal.txn.StoredBucket;
import org.macekv.option.BucketOptions;
import org.macekv.option.Durability;
import org.macekv.option.MaceOptions;

/** What the cache and the checkpoints go by is what there is. */
class TreeAccountingTest {
  private static final MaceOptions OPTIONS =
      MaceOptions.defaults()
          .withDurability(Durability.BUFFERED)
          .withLogSegmentBytes(1 << 20)
          .withPageFileBytes(1 << 20)
          .withCheckpointIntervalMillis(Integer.MAX_VALUE)
          .withCheckpointLogBytes(Long.MAX_VALUE);

  private final MemoryStorage storage = new MemoryStorage("store");

  private Engine open(long cacheBytes) {
    return Engine.open(storage, OPTIONS.withCacheBytes(cacheBytes), Environment.seeded(1));
  }

  private static byte[] key(int i) {
    return new byte[] {(byte) (i >> 16), (byte) (i >> 8), (byte) i};
  }

  private static byte[] value(int length, int seed) {
    byte[] value = new byte[length];
    new Random(seed).nextBytes(value);
    return value;
  }

  /** The cells of a tree that are in memory. */
  private static List<Cell> cells(Tree tree) {
    List<Cell> cells = new ArrayList<>();
    addCells(tree.root(), cells);
    return cells;
  }

  private static void addCells(Object node, List<Cell> cells) {
    if (node instanceof Cell cell) {
      cells.add(cell);
      return;
    }
    Inner inner = ((InnerRef) node).loaded();
    for (int i = 0; inner != null && i < inner.count(); i++) {
      NodeLock child = inner.child(i);
      if (child != null) {
        addCells(child, cells);
      }
    }
  }

  private static long leafBytes(Tree tree) {
    return cells(tree).stream().mapToLong(Cell::heapBytes).sum();
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 1000, 4000})
  void leavesAreCountedWithAllThatIsBesideThem(int length) {
    try (Engine engine = open(256 << 20)) {
      StoredBucket bucket = engine.bucket("b", null);
      Random random = new Random(1);
      for (int i = 0; i < 4000; i++) {
        engine.operations().put(bucket, key(i), value(length, i));
      }
      for (int n = 0; n < 12_000; n++) {
        engine.operations().put(bucket, key(random.nextInt(4000)), value(length, n));
      }
      long leaves = leafBytes(bucket.tree());
      Residency residency = engine.trees().residency();
      long counted = residency.residentBytes() - residency.innerResidentBytes();
      assertThat(counted).isBetween(leaves, leaves + 2000); // and the catalog's leaf
      assertThat(engine.trees().dirty().get()).isBetween(leaves, leaves + 2000);
    }
  }

  @Test
  void evictedLeavesKeepNoCells() {
    try (Engine engine = open(1 << 20)) {
      StoredBucket bucket = engine.bucket("b", BucketOptions.defaults().withInlineLimitBytes(256));
      for (int i = 0; i < 40_000; i++) {
        engine.operations().put(bucket, key(i), value(300, i));
      }
      engine.checkpoint();
      for (int i = 0; i < 40_000; i += 20) {
        assertThat(engine.operations().get(bucket, key(i))).isEqualTo(value(300, i));
      }
      Residency residency = engine.trees().residency();
      int leaves = bucket.tree().shape().leaves();
      List<Cell> cells = cells(bucket.tree());
      assertThat(cells).hasSizeBetween(1, leaves / 2);
      assertThat(cells).allMatch(each -> each.leaf() != null && each.imageValues() != null);
      long counted = residency.residentBytes() - residency.innerResidentBytes();
      long there = leafBytes(bucket.tree());
      assertThat(counted).isBetween(there, there + 2000); // and the catalog's leaf
    }
  }

  /** As when a bucket is let go of while a writer is between its check and its leaf. */
  @Test
  void whatIsDoneToAnAbandonedTreeIsNotCounted() {
    try (Engine engine = open(64 << 20)) {
      StoredBucket bucket = engine.bucket("b", BucketOptions.defaults().withLeafBytes(256));
      for (int i = 0; i < 20_000; i++) {
        engine.operations().put(bucket, key(i), value(200, i));
      }
    }
    try (Engine engine = open(64 << 20)) {
      Tree tree = engine.bucket("b", null).tree();
      for (int i = 0; i < 20_000; i += 5000) {
        tree.get(key(i), Tree.LIVE); // a part of it is in memory
      }
      tree.abandon();
      long dirty = engine.trees().dirty().get();
      long resident = engine.trees().residency().residentBytes();
      for (int i = 0; i < 20_000; i += 50) {
        Write write = Write.put(key(i), value(200, 1));
        assertThatThrownBy(() -> tree.commit(write, new Refusing()))
            .isInstanceOf(BucketDroppedException.class);
        tree.get(key(i + 1), Tree.LIVE);
      }
      assertThat(engine.trees().dirty().get()).isEqualTo(dirty);
      assertThat(engine.trees().residency().residentBytes()).isEqualTo(resident);
      for (int i = 0; i < 20_000; i++) { // that makes splits
        tree.commit(Write.put(key(1_000_000 + i), value(200, 1)), new Accepting());
      }
      assertThat(engine.trees().dirty().get()).isEqualTo(dirty);
      assertThat(engine.trees().residency().residentBytes()).isEqualTo(resident);
    }
  }

  private static final class Refusing implements Tree.Acceptor {
    @Override
    public long accept(Write write) {
      throw new BucketDroppedException("b");
    }

    @Override
    public void accepted(Write write, long position, boolean installed) {}
  }

  private static final class Accepting implements Tree.Acceptor {
    @Override
    public long accept(Write write) {
      return 1;
    }

    @Override
    public void accepted(Write write, long position, boolean installed) {}
  }
}
