package org.macekv.internal.tree;

import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.macekv.internal.format.LeafPage;
import org.macekv.internal.mvcc.Commit;
import org.macekv.internal.mvcc.Horizon;
import org.macekv.internal.mvcc.Marks;
import org.macekv.internal.mvcc.SnapshotRegistry;
import org.macekv.internal.mvcc.Version;

/**
 * The entries of one bucket, every version that someone may still see. Readers take no lock and
 * never retry: they read the root, descend, and read one cell's state, which stays a complete
 * account even if the cell is retired meanwhile. Writers lock one cell at a time.
 *
 * <p>A read is either at a registered snapshot, or {@link #LIVE}: at the published position, which
 * is read <em>after</em> the leaf's state, so that whatever a fold dropped from that state is below
 * what is read (DESIGN section 4).
 */
public final class Tree {
  /** The snapshot of a read at the published position. */
  public static final long LIVE = -1;

  private static final byte[] NO_BYTES = {};
  private static final int MIN_KEYS = 32;
  private static final int MAX_LEAF_BYTES = 128 << 10;

  private final SnapshotRegistry registry;
  private final Marks marks;
  private final int leafBytes;
  private final ReentrantLock structure = new ReentrantLock();

  // Written under the structure lock; volatile for readers, who take none.
  private volatile Object root = new Cell(NO_BYTES, null, LeafState.empty());

  // Leaves that want to be merged; those that some reader still needs wait apart, in the order of
  // the positions at which they were blocked, which is the order in which they become free.
  private final ConcurrentLinkedQueue<Cell> tidyQueue = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<TidyRequest> tidyBlocked = new ConcurrentLinkedQueue<>();
  private final AtomicInteger tidyQueued = new AtomicInteger();

  /** A leaf that wants to be merged, once the oldest reader is above {@code blockedAt}. */
  private record TidyRequest(Cell cell, long blockedAt) {}

  /**
   * An empty tree.
   *
   * @param leafBytes the size at which leaves are split
   */
  public Tree(SnapshotRegistry registry, Marks marks, int leafBytes) {
    this.registry = registry;
    this.marks = marks;
    this.leafBytes = leafBytes;
  }

  private Cell descend(byte[] key) {
    Object node = root;
    while (node instanceof Inner inner) {
      node = inner.child(inner.indexOf(key));
    }
    return (Cell) node;
  }

  /** The cell of {@code key}. */
  Cell cellOf(byte[] key) {
    return descend(key);
  }

  /** The last cell whose range begins below {@code key}; the very last for null. */
  Cell cellBelow(byte @Nullable [] key) {
    Object node = root;
    while (node instanceof Inner inner) {
      node = inner.child(key == null ? inner.count() - 1 : inner.indexBelow(key));
    }
    return (Cell) node;
  }

  long bound(long snapshot) {
    return snapshot == LIVE ? marks.published() : snapshot;
  }

  /**
   * The value of {@code key}: a fresh array, a large value, or null.
   *
   * @param snapshot a registered snapshot or {@link #LIVE}
   */
  public @Nullable Object get(byte[] key, long snapshot) {
    LeafState state = descend(key).leaf();
    int found = LeafPage.search(state.page, key);
    if (state.codes.length > 0) {
      int at = state.search(LeafState.code(found), key);
      if (at >= 0) {
        Version head = state.entries[at];
        Version version = Version.visible(head, bound(snapshot));
        if (version != null) {
          return version.value() == Version.TOMBSTONE ? null : fresh(version.value());
        }
      }
    }
    if (found < 0) {
      return null;
    }
    byte[] value = LeafPage.value(state.page, found);
    return value != null ? value : fresh(state.beside[found]);
  }

  /** Whether {@code key} has a value. */
  public boolean contains(byte[] key, long snapshot) {
    LeafState state = descend(key).leaf();
    int found = LeafPage.search(state.page, key);
    if (state.codes.length > 0) {
      int at = state.search(LeafState.code(found), key);
      if (at >= 0) {
        Version head = state.entries[at];
        Version version = Version.visible(head, bound(snapshot));
        if (version != null) {
          return version.value() != Version.TOMBSTONE;
        }
      }
    }
    return found >= 0;
  }

