package org.macekv.internal.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.macekv.internal.mvcc.SnapshotRegistry;
import org.macekv.internal.tree.Tree;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** Commits against readers, and against each other. What is not named is forbidden. */
public class CommitStress {
  private static final int LEAF_BYTES = 4096;

  private CommitStress() {}

  /** Who sees the later of two commits sees the earlier. */
  @JCStressTest
  @Outcome(id = "-1, -1", expect = ACCEPTABLE, desc = "neither is there")
  @Outcome(id = "-1, 1", expect = ACCEPTABLE, desc = "the first")
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "both")
  @State
  public static class Order {
    private final StressTree tree = StressTree.empty(LEAF_BYTES);

    /** Writes. */
    @Actor
    public void writer() {
      tree.put(1, 1);
      tree.put(2, 1);
    }

    /** Reads in the other order. */
    @Actor
    public void reader(II_Result result) {
      result.r1 = tree.get(2, Tree.LIVE);
      result.r2 = tree.get(1, Tree.LIVE);
    }
  }

  /** A snapshot has all of a transaction or nothing. */
  @JCStressTest
  @Outcome(id = "-1, -1", expect = ACCEPTABLE, desc = "nothing")
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "all")
  @State
  public static class Publication {
    private final StressTree tree = StressTree.empty(LEAF_BYTES);

    /** Writes. */
    @Actor
    public void writer() {
      tree.transact(0, 1, 1, 2);
    }

    /** Reads at a snapshot. */
    @Actor
    public void reader(II_Result result) {
      SnapshotRegistry.Slot slot = tree.registry.registerPublished();
      result.r1 = tree.get(2, slot.position());
      result.r2 = tree.get(1, slot.position());
      slot.release();
    }
  }

  /** Of two transactions that write the same key one wins. */
  @JCStressTest
  @Outcome(id = "true, false", expect = ACCEPTABLE, desc = "the first wins")
  @Outcome(id = "false, true", expect = ACCEPTABLE, desc = "the second wins")
  @State
  public static class FirstCommitterWins {
    private final StressTree tree = StressTree.empty(LEAF_BYTES);
    private final SnapshotRegistry.Slot slot = tree.registry.registerNewest();

    /** Writes. */
    @Actor
    public void one(ZZ_Result result) {
      result.r1 = tree.transact(slot.position(), 1, 1, 2, 3);
    }

    /** Writes. */
    @Actor
    public void other(ZZ_Result result) {
      result.r2 = tree.transact(slot.position(), 2, 0, 2, 4);
    }
  }

  /**
   * What a snapshot shows stays while writers fold it away for all others: either the pruner sees
   * the reader, or he sees that he is late.
   */
  @JCStressTest
  @Outcome(id = "1", expect = ACCEPTABLE, desc = "what was there at its position")
  @State
  public static class SnapshotAgainstPruning {
    private final StressTree tree = StressTree.empty(LEAF_BYTES);

    /** The value of commit n, whose position is n, is n. */
    public SnapshotAgainstPruning() {
      tree.put(1, 1);
    }

    /** Overwrites, so often that the leaf is folded some times. */
    @Actor
    public void writer() {
      for (int i = 2; i <= 40; i++) {
        tree.put(1, i);
      }
    }

    /** Reads twice at a snapshot. */
    @Actor
    public void reader(I_Result result) {
      SnapshotRegistry.Slot slot = tree.registry.registerPublished();
      int first = tree.get(1, slot.position());
      Thread.onSpinWait();
      int second = tree.get(1, slot.position());
      result.r1 = first == slot.position() && second == first ? 1 : 0;
      slot.release();
    }
  }
}
