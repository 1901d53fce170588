package org.macekv.internal.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.macekv.internal.io.MemoryStorage;
import org.macekv.internal.mvcc.Marks;
import org.macekv.internal.mvcc.Probe;
import org.macekv.internal.mvcc.SnapshotRegistry;
import org.macekv.internal.pages.CheckpointRecord;
import org.macekv.internal.pages.PageFiles;

/** What is read ahead, by an executor that runs it at once or keeps it. */
class ReadAheadTest {
  private static final int COUNT = 20_000;
  private static final int LEAF_BYTES = 512;
  private static final long BUDGET =
      2 * 16 * (16 << 10); // two are read ahead at a time; half of the leaves

  private final Marks marks = new Marks(0);
  private final SnapshotRegistry registry = new SnapshotRegistry(marks);
  private final PageFiles pages =
      new PageFiles(new MemoryStorage("test"), () -> new UUID(1, 2), Map.of(), 0, 1 << 24);
  private final List<Runnable> kept = new ArrayList<>();
  private CheckpointRecord.BucketRoot root;

  private static byte[] key(int i) {
    return ByteBuffer.allocate(4).putInt(i).array();
  }

  @BeforeEach
  void write() {
    TreeStore store = new TreeStore(pages, new Residency(Long.MAX_VALUE), task -> {}, Probe.NONE);
    Tree tree = new Tree(registry, marks, store, 1, LEAF_BYTES, null);
    for (int i = 0; i < COUNT; i++) {
      long position = i + 1L;
      tree.commit(Write.put(key(i), new byte[20]), new At(position));
      marks.setNewest(position);
      marks.setPublished(position);
    }
    SnapshotRegistry.Slot slot = registry.registerNewest();
    TreeCheckpoint checkpoint =
        new TreeCheckpoint(tree, slot.position(), registry.settledHorizon(), at -> at, false);
    checkpoint.write();
    pages.sync();
    checkpoint.succeeded();
    slot.release();
    root =
        new CheckpointRecord.BucketRoot(
            1, COUNT, checkpoint.level(), checkpoint.rootImage(), checkpoint.live());
  }

  private record At(long position) implements Tree.Acceptor {
    @Override
    public long accept(Write write) {
      return position;
    }

    @Override
    public void accepted(Write write, long acceptedAt, boolean installed) {}
  }

  /** The tree with all of it on disk. */
  private Tree cold(TreeStore store) {
    return new Tree(registry, marks, store, 1, LEAF_BYTES, root);
  }

  private TreeStore store(long budget) {
    return new TreeStore(pages, new Residency(budget), Runnable::run, Probe.NONE);
  }

  private static int walk(TreeCursor cursor) {
    int count = 0;
    while (cursor.next()) {
      count++;
    }
    return count;
  }

  @Test
  void aScanFindsMostLeavesReadAlreadyAndEachIsReadOnce() {
    for (boolean up : new boolean[] {true, false}) {
      TreeStore store = store(Long.MAX_VALUE);
      Tree tree = cold(store);
      long before = pages.reads();
      int found =
          walk(
              up
                  ? tree.scan(new byte[0], null, Tree.LIVE)
                  : tree.scanReverse(new byte[0], null, Tree.LIVE));
      assertThat(found).isEqualTo(COUNT);
      int leaves = tree.shape().leaves();
      int inners = 1 + (leaves + Inner.MAX_CHILDREN / 2) / (Inner.MAX_CHILDREN / 2);
      assertThat(leaves).isGreaterThan(200);
      assertThat(store.readAhead().leaves()).isBetween(leaves * 9L / 10, (long) leaves - 2);
      assertThat(pages.reads() - before).isBetween((long) leaves, (long) leaves + inners);
    }
  }