  static Object fresh(Object value) {
    return value instanceof byte[] bytes ? bytes.clone() : value;
  }

  /** A cursor over the keys from {@code low} (inclusive) to {@code high}, going up. */
  public TreeCursor scan(byte[] low, byte @Nullable [] high, long snapshot) {
    return new TreeCursor(this, low, high, snapshot, true);
  }

  /** A cursor over the same keys, going down. */
  public TreeCursor scanReverse(byte[] low, byte @Nullable [] high, long snapshot) {
    return new TreeCursor(this, low, high, snapshot, false);
  }

  /**
   * The leaf of a cell for somebody who reads all of it. If half of its delta or more could be in
   * the base, and nobody is writing to the leaf, it is folded on this occasion: the cold objects of
   * the delta, each some cache misses, are read once more and then never again.
   */
  LeafState leafForScan(Cell cell) {
    LeafState leaf = cell.leaf();
    if (leaf.codes.length == 0) {
      return leaf;
    }
    long settled = marks.floor();
    int foldable = 0;
    for (Version head : leaf.entries) {
      foldable += head.commit().position() <= settled ? 1 : 0;
    }
    if (2 * foldable < leaf.entries.length || !cell.tryLock()) {
      return leaf;
    }
    try {
      Horizon horizon = registry.horizon();
      if (cell.isRetired() || cell.leaf() != leaf || horizon.oldest() < settled) {
        return leaf;
      }
      LeafState folded = LeafFold.fold(leaf, horizon);
      cell.setLeaf(folded);
      return folded;
    } finally {
      cell.unlock();
    }
  }

  /**
   * Installs a version that becomes visible when {@code commit} is decided. Waits for a foreign
   * undecided version of the key.
   *
   * <p>Requires: versions of one commit are installed in the order of (bucket, key), which excludes
   * cycles of waiting.
   *
   * @param write what to install; its findings are filled in
   * @param commit whose it is; null: the version is its own commit
   * @param snapshot the writer's snapshot, or {@link Write#ANY}
   * @param wantPrevious whether the value before is wanted
   * @param skipAbsent whether a deletion of what is not there shall do nothing
   * @return false if a version newer than the snapshot is committed; nothing was installed then
   */
  public boolean install(
      Write write,
      @Nullable Commit commit,
      long snapshot,
      boolean wantPrevious,
      boolean skipAbsent) {
    while (true) {
      Cell cell = descend(write.key());
      Commit foreign = null;
      boolean split = false;
      cell.lock();
      try {
        if (cell.isRetired()) {
          continue;
        }
        LeafState state = cell.leaf();
        int found = LeafPage.search(state.page, write.key());
        int code = LeafState.code(found);
        int at = state.codes.length == 0 ? -1 : state.search(code, write.key());
        // Each commit's position is read once: it may be decided at any moment.
        Version newest = at < 0 ? null : state.entries[at];
        long replaced = newest == null ? 0 : newest.commit().position();
        while (newest != null && replaced == Commit.ABORTED) {
          newest = newest.older();
          replaced = newest == null ? 0 : newest.commit().position();
        }
        if (replaced == Commit.PENDING) {
          foreign = newest == null ? null : newest.commit();
        } else if (replaced > snapshot) {
          write.found(false, replaced);
          return false;
        } else {
          boolean existed = newest == null ? found >= 0 : newest.value() != Version.TOMBSTONE;
          write.found(existed, replaced);
          if (wantPrevious && existed) {
            write.setPrevious(newest == null ? state.baseValue(found) : newest.value());
          }
          if (skipAbsent && !existed && write.isDeletion()) {
            return true;
          }
          split = put(cell, state, at, code, write, commit, newest);
        }
      } finally {
        cell.unlock();
      }
      if (foreign == null) {
        if (split) {
          split(write.key());
        }
        return true;
      }
      foreign.awaitDecision();
    }
  }

