package org.macekv.internal.tree;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.macekv.error.CorruptionException;
import org.macekv.internal.format.ImageChain;
import org.macekv.internal.format.LeafPage;
import org.macekv.internal.format.PageAddress;
import org.macekv.internal.mvcc.Commit;
import org.macekv.internal.mvcc.Horizon;
import org.macekv.internal.pages.ImageCompression;
import org.macekv.internal.pages.LiveBytes;

/**
 * One tree's part in a checkpoint at a position (DESIGN section 6, "Checkpoint at T"): take the
 * root and what is dirty, write images of what differs from the last checkpoint, and after the
 * manifest has them, tell the cells. Used by one thread.
 *
 * <p>Requires: the position is registered as a snapshot until {@link #succeeded} or {@link #failed}
 * has returned, and every commit at or below it is in the tree.
 */
public final class TreeCheckpoint {
  private static final byte[] NO_BYTES = {};

  /** Images with changes take at most this share of the full image before them, in percent. */
  private static final int CHANGES_PERCENT = 100;

  /** An image that could be appended is merged with those before it if both take so little. */
  private static final int MERGED_PERCENT = 25;

  /** A leaf of which less than this is left gets a full image, in percent. */
  private static final int SHRUNK_PERCENT = 70;

  /** Images with changes of an inner node: whoever loads it reads each. */
  private static final int MAX_INNER_CHANGES = 4;

  private final Tree tree;
  private final TreeStore store;
  private final long position;
  private final Horizon horizon;
  private final LongUnaryOperator segmentOf;
  private final boolean compressed;
  private final boolean frugal;
  private boolean leftShrunk;

  private final NodeLock root;
  private final List<Cell> retiredCells;
  private final List<InnerRef> retiredInners;
  private final List<Cell> taken;

  private final Set<InnerRef> changed = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<Cell> toWrite = Collections.newSetFromMap(new IdentityHashMap<>());
  private final List<CellImage> cellImages = new ArrayList<>();
  private final List<InnerWritten> innerImages = new ArrayList<>();
  private final LiveBytes live;
  private long historyBytes;
  private @Nullable ImageChain rootImage;

  private record CellImage(
      Cell cell, ImageChain images, @Nullable ValueBytes values, boolean hasHistory) {}

  private record InnerWritten(InnerRef inner, ImageChain images) {}

  /**
   * Takes the root and what is dirty.
   *
   * @param horizon made after the position was registered
   * @param segmentOf gives the first position of the log segment that has a position
   * @param frugal whether there is little space: what takes the least now is written
   */
  public TreeCheckpoint(
      Tree tree, long position, Horizon horizon, LongUnaryOperator segmentOf, boolean frugal) {
    this.tree = tree;
    this.store = tree.store();
    this.position = position;
    this.horizon = horizon;
    this.segmentOf = segmentOf;
    this.frugal = frugal;
    this.compressed = tree.isCompressed();
    Tree.Taken all = tree.take();
    this.root = all.root();
    this.retiredCells = all.retiredCells();
    this.retiredInners = all.retiredInners();
    this.taken = tree.takeDirty(); // behind the root: a cell that is older than it is among them
    this.live = tree.live().copy();
    this.rootImage = tree.rootImage();
  }

  /** Writes what differs. */
  public void write() {
    for (Cell cell : taken) {
      find(cell);
    }
    for (Cell cell : retiredCells) {
      forget(cell.image());
      forget(cell.imageValues());
    }
    for (InnerRef inner : retiredInners) {
      forget(inner.image());
    }
    if (!toWrite.isEmpty() || !isWritten(root)) {
      rootImage = write(root, NO_BYTES);
    }
  }

  /** An empty tree that was never written to has no image. */
  private static boolean isWritten(NodeLock node) {
    return !(node instanceof InnerRef ref) || ref.image() != null;
  }

  /** Looks a dirty cell up in the root that was taken, where it may be missing. */
  private void find(Cell cell) {
    List<InnerRef> path = new ArrayList<>();
    NodeLock node = root;
    while (node instanceof InnerRef ref) {
      path.add(ref);
      Inner inner = ref.get();
      node = inner.child(inner.indexOf(cell.low));
    }
    if (node == cell) {
      toWrite.add(cell);
      changed.addAll(path);
    }
  }

  private void forget(@Nullable ImageChain chain) {
    if (chain != null) {
      count(live, chain, -1);
    }
  }

