package org.macekv.internal.stress;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.macekv.internal.io.MemoryStorage;
import org.macekv.internal.mvcc.Commit;
import org.macekv.internal.mvcc.Marks;
import org.macekv.internal.mvcc.Probe;
import org.macekv.internal.mvcc.SnapshotRegistry;
import org.macekv.internal.pages.CheckpointRecord.BucketRoot;
import org.macekv.internal.pages.PageFiles;
import org.macekv.internal.tree.Found;
import org.macekv.internal.tree.Residency;
import org.macekv.internal.tree.Tree;
import org.macekv.internal.tree.TreeCheckpoint;
import org.macekv.internal.tree.TreeStore;
import org.macekv.internal.tree.Write;

/** A tree with marks and a section as the committer has them, and without a log. */
final class StressTree {
  private static final int BUCKET = 1;

  final Marks marks;
  final SnapshotRegistry registry;
  final TreeStore store;
  final Tree tree;
  private final ReentrantLock section = new ReentrantLock();

  private StressTree(
      int leafBytes, PageFiles pages, long budget, long position, @Nullable BucketRoot root) {
    marks = new Marks(position);
    registry = new SnapshotRegistry(marks);
    store = new TreeStore(pages, new Residency(budget), task -> {}, Probe.NONE);
    tree = new Tree(registry, marks, store, BUCKET, leafBytes, root);
  }

  /** An empty tree, all of which stays in memory. */
  static StressTree empty(int leafBytes) {
    return new StressTree(leafBytes, newPages(), Long.MAX_VALUE, 0, null);
  }

  /** Trees of which nothing is in memory. */
  static final class Cold {
    private final int leafBytes;
    private final PageFiles pages;
    private final long position;
    private final BucketRoot root;

    /** A tree with keys from 0 on, whose values are the keys. */
    Cold(int leafBytes, int count) {
      this.leafBytes = leafBytes;
      this.pages = newPages();
      StressTree first = new StressTree(leafBytes, pages, Long.MAX_VALUE, 0, null);
      for (int i = 0; i < count; i++) {
        first.put(i, i);
      }
      SnapshotRegistry.Slot slot = first.registry.registerNewest();
      position = slot.position();
      TreeCheckpoint checkpoint =
          new TreeCheckpoint(
              first.tree, position, first.registry.settledHorizon(), at -> at, false);
      checkpoint.write();
      pages.sync();
      checkpoint.succeeded();
      slot.release();
      root =
          new BucketRoot(
              BUCKET, count, checkpoint.level(), checkpoint.rootImage(), checkpoint.live());
    }

    /** The tree again, with so much memory for its nodes. */
    StressTree open(long budget) {
      return new StressTree(leafBytes, pages, budget, position, root);
    }
  }

  private static PageFiles newPages() {
    return new PageFiles(new MemoryStorage("m"), () -> new UUID(1, 2), Map.of(), 0, 1 << 24);
  }

  static byte[] bytes(int i) {
    return new byte[] {(byte) (i >> 8), (byte) i};
  }

  /** The value at a snapshot as a cache finds it that goes by stamps, -1 if there is none. */
  int getThrough(Map<Long, Integer> cache, int key, long snapshot) {
    Found found = tree.find(bytes(key), snapshot);
    return found == null
        ? -1
        : cache.computeIfAbsent(found.stamp(), stamp -> toInt((byte[]) found.value()));
  }

  /** The value at a snapshot, -1 if there is none. */
  int get(int key, long snapshot) {
    Object value = tree.get(bytes(key), snapshot);
    return value == null ? -1 : toInt((byte[]) value);
  }

  static int toInt(byte[] bytes) {
    return (bytes[0] & 0xff) << 8 | (bytes[1] & 0xff);
  }

  /** A single put: position and version in one go, with the cell locked. */
  void put(int key, int value) {
    tree.commit(
        Write.put(bytes(key), bytes(value)),
        new Tree.Acceptor() {
          @Override
          public long accept(Write write) {
            section.lock();
            return marks.newest() + 1;
          }

          @Override
          public void accepted(Write write, long position, boolean installed) {
            publish(position);
            section.unlock();
          }
        });
  }

  private void publish(long position) {
    marks.setNewest(position);
    marks.setPublished(position);
  }

  /** A transaction that puts a value under keys, in their order; false after a conflict. */
  boolean transact(long snapshot, int value, int... keys) {
    Commit commit = new Commit();
    for (int key : keys) {
      if (!tree.install(Write.put(bytes(key), bytes(value)), commit, snapshot)) {
        commit.decide(Commit.ABORTED);
        return false;
      }
    }
    section.lock();
    try {
      long position = marks.newest() + 1;
      commit.decide(position);
      publish(position);
    } finally {
      section.unlock();
    }
    return true;
  }
}