  /** Puts a version in front; tells whether the leaf wants to be split. Requires: cell locked. */
  private boolean put(
      Cell cell,
      LeafState state,
      int at,
      int code,
      Write write,
      @Nullable Commit commit,
      @Nullable Version newest) {
    LeafState next;
    int liveChange = write.countChange();
    int valueSize = LeafState.valueSize(write.value());
    if (at >= 0) {
      Version older =
          newest == null || newest.older() == null ? newest : registry.horizon().prune(newest);
      int before = newest == null ? 0 : LeafState.valueSize(newest.value());
      Version version = new Version(write.key(), write.value(), commit, older);
      write.setVersion(version);
      next = state.withHead(at, version, liveChange, Math.max(0, valueSize - before));
    } else {
      Version version = new Version(write.key(), write.value(), commit, null);
      write.setVersion(version);
      int bytes = 16 + write.key().length + valueSize;
      next = state.withEntry(-at - 1, code, version, liveChange, bytes);
    }
    boolean fold = next.entries.length >= next.foldAt;
    if (fold) {
      // What can't be folded (an old snapshot, a pending commit) raises the next state's foldAt.
      next = LeafFold.fold(next, registry.horizon());
    }
    cell.setLeaf(next);
    if (write.isDeletion() && wantsMerge(next, fold)) {
      requestTidy(cell);
    }
    return wantsSplit(next);
  }

  private boolean wantsSplit(LeafState state) {
    int size = state.size();
    if (size <= leafBytes) {
      return false;
    }
    int keys = LeafFold.keys(state);
    return keys >= MIN_KEYS || (size > MAX_LEAF_BYTES && keys >= 2);
  }

  private boolean wantsMerge(LeafState state, boolean folded) {
    return state.live == 0 || (folded && state.size() < leafBytes / 8);
  }

  private void requestTidy(Cell cell) {
    if (cell.markTidyQueued()) {
      tidyQueue.add(cell);
      tidyQueued.incrementAndGet();
    }
  }

  /** Takes the versions of a rolled back commit out again. */
  public void remove(byte[] key, Commit commit) {
    while (true) {
      Cell cell = descend(key);
      cell.lock();
      try {
        if (cell.isRetired()) {
          continue;
        }
        LeafState state = cell.leaf();
        int code = LeafState.code(LeafPage.search(state.page, key));
        int at = state.search(code, key);
        if (at >= 0) {
          LeafState rest = state.without(at, commit);
          cell.setLeaf(rest);
          if (rest.live == 0) {
            requestTidy(cell);
          }
        }
        return;
      } finally {
        cell.unlock();
      }
    }
  }

  private void split(byte[] key) {
    structure.lock();
    try {
      Path path = Path.to(root, key);
      Cell cell = path.cell();
      cell.lock();
      try {
        LeafState state = LeafFold.fold(cell.leaf(), registry.horizon());
        if (!wantsSplit(state)) {
          cell.setLeaf(state);
          return;
        }
        // At the right edge keys are probably appended in order: leave little behind.
        int size = state.size();
        LeafFold.Cut cut = LeafFold.cutAt(state, cell.high == null ? size * 9 / 10 : size / 2);
        byte[] separator = separator(LeafFold.keyBefore(state, cut), LeafFold.keyAfter(state, cut));
        Cell left = cell(cell.low, separator, state, LeafFold.start(), cut);
        Cell right = cell(separator, cell.high, state, cut, LeafFold.end(state));
        root = path.split(left, right);
        cell.retire();
      } finally {
        cell.unlock();
      }
    } finally {
      structure.unlock();
    }
  }

  private static Cell cell(
      byte[] low, byte @Nullable [] high, LeafState state, LeafFold.Cut from, LeafFold.Cut to) {
    LeafBuilder builder = new LeafBuilder();
    LeafFold.append(builder, state, from, to);
    return new Cell(low, high, builder.build(low, sharedPrefix(low, high)));
  }

  /** How many bytes all keys between two fences share. */
  private static int sharedPrefix(byte[] low, byte @Nullable [] high) {
    if (high == null) {
      return 0;
    }
    int mismatch = Arrays.mismatch(low, high);
    return Math.max(mismatch, 0);
  }