  /**
   * Counts what a node needs: of the full image not what the changes take the place of, which a new
   * image would not have. So it is garbage, for which files are cleaned; but for one byte, since a
   * file in which nothing is live is deleted.
   */
  private static void count(LiveBytes live, ImageChain chain, int sign) {
    PageAddress full = chain.image(0);
    long superseded = Math.min(chain.changesLength(), full.length() - 1L);
    live.addPages(full.file(), sign * (full.length() - superseded));
    for (int i = 1; i < chain.count(); i++) {
      live.addPages(chain.image(i).file(), sign * (long) chain.image(i).length());
    }
  }

  private void forget(@Nullable ValueBytes values) {
    if (values != null) {
      count(values, -1);
    }
  }

  private void count(ValueBytes values, int sign) {
    for (Map.Entry<Long, Long> run : values.byRun().entrySet()) {
      live.addValues(segmentOf.applyAsLong(run.getKey()), sign * run.getValue());
    }
  }

  /** Writes a node, where it differs from its images, and says where they are then. */
  private ImageChain write(NodeLock node, byte[] low) {
    if (node instanceof Cell cell) {
      ImageChain image = cell.image();
      return image == null || toWrite.contains(cell) ? write(cell) : image;
    }
    InnerRef ref = (InnerRef) node;
    ImageChain before = ref.image();
    if (before != null && !changed.contains(ref)) {
      return before;
    }
    Inner inner = ref.get();
    @Nullable ImageChain[] others = new ImageChain[inner.count()];
    boolean any = false;
    for (int i = 0; i < others.length; i++) {
      NodeLock child = inner.child(i);
      if (child != null) { // else it is on disk only
        ImageChain images = write(child, i == 0 ? low : inner.separators().get(i - 1));
        others[i] = images == imageOf(child) ? null : images;
        any |= others[i] != null;
      }
    }
    ImageChain now = before;
    if (before == null || ref.isRewriteWanted()) {
      now = null;
    } else if (any) {
      now = writeChanges(inner, others, before, low);
    }
    if (now == null) {
      byte[] image =
          InnerImage.encode(inner, children(inner, others), tree.bucketId(), position, low);
      now = ImageChain.of(store.pages().append(pack(image), true));
    }
    if (now != before) {
      innerImages.add(new InnerWritten(ref, now));
      forget(before);
      count(live, now, 1);
    }
    return now;
  }

  private static @Nullable ImageChain imageOf(NodeLock node) {
    return node instanceof Cell cell ? cell.image() : ((InnerRef) node).image();
  }

  /** Where the images of all children are, of those that were written now, and of the others. */
  private static ImageChain[] children(Inner inner, @Nullable ImageChain[] others) {
    ImageChain[] children = new ImageChain[others.length];
    for (int i = 0; i < children.length; i++) {
      ImageChain images = others[i] != null ? others[i] : inner.chain(i);
      if (images == null) {
        throw new IllegalStateException("a node below an inner node was not written");
      }
      children[i] = images;
    }
    return children;
  }

  /** Appends an image of the changed children; null if that is too large to be worth while. */
  private @Nullable ImageChain writeChanges(
      Inner inner, @Nullable ImageChain[] others, ImageChain before, byte[] low) {
    if (before.count() > MAX_INNER_CHANGES) {
      return null;
    }
    byte[] image = pack(InnerImage.encodeChanges(inner, others, tree.bucketId(), position, low));
    return takes(before.changesLength() + image.length, before, CHANGES_PERCENT)
        ? before.with(store.pages().append(image, true))
        : null;
  }

  private static boolean takes(long bytes, ImageChain chain, int percent) {
    return bytes <= chain.fullLength() * (long) percent / 100;
  }

  private byte[] pack(byte[] image) {
    return compressed ? ImageCompression.compress(image) : image;
  }

