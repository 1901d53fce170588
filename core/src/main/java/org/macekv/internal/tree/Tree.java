package org.macekv.internal.tree;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.macekv.internal.format.ImageChain;
import org.macekv.internal.format.LargeValue;
import org.macekv.internal.format.LeafPage;
import org.macekv.internal.format.PageAddress;
import org.macekv.internal.mvcc.Commit;
import org.macekv.internal.mvcc.Horizon;
import org.macekv.internal.mvcc.Marks;
import org.macekv.internal.mvcc.Probe;
import org.macekv.internal.mvcc.SnapshotRegistry;
import org.macekv.internal.pages.CheckpointRecord;
import org.macekv.internal.pages.LiveBytes;

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

  static final byte[] NO_BYTES = {};

  private static final int MIN_KEYS = 8;
  private static final int MAX_LEAF_BYTES = 128 << 10;
  private static final int FOLD_IN_PASSING_AT = 4;

  /** Which part of all images may be history that nobody needs. */
  private static final int HISTORY_PART = 20;

  /** How many times as many bytes of leaves are looked at for it as may be marked. */
  private static final int VISITED = 8;

  private final SnapshotRegistry registry;
  private final Marks marks;
  private final TreeStore store;
  private final int bucketId;
  private final int leafBytes;
  // Written by whoever changes the bucket's options; volatile for the checkpoint's thread.
  private volatile boolean compressed;
  private final ReentrantLock structure = new ReentrantLock();

  // Written under the structure lock; volatile for readers, who take none.
  private volatile NodeLock root;

  // Cells that differ from their images. A cell is queued before its version gets a position, so
  // what a checkpoint finds here covers all that is at or below the position that it took before.
  private final ConcurrentLinkedQueue<Cell> dirty = new ConcurrentLinkedQueue<>();
  private final Cell endOfDirty = new Cell(this, NO_BYTES, null, Leaf.empty());

  private boolean abandoned; // guarded by structure

  // Guarded by structure: what left the tree since the last checkpoint took its root.
  private List<Cell> retiredCells = new ArrayList<>();
  private List<InnerRef> retiredInners = new ArrayList<>();

  // What the newest checkpoint says; belongs to the checkpoint's thread.
  private LiveBytes live;
  private @Nullable ImageChain rootImage;
  // Of versions that images have for views only; others only ask how much it is.
  private final AtomicLong historyBytes = new AtomicLong();
  private long historyUpTo; // the newest checkpoint that wrote any
  private byte @Nullable [] historyFrom = NO_BYTES; // where forgetting it goes on
  private long historyOfPass; // what there was when that began

  // Where the search goes on for leaves of which much was deleted while the device had no space for
  // a full image; null if there is none. On the checkpoint's thread.
  private byte @Nullable [] shrunkFrom;

  // Leaves that want to be merged; those that some reader still needs wait apart, in the order of
  // the positions at which they were blocked, which is the order in which they become free.
  private final ConcurrentLinkedQueue<Cell> tidyQueue = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<TidyRequest> tidyBlocked = new ConcurrentLinkedQueue<>();
  private final AtomicInteger tidyQueued = new AtomicInteger();

  /** A leaf that wants to be merged, once the oldest reader is above {@code blockedAt}. */
  private record TidyRequest(Cell cell, long blockedAt) {}

  /**
   * A tree.
   *
   * @param store where its images lie
   * @param bucketId the bucket that the images name
   * @param leafBytes the size at which leaves are split
   * @param found what the newest checkpoint says of it; null: it is empty
   */
  public Tree(
      SnapshotRegistry registry,
      Marks marks,
      TreeStore store,
      int bucketId,
      int leafBytes,
      CheckpointRecord.@Nullable BucketRoot found) {
    this.registry = registry;
    this.marks = marks;
    this.store = store;
    this.bucketId = bucketId;
    this.leafBytes = leafBytes;
    ImageChain image = found == null ? null : found.root();
    this.rootImage = image;
    this.live = found == null ? new LiveBytes() : found.live();
    if (image == null || found == null) {
      Cell only = new Cell(this, NO_BYTES, null, Leaf.empty());
      only.enter();
      this.root = only;
    } else if (found.level() == 0) {
      this.root = new Cell(this, NO_BYTES, null, image);
    } else {
      this.root = new InnerRef(this, image, found.level(), NO_BYTES, null);
    }
  }

  TreeStore store() {
    return store;
  }

  int bucketId() {
    return bucketId;
  }

  /** Whether images shall be compressed from now on. */
  public void setCompressed(boolean value) {
    compressed = value;
  }

  boolean isCompressed() {
    return compressed;
  }

  private Cell descend(byte[] key) {
    while (true) {
      NodeLock node = root;
      while (node instanceof InnerRef ref) {
        Inner inner = ref.getByKey();
        node = ref.child(inner, inner.indexOf(key));
      }
      if (node instanceof Cell cell) {
        return cell;
      } // else an inner node has gone on the way
    }
  }

  /** The leaf of a key, for a read by key. */
  private Leaf leafOf(byte[] key) {
    while (true) {
      Cell cell = descend(key);
      Leaf leaf = cell.leafByKey();
      if (leaf == null) {
        leaf = load(cell);
      }
      if (leaf != null) {
        return leaf;
      }
    }
  }

  /** The leaf of a cell, or null if the cell was dropped: there is another one for its keys. */
  @Nullable Leaf load(Cell cell) {
    Leaf leaf;
    cell.lock();
    try {
      leaf = cell.isDropped() ? null : cell.loadedLeaf();
    } finally {
      cell.unlock();
    }
    store.residency().enforce();
    return leaf;
  }

  /** A reference to an inner node, or a cell. */
  NodeLock root() {
    return root;
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
    Leaf leaf = leafOf(key);
    int count = leaf.count();
    int found = LeafPage.search(leaf.page, key);
    if (count > 0) {
      int i = leaf.visible(Leaf.codeOf(found), key, count, bound(snapshot));
      if (i >= 0) {
        return leaf.deltaValue(i);
      }
    }
    return found < 0 ? null : leaf.baseValue(found);
  }

  /**
   * As {@link #get}, but what is found is not copied yet.
   *
   * @param snapshot a registered snapshot or {@link #LIVE}
   */
  public @Nullable Found find(byte[] key, long snapshot) {
    Leaf leaf = leafOf(key);
    int count = leaf.count();
    int found = LeafPage.search(leaf.page, key);
    if (count > 0) {
      int i = leaf.visible(Leaf.codeOf(found), key, count, bound(snapshot));
      if (i >= 0) {
        return leaf.isTombstone(i) ? null : new Found(leaf, i, false);
      }
    }
    return found < 0 ? null : new Found(leaf, found, true);
  }

  /** Whether {@code key} has a value. */
  public boolean contains(byte[] key, long snapshot) {
    Leaf leaf = leafOf(key);
    int count = leaf.count();
    int found = LeafPage.search(leaf.page, key);
    if (count > 0) {
      int i = leaf.visible(Leaf.codeOf(found), key, count, bound(snapshot));
      if (i >= 0) {
        return !leaf.isTombstone(i);
      }
    }
    return found >= 0;
  }

  /**
   * A key between two that has a version which was committed after a snapshot, or null. Finds what
   * was committed before the call; of what is committed meanwhile it may find some. What is
   * undecided does not count.
   *
   * @param low the low end, inclusive
   * @param high the high end, exclusive; null if there is none
   * @param snapshot a registered snapshot
   */
  public byte @Nullable [] changedSince(byte[] low, byte @Nullable [] high, long snapshot) {
    byte[] key = low;
    while (true) {
      Cell cell = descend(key);
      Leaf leaf = cell.leafByKey();
      if (leaf == null) {
        leaf = load(cell);
      }
      if (leaf != null) {
        byte[] changed = leaf.changedSince(low, high, snapshot);
        byte[] next = cell.high;
        if (changed != null
            || next == null
            || (high != null && Arrays.compareUnsigned(next, high) >= 0)) {
          return changed;
        }
        key = next;
      }
    }
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
   * The leaf of a cell for somebody who reads all of it, or null if the cell was dropped. If half
   * of its delta or more could be in the base, and nobody is writing to the leaf, it is folded on
   * this occasion.
   */
  @Nullable Leaf leafForScan(Cell cell) {
    Leaf leaf = cell.leaf();
    if (leaf == null) {
      leaf = load(cell);
      if (leaf == null) {
        return null;
      }
    }
    int count = leaf.count();
    if (count < FOLD_IN_PASSING_AT) {
      return leaf;
    }
    long settled = marks.floor();
    int foldable = 0;
    for (int i = 0; i < count; i++) {
      foldable += leaf.position(i) <= settled ? 1 : 0;
    }
    if (2 * foldable < count || !cell.tryLock()) {
      return leaf;
    }
    try {
      Horizon horizon = registry.horizon();
      if (cell.isRetired() || cell.leaf() != leaf || horizon.oldest() < settled) {
        return leaf;
      }
      Leaf folded = LeafFold.fold(leaf, horizon, LeafFold.Room.like(leaf, false, 0, leafBytes / 2));
      cell.setLeaf(folded);
      return folded;
    } finally {
      cell.unlock();
    }
  }

  /**
   * Accepts a write that is a transaction of its own, while the write's cell is locked: such a
   * version has its position before anybody sees it.
   */
  public interface Acceptor {
    /**
     * Called when all that can be refused in the tree is behind it, and the write's findings are
     * there.
     *
     * @return the position of the commit
     */
    long accept(Write write);

    /**
     * Called once after {@link #accept} returned.
     *
     * @param installed whether the write is in the tree; false if something went badly wrong
     */
    void accepted(Write write, long position, boolean installed);
  }

  /**
   * Commits a write outside a transaction. Waits for a foreign undecided version of the key.
   *
   * @param write what to install; its findings are filled in
   * @param acceptor asked for the position, unless nothing is to be done
   */
  public void commit(Write write, Acceptor acceptor) {
    place(write, Write.ANY, null, acceptor);
  }

  /**
   * Installs a version that becomes visible when {@code commit} is decided. Waits for a foreign
   * undecided version of the key.
   *
   * <p>Requires: versions of one commit are installed in the order of (bucket, key), which excludes
   * cycles of waiting, and at most one of each key.
   *
   * @param write what to install; its findings are filled in
   * @param commit whose it is
   * @param snapshot the writer's snapshot, or {@link Write#ANY}
   * @return false if a version newer than the snapshot is committed; nothing was installed then
   */
  public boolean install(Write write, Commit commit, long snapshot) {
    return place(write, snapshot, commit, null);
  }

  private boolean place(
      Write write, long snapshot, @Nullable Commit commit, @Nullable Acceptor acceptor) {
    while (true) {
      Cell cell = descend(write.key());
      Commit foreign;
      boolean split = false;
      boolean folded;
      boolean grown;
      cell.lock();
      try {
        if (cell.isRetired()) {
          continue;
        }
        grown = cell.leaf() == null;
        Leaf leaf = cell.loadedLeaf();
        int entryLength = leaf.entryLength(write);
        folded = !leaf.hasRoom(entryLength);
        grown |= folded;
        if (folded) {
          store.probe().at(Probe.Point.FOLD);
          // What can't be folded (an old snapshot, a pending commit) is kept behind the base.
          LeafFold.Room room = LeafFold.Room.like(leaf, true, entryLength, leafBytes / 2);
          leaf = LeafFold.fold(leaf, registry.horizon(), room);
          cell.setLeaf(leaf);
          split = wantsSplit(leaf);
        }
        int found = LeafPage.search(leaf.page, write.key());
        foreign = look(leaf, found, write);
        if (foreign == null) {
          if (write.replaced() > snapshot) {
            return false;
          }
          if (write.existed() || !write.isOnlyIfPresent()) {
            if (cell.markDirty()) {
              dirty.add(cell);
            }
            put(leaf, Leaf.codeOf(found), write, commit, acceptor);
            if (write.tag() == LeafPage.BESIDE_TAG) {
              cell.leafGrew();
            }
            if (write.isDeletion() && wantsMerge(leaf, folded)) {
              requestTidy(cell);
            }
          }
        }
      } finally {
        cell.unlock();
      }
      if (split) {
        split(write.key());
      }
      if (grown) {
        store.residency().enforce();
      }
      if (foreign == null) {
        return true;
      }
      foreign.awaitDecision();
    }
  }

  /**
   * Finds what a write replaces.
   *
   * @return the commit of a version of the key that is undecided, or null
   */
  private static @Nullable Commit look(Leaf leaf, int found, Write write) {
    int code = Leaf.codeOf(found);
    int newest = leaf.older(leaf.count(), code, write.key());
    // Each commit's position is read once: it may be decided at any moment.
    long position = newest < 0 ? 0 : leaf.position(newest);
    while (newest >= 0 && position == Commit.ABORTED) {
      newest = leaf.older(newest, code, write.key());
      position = newest < 0 ? 0 : leaf.position(newest);
    }
    if (position == Commit.PENDING) {
      return leaf.commit(newest);
    }
    boolean existed = newest < 0 ? found >= 0 : !leaf.isTombstone(newest);
    write.found(existed, position);
    if (existed && write.isPreviousWanted()) {
      write.setPrevious(newest < 0 ? leaf.baseValue(found) : leaf.deltaValue(newest));
    }
    return null;
  }

  /** Puts a version in front. Requires: cell locked, and room. */
  private static void put(
      Leaf leaf, int code, Write write, @Nullable Commit commit, @Nullable Acceptor acceptor) {
    leaf.prepare(write, code);
    if (acceptor == null) {
      leaf.append(write, Commit.PENDING, commit);
      write.setInstalled();
      return;
    }
    long position = acceptor.accept(write);
    try {
      leaf.append(write, position, null);
      write.setInstalled();
    } finally {
      acceptor.accepted(write, position, write.isInstalled());
    }
  }

  private boolean wantsSplit(Leaf leaf) {
    int size = leaf.size();
    if (size <= leafBytes) {
      return false;
    }
    int keys = LeafFold.keys(leaf);
    return keys >= MIN_KEYS || (size > MAX_LEAF_BYTES && keys >= 2);
  }

  private boolean wantsMerge(Leaf leaf, boolean folded) {
    return leaf.live() == 0 || (folded && leaf.size() < leafBytes / 8);
  }

  private void requestTidy(Cell cell) {
    if (cell.markTidyQueued()) {
      tidyQueue.add(cell);
      tidyQueued.incrementAndGet();
    }
  }

  /**
   * Tells the leaf that a write which was installed with {@code commit} was rolled back.
   *
   * <p>Requires: the commit is decided.
   */
  public void forget(Write write, Commit commit) {
    byte[] key = write.key();
    while (true) {
      Cell cell = descend(key);
      cell.lock();
      try {
        if (cell.isRetired()) {
          continue;
        }
        Leaf leaf = cell.loadedLeaf();
        if (leaf.has(Leaf.codeOf(LeafPage.search(leaf.page, key)), key, commit)) {
          leaf.forget(write); // else a fold has dropped it already
        }
        if (leaf.live() == 0) {
          requestTidy(cell);
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
      if (abandoned) {
        return;
      }
      Path path = Path.to(this, key);
      path.cell().lock();
      while (path.cell().isRetired()) { // it was dropped before it was locked
        path.cell().unlock();
        path = Path.to(this, key);
        path.cell().lock();
      }
      Cell cell = path.cell();
      try {
        Leaf whole = cell.loadedLeaf();
        LeafFold.Room room = LeafFold.Room.like(whole, false, 0, leafBytes / 2);
        Leaf leaf = LeafFold.fold(whole, registry.horizon(), LeafFold.Room.NONE);
        if (!wantsSplit(leaf)) {
          return;
        }
        // At the right edge keys are probably appended in order: leave little behind.
        int size = leaf.size();
        LeafFold.Cut cut = LeafFold.cutAt(leaf, cell.high == null ? size * 9 / 10 : size / 2);
        byte[] separator = separator(LeafFold.keyBefore(leaf, cut), LeafFold.keyAfter(leaf, cut));
        Cell left = cell(cell.low, separator, leaf, LeafFold.start(), cut, room);
        Cell right = cell(separator, cell.high, leaf, cut, LeafFold.end(leaf), room);
        NodeLock newRoot = path.split(left, right);
        enter(left);
        enter(right);
        replaceRoot(newRoot, path);
        retire(cell);
      } finally {
        path.release();
        cell.unlock();
      }
    } finally {
      structure.unlock();
    }
  }

  /** Makes a new cell known to the store, and dirty. Requires: nobody else knows it. */
  private void enter(Cell cell) {
    cell.enter();
    cell.markDirty();
    dirty.add(cell);
  }

  /** Requires: structure locked, and what the path replaced. */
  private void replaceRoot(NodeLock newRoot, Path path) {
    retiredInners.addAll(path.replaced());
    root = newRoot;
    path.replaced().forEach(InnerRef::leave);
    path.fresh().forEach(InnerRef::enter);
  }

  /** Requires: structure and the cell locked, and the root reaches what replaces it. */
  private void retire(Cell cell) {
    cell.retire();
    retiredCells.add(cell);
  }

  private Cell cell(
      byte[] low,
      byte @Nullable [] high,
      Leaf leaf,
      LeafFold.Cut from,
      LeafFold.Cut to,
      LeafFold.Room room) {
    LeafBuilder builder = new LeafBuilder();
    LeafFold.append(builder, leaf, from, to);
    return new Cell(
        this, low, high, builder.build(low, sharedPrefix(low, high), room.entries(), room.bytes()));
  }

  /** How many bytes all keys between two fences share. */
  static int sharedPrefix(byte[] low, byte @Nullable [] high) {
    if (high == null) {
      return 0;
    }
    int mismatch = Arrays.mismatch(low, high);
    return Math.max(mismatch, 0);
  }

  /** The shortest key above {@code left} and at or below {@code right}. */
  static byte[] separator(byte[] left, byte[] right) {
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
      while (!abandoned && !tryTidy(wanted, horizon)) {
        Thread.onSpinWait(); // its neighbour was dropped before it was locked
      }
    } finally {
      structure.unlock();
    }
  }

  /** Requires: structure locked. */
  private boolean tryTidy(Cell wanted, Horizon horizon) {
    Path path = Path.to(this, wanted.low);
    Cell cell = path.cell();
    if (cell != wanted || !path.hasSibling()) {
      unqueue(wanted);
      return true;
    }
    Cell sibling = path.sibling();
    Cell left = path.siblingIsLeft() ? sibling : cell;
    Cell right = path.siblingIsLeft() ? cell : sibling;
    left.lock();
    right.lock();
    try {
      if (sibling.isRetired()) {
        return false;
      }
      tidy(path, cell, left, right, horizon);
      return true;
    } finally {
      path.release();
      right.unlock();
      left.unlock();
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
    Leaf leaf = LeafFold.fold(cell.loadedLeaf(), horizon, LeafFold.Room.NONE);
    cell.setLeaf(leaf);
    cell.clearTidyQueued();
    if (leaf.live() == 0 && !leaf.isEmpty()) {
      // Someone still sees what was deleted here, or the deletion is undecided.
      cell.markTidyQueued();
      tidyBlocked.add(new TidyRequest(cell, horizon.oldest()));
      tidyQueued.incrementAndGet();
      return;
    }
    Cell sibling = left == cell ? right : left;
    Leaf beside = sibling.loadedLeaf();
    int size = leaf.size() + beside.size();
    if (!leaf.isEmpty() && (leaf.size() >= leafBytes / 4 || size > leafBytes / 4 * 3)) {
      return;
    }
    Leaf other = LeafFold.fold(beside, horizon, LeafFold.Room.NONE);
    Leaf leftLeaf = left == cell ? leaf : other;
    Leaf rightLeaf = left == cell ? other : leaf;
    LeafBuilder builder = new LeafBuilder();
    LeafFold.append(builder, leftLeaf, LeafFold.start(), LeafFold.end(leftLeaf));
    LeafFold.append(builder, rightLeaf, LeafFold.start(), LeafFold.end(rightLeaf));
    LeafFold.Room room = LeafFold.Room.like(beside, false, 0, leafBytes / 2);
    Leaf merged =
        builder.build(left.low, sharedPrefix(left.low, right.high), room.entries(), room.bytes());
    Cell one = new Cell(this, left.low, right.high, merged);
    NodeLock newRoot = path.merge(one);
    enter(one);
    replaceRoot(newRoot, path);
    retire(left);
    retire(right);
    if (merged.live() == 0) {
      one.lock();
      try {
        requestTidy(one);
      } finally {
        one.unlock();
      }
    }
  }

  // ---- Checkpoints ----------------------------------------------------------------------------

  /** A root, and what has left the tree since the root before was taken. */
  record Taken(NodeLock root, List<Cell> retiredCells, List<InnerRef> retiredInners) {}

  /** Takes the root for a checkpoint. */
  Taken take() {
    structure.lock();
    try {
      Taken taken = new Taken(root, retiredCells, retiredInners);
      retiredCells = new ArrayList<>();
      retiredInners = new ArrayList<>();
      return taken;
    } finally {
      structure.unlock();
    }
  }

  /** Gives back what a checkpoint took that failed. */
  void giveBack(List<Cell> cells, List<InnerRef> inners) {
    structure.lock();
    try {
      retiredCells.addAll(cells);
      retiredInners.addAll(inners);
    } finally {
      structure.unlock();
    }
  }

  /** Takes the cells that are dirty now; they stay marked. */
  List<Cell> takeDirty() {
    List<Cell> taken = new ArrayList<>();
    dirty.add(endOfDirty);
    for (Cell cell = dirty.poll(); cell != endOfDirty && cell != null; cell = dirty.poll()) {
      taken.add(cell);
    }
    return taken;
  }

  /**
   * Marks a node as changed if its newest image is at an address, so that the next checkpoint
   * writes it anew. On the checkpoint's thread.
   *
   * @param level the level that the image's header names
   * @param low the low fence that it names
   * @return bytes of the leaf that was marked, 0 if that is not where the node's image is
   */
  public int markForMove(PageAddress address, int level, byte[] low) {
    int marked;
    do {
      marked = tryMarkForMove(address, level, low);
    } while (marked < 0);
    store.residency().enforce();
    return marked;
  }

  /** Negative if the cell that was found went with the node above it meanwhile. */
  private int tryMarkForMove(PageAddress address, int level, byte[] low) {
    NodeLock node = root;
    boolean found = false;
    while (node instanceof InnerRef ref) {
      ImageChain images = ref.image();
      if (images != null && images.contains(address)) {
        found = true;
        ref.wantRewrite();
      }
      if (!found && level == ref.level()) {
        return 0; // it was replaced
      }
      Inner inner = ref.get();
      int index = inner.indexOf(low);
      if (!found && ref.level() == 1 && !isAt(inner.chain(index), address)) {
        return 0;
      }
      node = ref.child(inner, index);
    }
    if (!(node instanceof Cell cell)) {
      return -1;
    }
    ImageChain chain = cell.image();
    if (!found && !isAt(chain, address)) {
      return 0;
    }
    cell.lock();
    try {
      if (cell.isDropped()) {
        return -1;
      }
      if (cell.isRetired()) {
        return 0;
      }
      Leaf leaf = cell.loadedLeaf();
      if (!found && chain != null) {
        if (chain.image(0).equals(address)) {
          cell.wantRewrite();
        } else {
          cell.wantMerge();
        }
      }
      if (cell.markForMove()) {
        dirty.add(cell);
      }
      return leaf.heapBytes();
    } finally {
      cell.unlock();
    }
  }

  private static boolean isAt(@Nullable ImageChain chain, PageAddress address) {
    return chain != null && chain.contains(address);
  }

  /**
   * The large values of a key's versions that somebody may still see, and that have records between
   * two positions of the log. On the checkpoint's thread.
   */
  public List<LargeValue> largeValues(byte[] key, long from, long to) {
    long oldest = registry.horizon().oldest(); // before the leaf
    List<LargeValue> found = leafOf(key).largeValues(key, oldest);
    found.removeIf(
        value -> Arrays.stream(value.starts()).noneMatch(start -> from <= start && start < to));
    return found;
  }

  /**
   * Marks leaves as changed whose images need records between two positions of the log for versions
   * that nobody can see any more: the next images will not. On the checkpoint's thread.
   *
   * @param keys keys of these leaves, ascending
   * @return bytes of the leaves that were marked and were not before
   */
  public long forgetStaleValues(List<byte[]> keys, long from, long to) {
    Horizon horizon = registry.horizon();
    long bytes = 0;
    Cell done = null;
    for (byte[] key : keys) {
      boolean isDone =
          done != null && (done.high == null || Arrays.compareUnsigned(key, done.high) < 0);
      while (!isDone) {
        done = descend(key);
        done.lock();
        try {
          isDone = !done.isRetired();
          bytes += isDone ? forgetStaleValues(done, horizon, from, to) : 0;
        } finally {
          done.unlock();
        }
        store.residency().enforce();
      }
    }
    return bytes;
  }

  /** Requires: cell locked, not retired. */
  private int forgetStaleValues(Cell cell, Horizon horizon, long from, long to) {
    Leaf leaf = cell.loadedLeaf();
    ValueBytes image = cell.imageValues();
    if (image == null
        || !image.hasMoreThan(LeafFold.fold(leaf, horizon, LeafFold.Room.NONE), from, to)) {
      return 0;
    }
    cell.wantRewrite();
    if (!cell.markForMove()) {
      return 0;
    }
    dirty.add(cell);
    return leaf.heapBytes();
  }

  /**
   * Puts pointers to copies in the place of those of a key's versions, and marks the leaf as
   * changed. On the checkpoint's thread.
   *
   * @param moved where values are now, by the position of their first record
   * @return bytes of the leaf if it was not marked before, else 0
   */
  public int replaceValues(byte[] key, Map<Long, LargeValue> moved) {
    int bytes;
    do {
      bytes = tryReplaceValues(key, moved);
    } while (bytes < 0);
    store.residency().enforce();
    return bytes;
  }

  /** Negative if the cell that was found went meanwhile. */
  private int tryReplaceValues(byte[] key, Map<Long, LargeValue> moved) {
    Cell cell = descend(key);
    cell.lock();
    try {
      if (cell.isRetired()) {
        return -1;
      }
      Leaf leaf = cell.loadedLeaf();
      if (!leaf.replaceValues(key, moved)) {
        return 0;
      }
      cell.wantRewrite();
      if (!cell.markDirty()) {
        return 0;
      }
      dirty.add(cell);
      return leaf.heapBytes();
    } finally {
      cell.unlock();
    }
  }

  /**
   * Lets go of the memory of a tree that nobody will read: its bucket was dropped. Calls that are
   * still under way may end as if nothing had happened.
   */
  public void abandon() {
    structure.lock();
    try {
      abandoned = true;
      abandon(root);
    } finally {
      structure.unlock();
    }
    store.residency().forgetGone();
  }

  private void abandon(NodeLock node) {
    if (node instanceof Cell cell) {
      cell.lock();
      try {
        cell.abandon();
      } finally {
        cell.unlock();
      }
      return;
    }
    InnerRef ref = (InnerRef) node;
    ref.abandon(); // first: who reads it, or makes a cell, from now on knows
    Inner inner = ref.loaded();
    if (inner != null) {
      for (int i = 0; i < inner.count(); i++) {
        NodeLock child = inner.child(i);
        if (child != null) {
          abandon(child);
        }
      }
    }
  }

  /**
   * Lets go of a node right above the cells, with all of these, if they are what their images say.
   *
   * <p>Requires: taken out of the clock by its hand.
   */
  Residency.Outcome evict(InnerRef ref) {
    if (!structure.tryLock()) {
      return Residency.Outcome.STAYS;
    }
    try {
      return ref.evict();
    } finally {
      structure.unlock();
    }
  }

  /**
   * Lets go of the leaf of a cell, and of the cell where the node above can do without it.
   *
   * <p>Requires: cell locked, evictable, and taken out of the clock by its hand.
   */
  void evict(Cell cell) {
    cell.evict();
    boolean done = !cell.isDroppable();
    while (!done) {
      InnerRef above = null;
      Inner inner = null;
      int index = 0;
      for (NodeLock node = root; node instanceof InnerRef ref; node = inner.child(index)) {
        above = ref;
        inner = ref.get();
        index = inner.indexOf(cell.low);
      }
      done = above == null || inner == null || above.drop(cell, inner, index);
    }
  }

  /**
   * Leaves the images where they are that were marked for a move, and are not to be written for
   * another reason. On the checkpoint's thread, while no checkpoint runs.
   *
   * @return whether there were any
   */
  public boolean forgetMoves() {
    boolean any = false;
    for (Cell cell : takeDirty()) {
      boolean only;
      cell.lock();
      try {
        only = !cell.isRetired() && cell.unmarkForMove();
        if (!only && !cell.isRetired()) {
          queueDirty(cell);
        }
      } finally {
        cell.unlock();
      }
      if (only) {
        any = true;
        backOnClock(cell);
      }
    }
    return any;
  }

  /** The node above a cell may have left the clock to wait for the checkpoint that was to be. */
  private void backOnClock(Cell cell) {
    InnerRef above = null;
    for (NodeLock node = root; node instanceof InnerRef ref; ) {
      above = ref;
      Inner inner = ref.get();
      node = ref.level() == 1 ? cell : inner.child(inner.indexOf(cell.low));
    }
    if (above != null) {
      above.checkpointed();
    }
  }

  /** Queues a cell that is marked dirty. */
  void queueDirty(Cell cell) {
    dirty.add(cell);
  }

  /** What the tree's images need, as the newest checkpoint says. */
  public LiveBytes live() {
    return live;
  }

  /** Where the root's images are, as the newest checkpoint says. */
  @Nullable ImageChain rootImage() {
    return rootImage;
  }

  /** A checkpoint is durable. */
  void checkpointed(LiveBytes newLive, @Nullable ImageChain newRoot, long position, long history) {
    live = newLive;
    rootImage = newRoot;
    if (history > 0) {
      historyBytes.addAndGet(history);
      historyUpTo = position; // a pass that is under way goes on; what is new is for the next
    }
  }

  /** About how many bytes of images are versions that only views and transactions need, or did. */
  public long historyBytes() {
    return historyBytes.get();
  }

  /**
   * Whether images have much that only views needed which are closed: a twentieth of all. On the
   * checkpoint's thread.
   */
  public boolean hasHistoryToForget() {
    if (historyBytes.get() == 0) {
      return false;
    }
    long all = 0;
    for (long bytes : live.pages().values()) {
      all += bytes;
    }
    return historyBytes.get() > all / HISTORY_PART && registry.horizon().oldest() >= historyUpTo;
  }

  /**
   * Looks for such images from where it was left off, and marks their leaves as changed: the next
   * images will be shorter. On the checkpoint's thread.
   *
   * @param most bytes of leaves that may be marked; some times as many may be looked at
   * @param enough says after each leaf whether the bytes that were marked are enough
   * @return bytes of the leaves that were marked
   */
  public long forgetHistory(long most, LongPredicate enough) {
    long marked = 0;
    long visited = 0;
    byte[] key = historyFrom;
    if (key == NO_BYTES) {
      historyOfPass = historyBytes.get();
    }
    while (key != null && !enough.test(marked) && visited < VISITED * most) {
      Cell cell = descend(key);
      cell.lock();
      try {
        if (!cell.isRetired()) {
          Leaf leaf = cell.loadedLeaf();
          visited += leaf.heapBytes();
          if (cell.hasImageHistory()) {
            cell.wantRewrite();
            marked += leaf.heapBytes();
            if (cell.markForMove()) {
              dirty.add(cell);
            }
          }
          key = cell.high;
        }
      } finally {
        cell.unlock();
      }
      store.residency().enforce();
    }
    historyFrom = key;
    if (key == null) {
      historyBytes.addAndGet(-historyOfPass);
      historyFrom = NO_BYTES;
    }
    return marked;
  }

  /** There are leaves of which less is left than their images say, since there was no space. */
  void leftShrunk() {
    shrunkFrom = NO_BYTES;
  }

  /** Whether there may be such leaves. On the checkpoint's thread. */
  public boolean hasShrunk() {
    return shrunkFrom != null;
  }

  /**
   * Looks for them from where it was left off, and marks them as changed, as {@link #forgetHistory}
   * does with others. On the checkpoint's thread.
   *
   * @return bytes of the leaves that were marked
   */
  public long rewriteShrunk(long most, LongPredicate enough) {
    long marked = 0;
    long visited = 0;
    byte[] key = shrunkFrom;
    while (key != null && !enough.test(marked) && visited < VISITED * most) {
      Cell cell = descend(key);
      cell.lock();
      try {
        if (!cell.isRetired()) {
          Leaf leaf = cell.loadedLeaf();
          ImageChain chain = cell.image();
          visited += leaf.heapBytes();
          if (chain != null && chain.count() > 1) {
            Leaf folded = LeafFold.fold(leaf, registry.horizon(), LeafFold.Room.NONE);
            if (TreeCheckpoint.isShrunk(folded.size(), chain)) {
              cell.wantRewrite();
              marked += folded.size();
              if (cell.markForMove()) {
                dirty.add(cell);
              }
            }
          }
          key = cell.high;
        }
      } finally {
        cell.unlock();
      }
      store.residency().enforce();
    }
    shrunkFrom = key;
    return marked;
  }

  /** Figures of a tree, gathered by walking over it. */
  public record Shape(int depth, int leaves, long keys) {}

  /** Counts leaves and keys, tombstones included; for tests and diagnosis. */
  public Shape shape() {
    int depth = 1;
    for (Object node = root; node instanceof InnerRef ref; node = ref.get().child(0)) {
      depth++;
    }
    int leaves = 0;
    long keys = 0;
    byte[] key = NO_BYTES;
    while (key != null) {
      Cell cell = descend(key);
      Leaf leaf = cell.leaf();
      if (leaf == null) {
        leaf = load(cell);
      }
      if (leaf != null) {
        leaves++;
        keys += LeafFold.keys(leaf);
        key = cell.high;
      }
    }
    return new Shape(depth, leaves, keys);
  }
}