  /** The shortest key above {@code left} and at or below {@code right}. */
  private static byte[] separator(byte[] left, byte[] right) {
    int mismatch = Arrays.mismatch(left, right);
    return Arrays.copyOf(right, mismatch + 1);
  }

  /**
   * Merges leaves that have become small, as far as nobody needs what is in them: called by
   * committers after publication, when they hold nothing.
   *
   * @param most how many leaves to look at, at the most
   */
  public void tidy(int most) {
    if (tidyQueued.get() == 0) {
      return;
    }
    Horizon horizon = registry.horizon();
    for (int i = 0; i < most; i++) {
      Cell cell = nextToTidy(horizon);
      if (cell == null) {
        return;
      }
      tidyQueued.decrementAndGet();
      tidy(cell, horizon);
    }
  }

  private @Nullable Cell nextToTidy(Horizon horizon) {
    TidyRequest blocked = tidyBlocked.peek();
    if (blocked != null && blocked.blockedAt < horizon.oldest() && tidyBlocked.remove(blocked)) {
      return blocked.cell;
    }
    return tidyQueue.poll();
  }

  private void tidy(Cell wanted, Horizon horizon) {
    structure.lock();
    try {
      Path path = Path.to(root, wanted.low);
      Cell cell = path.cell();
      if (cell != wanted || !path.hasSibling()) {
        unqueue(wanted);
        return;
      }
      Cell left = path.siblingIsLeft() ? path.sibling() : cell;
      Cell right = path.siblingIsLeft() ? cell : path.sibling();
      left.lock();
      right.lock();
      try {
        tidy(path, cell, left, right, horizon);
      } finally {
        right.unlock();
        left.unlock();
      }
    } finally {
      structure.unlock();
    }
  }

  private static void unqueue(Cell cell) {
    cell.lock();
    try {
      cell.clearTidyQueued();
    } finally {
      cell.unlock();
    }
  }

  /** Requires: structure, left and right locked; one of the two is the cell in question. */
  private void tidy(Path path, Cell cell, Cell left, Cell right, Horizon horizon) {
    LeafState state = LeafFold.fold(cell.leaf(), horizon);
    cell.setLeaf(state);
    cell.clearTidyQueued();
    if (state.live == 0 && !state.isEmpty()) {
      // Someone still sees what was deleted here, or the deletion is undecided.
      cell.markTidyQueued();
      tidyBlocked.add(new TidyRequest(cell, horizon.oldest()));
      tidyQueued.incrementAndGet();
      return;
    }
    LeafState leftState = left == cell ? state : left.leaf();
    LeafState rightState = right == cell ? state : right.leaf();
    int size = leftState.size() + rightState.size();
    if (!state.isEmpty() && (state.size() >= leafBytes / 4 || size > leafBytes / 4 * 3)) {
      return;
    }
    LeafBuilder builder = new LeafBuilder();
    LeafFold.append(builder, leftState, LeafFold.start(), LeafFold.end(leftState));
    LeafFold.append(builder, rightState, LeafFold.start(), LeafFold.end(rightState));
    LeafState merged = builder.build(left.low, sharedPrefix(left.low, right.high));
    Cell one = new Cell(left.low, right.high, merged);
    root = path.merge(one);
    left.retire();
    right.retire();
    if (merged.live == 0) {
      one.lock();
      try {
        requestTidy(one);
      } finally {
        one.unlock();
      }
    }
  }

  /** Figures of a tree, gathered by walking over it. */
  public record Shape(int depth, int leaves, long keys) {}

  /** Counts leaves and keys, tombstones included; for tests and diagnosis. */
  public Shape shape() {
    int depth = 1;
    for (Object node = root; node instanceof Inner inner; node = inner.child(0)) {
      depth++;
    }
    int leaves = 0;
    long keys = 0;
    byte[] key = NO_BYTES;
    while (key != null) {
      Cell cell = descend(key);
      leaves++;
      keys += LeafFold.keys(cell.leaf());
      key = cell.high;
    }
    return new Shape(depth, leaves, keys);
  }
}