  private ImageChain write(Cell cell) {
    // No lock: what is at or below the position is in the leaf, and whoever folds it keeps that.
    Leaf leaf = cell.leaf();
    if (leaf == null) {
      throw new IllegalStateException("a dirty cell has no leaf");
    }
    ImageChain before = cell.image();
    if (before != null && mayHaveChanges(cell, leaf)) {
      ImageChain with = writeChanges(cell, leaf, before);
      if (with != null) {
        cellImages.add(new CellImage(cell, with, null, true)); // perhaps
        if (with != before) {
          forget(before);
          count(live, with, 1);
        }
        return with;
      }
    }
    Leaf then = LeafFold.foldUpTo(leaf, horizon, position);
    PageAddress address = append(then, cell, false);
    ValueBytes values = ValueBytes.of(then);
    ImageChain image = ImageChain.of(address);
    historyBytes += historyBytes(then);
    cellImages.add(new CellImage(cell, image, values, then.sorted > 0));
    forget(before);
    forget(cell.imageValues());
    count(live, image, 1);
    if (values != null) {
      count(values, 1);
    }
    return image;
  }

  /** About how many bytes of an image are versions that only views and transactions need. */
  private long historyBytes(Leaf leaf) {
    long bytes = 0;
    for (int i = 0; i < leaf.sorted; i++) {
      if (leaf.position(i) > horizon.oldest()) {
        int entry = leaf.offset(i);
        bytes += LeafPage.entryLength(leaf.page, entry);
        if (LeafPage.tag(leaf.page, entry) == LeafPage.BESIDE_TAG) {
          bytes += Leaf.valueSize(leaf.besideValue(i));
        }
      }
    }
    return bytes;
  }

  private byte[] encode(Leaf leaf, Cell cell, boolean changes) {
    byte[] image = LeafImage.encode(leaf, tree.bucketId(), position, cell.low);
    if (changes) {
      LeafImage.markAsChanges(image);
    }
    return pack(image);
  }

  private PageAddress append(Leaf leaf, Cell cell, boolean changes) {
    return store.pages().append(encode(leaf, cell, changes), changes);
  }

  /** Where large values are, which of them are needed would not be known. */
  private static boolean mayHaveChanges(Cell cell, Leaf leaf) {
    return !cell.isRewriteWanted() && cell.imageValues() == null && !leaf.hasLargeValues();
  }

  /**
   * Writes an image of the changes: of those since the newest image behind it, if all of them are
   * in the delta, or of those since the full image in the place of all others.
   *
   * @return the leaf's images now; null if a full one is better
   */
  private @Nullable ImageChain writeChanges(Cell cell, Leaf leaf, ImageChain before) {
    boolean allInDelta = leaf.foldedUpTo() <= cell.imagePosition();
    boolean mayAppend = allInDelta && !cell.isMergeWanted();
    if (mayAppend) {
      Leaf changes = LeafFold.changes(leaf, horizon, cell.imagePosition(), position);
      if (changes == null) {
        return before; // only rolled back versions made it dirty, or an inner node is to be moved
      }
      if (hasShrunk(changes, leaf, cell, before)) {
        return null;
      }
      byte[] image = encode(changes, cell, true);
      if (before.hasRoom()
          && takes(before.changesLength() + image.length, before, CHANGES_PERCENT)) {
        store.wroteChanges();
        historyBytes += historyBytes(changes);
        return before.with(store.pages().append(image, true));
      }
      if (before.count() == 1 || !takes(image.length, before, MERGED_PERCENT)) {
        return null;
      }
    }
    Leaf full;
    try {
      full = LeafImage.readFull(before, store);
    } catch (CorruptionException e) {
      return null; // a new one takes its place
    }
    Leaf then = LeafFold.foldUpTo(leaf, horizon, position);
    // Of a key that is gone nobody sees more: no snapshot is older than its deletion.
    Leaf changes = LeafFold.difference(full, then, horizon.oldest());
    ImageChain alone = before.count() == 1 ? before : ImageChain.of(before.image(0));
    if (changes == null) {
      return alone; // all is as it was
    }
    if (hasShrunk(changes, leaf, cell, before)) {
      return null;
    }
    byte[] image = encode(changes, cell, true);
    if (!takes(image.length, before, mayAppend ? MERGED_PERCENT : CHANGES_PERCENT)) {
      return null;
    }
    store.wroteChanges();
    historyBytes += historyBytes(changes);
    return alone.with(store.pages().append(image, true));
  }

  /**
   * Whether a full image would be that much smaller than the one there is. Images of deletions take
   * little, and what they take the place of would be counted as needed.
   */
  private boolean hasShrunk(Leaf changes, Leaf leaf, Cell cell, ImageChain before) {
    boolean deletes = false;
    for (int i = 0; i < changes.sorted && !deletes; i++) {
      deletes = changes.isTombstone(i);
    }
    if (!deletes) {
      return false;
    }
    Leaf then = LeafFold.foldUpTo(leaf, horizon, position);
    int length = compressed ? encode(then, cell, false).length : then.size();
    boolean shrunk = isShrunk(length, before);
    leftShrunk |= shrunk && frugal;
    return shrunk && !frugal;
  }