  @Test
  void nothingIsReadBehindTheEndOfARange() {
    for (boolean up : new boolean[] {true, false}) {
      TreeStore store = store(Long.MAX_VALUE);
      Tree tree = cold(store);
      byte[] low = key(1000);
      byte[] high = key(1100);
      TreeCursor cursor =
          up ? tree.scan(low, high, Tree.LIVE) : tree.scanReverse(low, high, Tree.LIVE);
      assertThat(walk(cursor)).isEqualTo(100);
      assertThat(store.readAhead().leaves()).isPositive();
      long before = pages.reads();
      walk(tree.scan(low, high, Tree.LIVE));
      assertThat(pages.reads()).isEqualTo(before);
      long resident = store.residency().residentBytes() - store.residency().innerResidentBytes();
      assertThat(resident).isLessThan(100 * 32 * 4); // these leaves, and none besides
    }
  }

  @Test
  void readsByKeyAndShortScansReadNothingAhead() {
    TreeStore store = store(Long.MAX_VALUE);
    Tree tree = cold(store);
    Random random = new Random(1);
    for (int n = 0; n < 200; n++) {
      assertThat(tree.get(key(random.nextInt(COUNT)), Tree.LIVE)).isNotNull();
    }
    tree = cold(store(Long.MAX_VALUE));
    TreeCursor cursor = tree.scan(key(500), null, Tree.LIVE);
    for (int i = 0; i < 10; i++) {
      assertThat(cursor.next()).isTrue();
    }
    assertThat(store.readAhead().leaves()).isZero();
    assertThat(tree.store().readAhead().leaves()).isZero();
  }

  @Test
  void whatIsInMemoryIsNotAskedFor() {
    TreeStore store = store(Long.MAX_VALUE);
    Tree tree = cold(store);
    walk(tree.scan(new byte[0], null, Tree.LIVE));
    long ahead = store.readAhead().leaves();
    long before = pages.reads();
    walk(tree.scan(new byte[0], null, Tree.LIVE));
    assertThat(store.readAhead().leaves()).isEqualTo(ahead);
    assertThat(pages.reads()).isEqualTo(before);
  }

  @Test
  void aTinyCacheHasNothingReadAhead() {
    TreeStore store = store(64 << 10);
    assertThat(walk(cold(store).scan(new byte[0], null, Tree.LIVE))).isEqualTo(COUNT);
    assertThat(store.readAhead().leaves()).isZero();
  }

  /** The cursor does not depend on it: tasks may be refused, or come when all is over. */
  @Test
  void aScanGoesOnWithoutItsHelpersAndLateOnesDoNoHarm() {
    TreeStore store = new TreeStore(pages, new Residency(Long.MAX_VALUE), kept::add, Probe.NONE);
    Tree tree = cold(store);
    assertThat(walk(tree.scan(new byte[0], null, Tree.LIVE))).isEqualTo(COUNT);
    assertThat(kept).isNotEmpty();
    kept.forEach(Runnable::run);
    assertThat(store.readAhead().leaves()).isZero(); // all was there
    kept.clear();
    walk(cold(store).scan(new byte[0], key(200), Tree.LIVE));
    pages.close();
    kept.forEach(Runnable::run); // what they throw is theirs
  }

  /** Else they would read, for nobody, what is gone from memory again. */
  @Test
  void helpersThatComeTooLateReadNothing() {
    for (boolean up : new boolean[] {true, false}) {
      Residency residency = new Residency(BUDGET);
      Tree tree = cold(new TreeStore(pages, residency, kept::add, Probe.NONE));
      TreeCursor cursor =
          up
              ? tree.scan(new byte[0], null, Tree.LIVE)
              : tree.scanReverse(new byte[0], null, Tree.LIVE);
      for (int i = 0; i < COUNT / 2; i++) {
        assertThat(cursor.next()).isTrue();
      }
      for (int i = 0; i < COUNT; i++) { // whose leaves push out the cursor's
        tree.get(key(up ? COUNT - 1 - i / 3 : i / 3), Tree.LIVE);
      }
      long before = pages.reads();
      int late = kept.size() - 2; // two may still have leaves that the cursor comes to
      assertThat(late).isPositive();
      kept.subList(0, late).forEach(Runnable::run);
      assertThat(pages.reads()).isEqualTo(before);
      kept.subList(late, kept.size()).forEach(Runnable::run);
      assertThat(pages.reads()).isGreaterThan(before);
      kept.clear();
    }
  }
}
