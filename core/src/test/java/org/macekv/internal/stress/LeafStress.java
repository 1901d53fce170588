package org.macekv.internal.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.macekv.internal.tree.Tree;
import org.macekv.internal.tree.TreeCursor;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Leaves that are split, loaded, and let go of. What is not named is forbidden. */
public class LeafStress {
  private static final int LEAF_BYTES = 256;
  private static final int COUNT = 60; // some leaves
  private static final StressTree.Cold COLD = new StressTree.Cold(LEAF_BYTES, COUNT);

  private LeafStress() {}

  /** A reader finds what was there, in order, while leaves are split. */
  @JCStressTest
  @Outcome(id = "10, 1", expect = ACCEPTABLE, desc = "all that was there, in order")
  @State
  public static class Split {
    private final StressTree tree = StressTree.empty(LEAF_BYTES);

    /** Even keys. */
    public Split() {
      for (int i = 0; i < 20; i += 2) {
        tree.put(i, i);
      }
    }

    /** Adds odd keys. */
    @Actor
    public void writer() {
      for (int i = 1; i < 40; i += 2) {
        tree.put(i, i);
      }
    }

    /** Walks. */
    @Actor
    public void reader(II_Result result) {
      TreeCursor cursor = tree.tree.scan(new byte[0], null, Tree.LIVE);
      int even = 0;
      int last = -1;
      boolean ordered = true;
      while (cursor.next()) {
        int key = StressTree.toInt(cursor.key());
        ordered &= key > last;
        last = key;
        even += key % 2 == 0 ? 1 : 0;
      }
      result.r1 = even;
      result.r2 = ordered ? 1 : 0;
    }
  }

  /** What is kept by stamps is never older than what was kept before, nor than the tree itself. */
  @JCStressTest
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "in order, and as the tree has it")
  @State
  public static class CachedByStamps {
    private final StressTree tree = StressTree.empty(LEAF_BYTES);
    private final Map<Long, Integer> cache = new ConcurrentHashMap<>();

    /** The key that is read, and neighbours. */
    public CachedByStamps() {
      for (int i = 0; i < 10; i++) {
        tree.put(i, 0);
      }
    }

    /** Writes often enough for some folds and a split. */
    @Actor
    public void writer() {
      for (int i = 1; i < 8; i++) {
        tree.put(3, i);
        for (int k = 0; k < 36; k++) { // until a fold has moved that into the base
          tree.put(4 + k % 6, i);
        }
        tree.put(10 + i, i);
      }
    }

    /** Reads, and keeps what it read. */
    @Actor
    public void reader(II_Result result) {
      int last = 0;
      boolean ordered = true;
      for (int i = 0; i < 60; i++) {
        int value = tree.getThrough(cache, 3, Tree.LIVE);
        ordered &= value >= last && value >= 0;
        last = value;
      }
      result.r1 = ordered ? 1 : 0;
    }

    /** Reads in the end. */
    @Arbiter
    public void after(II_Result result) {
      result.r2 = tree.getThrough(cache, 3, Tree.LIVE) == 7 ? 1 : 0;
    }
  }

  /** Of a leaf on disk there comes to be one cell, whoever wants it. */
  @JCStressTest
  @Outcome(id = "101, 102", expect = ACCEPTABLE, desc = "both writes are there")
  @State
  public static class TwoWritersOfALeafOnDisk {
    private final StressTree tree = COLD.open(Long.MAX_VALUE);

    /** Writes. */
    @Actor
    public void one() {
      tree.put(30, 101);
    }

    /** Writes beside it. */
    @Actor
    public void other() {
      tree.put(31, 102);
    }

    /** Reads. */
    @Arbiter
    public void after(II_Result result) {
      result.r1 = tree.get(30, Tree.LIVE);
      result.r2 = tree.get(31, Tree.LIVE);
    }
  }

  /** A write does not go into a cell that is let go of. */
  @JCStressTest
  @Outcome(id = "101, 102", expect = ACCEPTABLE, desc = "the writes are there")
  @State
  public static class WriterAgainstEviction {
    private final StressTree tree = COLD.open(1);

    /** Writes into leaves that are read for it. */
    @Actor
    public void writer() {
      tree.get(30, Tree.LIVE);
      tree.put(30, 101);
      tree.put(5, 102);
    }

    /** Lets go of all that is not changed. */
    @Actor
    public void evictor() {
      for (int i = 0; i < 5; i++) {
        tree.store.residency().enforceFully();
      }
    }

    /** Reads. */
    @Arbiter
    public void after(II_Result result) {
      result.r1 = tree.get(30, Tree.LIVE);
      result.r2 = tree.get(5, Tree.LIVE);
    }
  }

  /** A reader finds what he looks for, wherever its leaf is. */
  @JCStressTest
  @Outcome(id = "60, 1770", expect = ACCEPTABLE, desc = "all is there")
  @State
  public static class ReaderAgainstEviction {
    private final StressTree tree = COLD.open(1);

    /** Reads all by key, and then walks. */
    @Actor
    public void reader(II_Result result) {
      int sum = 0;
      for (int i = 0; i < COUNT; i++) {
        sum += tree.get(i, Tree.LIVE);
      }
      int count = 0;
      TreeCursor cursor = tree.tree.scanReverse(new byte[0], null, Tree.LIVE);
      while (cursor.next()) {
        count++;
      }
      result.r1 = count;
      result.r2 = sum;
    }

    /** Lets go of all. */
    @Actor
    public void evictor() {
      for (int i = 0; i < 20; i++) {
        tree.store.residency().enforceFully();
      }
    }
  }
}