  /** Whether a full image of this length would be that much shorter than the one there is. */
  static boolean isShrunk(int length, ImageChain images) {
    return takes(length, images, SHRUNK_PERCENT);
  }

  /** Where the root's images are; null for an empty tree. */
  public @Nullable ImageChain rootImage() {
    return rootImage;
  }

  /** The root's level. */
  public int level() {
    return Inner.levelOf(root);
  }

  /** What the tree's images need, with those that were written now. */
  public LiveBytes live() {
    return live;
  }

  /** Whether anything was written. */
  public boolean hasWritten() {
    return !cellImages.isEmpty() || !innerImages.isEmpty();
  }

  /** Tells the cells that their images are durable. */
  public void succeeded() {
    for (InnerWritten each : innerImages) {
      each.inner.setImage(each.images);
    }
    Set<Cell> written = Collections.newSetFromMap(new IdentityHashMap<>());
    for (CellImage each : cellImages) {
      written.add(each.cell);
      Cell cell = each.cell;
      cell.lock();
      try {
        cell.setImage(each.images, position, each.values, each.hasHistory);
        if (!cell.isRetired()) {
          if (holdsNewer(cell.leaf())) {
            tree.queueDirty(cell);
          } else {
            cell.markClean();
          }
        }
      } finally {
        cell.unlock();
      }
    }
    for (Cell cell : taken) {
      if (!written.contains(cell)) {
        keepDirty(cell);
      }
    }
    for (InnerWritten each : innerImages) {
      changed.add(each.inner);
    }
    changed.forEach(InnerRef::checkpointed);
    if (leftShrunk) {
      tree.leftShrunk();
    }
    tree.checkpointed(live, rootImage, position, historyBytes);
    assert isExact() : "live bytes are " + live + ", which is not what a walk gives";
  }

  /** Whether a walk over the taken root gives the same live bytes, as far as it is in memory. */
  private boolean isExact() {
    LiveBytes found = new LiveBytes();
    boolean[] known = {true, true};
    walk(root, found, known);
    return rootImage == null
        || ((!known[0] || found.pages().equals(live.pages()))
            && (!known[1] || found.values().equals(live.values())));
  }

  /** Adds what a node needs; notes if not all is known of pages (0) or of values (1). */
  private void walk(NodeLock node, LiveBytes found, boolean[] known) {
    if (node instanceof Cell cell) {
      ImageChain chain = cell.image();
      ValueBytes values = cell.imageValues();
      known[0] &= chain != null;
      known[1] &= values != null || cell.leaf() != null;
      if (chain != null) {
        count(found, chain, 1);
      }
      if (values != null) {
        values.byRun().forEach((run, bytes) -> found.addValues(segmentOf.applyAsLong(run), bytes));
      }
      return;
    }
    InnerRef ref = (InnerRef) node;
    Inner inner = ref.loaded();
    ImageChain image = ref.image();
    if (inner == null || image == null) {
      known[0] = false;
      known[1] = false;
      return;
    }
    count(found, image, 1);
    for (int i = 0; i < inner.count(); i++) {
      NodeLock child = inner.child(i);
      ImageChain chain = child == null ? inner.chain(i) : null;
      if (child != null) {
        walk(child, found, known);
      } else if (chain != null) {
        count(found, chain, 1);
        known[1] = false;
      }
    }
  }

  /** What was folded since is not newer: as long as the position is registered, no base is. */
  private boolean holdsNewer(@Nullable Leaf leaf) {
    if (leaf == null) {
      return false;
    }
    int count = leaf.count();
    for (int i = 0; i < count; i++) {
      long at = leaf.position(i);
      if (at > position && at != Commit.ABORTED) {
        return true;
      }
    }
    return false;
  }

  private void keepDirty(Cell cell) {
    cell.lock();
    try {
      if (!cell.isRetired()) {
        tree.queueDirty(cell);
      }
    } finally {
      cell.unlock();
    }
  }

  /** Gives back what was taken: the images are not to be relied on. */
  public void failed() {
    taken.forEach(this::keepDirty);
    tree.giveBack(retiredCells, retiredInners);
  }
}
