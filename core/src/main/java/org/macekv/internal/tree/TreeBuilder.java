package org.macekv.internal.tree;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.macekv.internal.format.BigEndian;
import org.macekv.internal.format.ImageChain;
import org.macekv.internal.format.LargeValue;
import org.macekv.internal.format.LeafPage;
import org.macekv.internal.format.PageAddress;
import org.macekv.internal.format.Varint;
import org.macekv.internal.pages.CheckpointRecord.BucketRoot;
import org.macekv.internal.pages.ImageCompression;
import org.macekv.internal.pages.LiveBytes;

/**
 * Builds the images of a whole tree out of entries in ascending order: leaf after leaf, and each
 * node above when its children are there. So it needs as much memory as one node of each level, and
 * writes each byte once. Confined to one thread.
 */
public final class TreeBuilder {
  private static final byte[] NO_BYTES = {};

  /** How full leaves become, in percent: the first writes that follow shall not split each. */
  private static final int LEAF_FILL_PERCENT = 90;

  /** How many children inner nodes get, for the same reason. */
  private static final int INNER_CHILDREN = Inner.MAX_CHILDREN / 8 * 7;

  private final int bucketId;
  private final int leafBytes;
  private final boolean compressed;
  private final Function<byte[], PageAddress> output;
  private final LongUnaryOperator segmentOf;

  private final List<Write> leaf = new ArrayList<>();
  private byte[] low = NO_BYTES; // of the leaf
  private int bytes; // of the leaf's entries with whole keys, and with slots
  private int shared; // bytes that the leaf's keys share
  private byte @Nullable [] last;
  private long count;
  private final List<Level> levels = new ArrayList<>();
  private final LiveBytes values = new LiveBytes();

  /** The nodes of a level that have no node above yet. */
  private static final class Level {
    private final List<byte[]> lows = new ArrayList<>();
    private final List<ImageChain> chains = new ArrayList<>();
  }

  /**
   * Builds a tree.
   *
   * @param bucketId the bucket that the images name
   * @param leafBytes the size at which the bucket's leaves are split
   * @param compressed whether to compress images
   * @param output appends an image and tells where it will be
   * @param segmentOf gives the first position of the log segment that has a position
   */
  public TreeBuilder(
      int bucketId,
      int leafBytes,
      boolean compressed,
      Function<byte[], PageAddress> output,
      LongUnaryOperator segmentOf) {
    this.bucketId = bucketId;
    this.leafBytes = leafBytes;
    this.compressed = compressed;
    this.output = output;
    this.segmentOf = segmentOf;
  }

  /**
   * Adds an entry.
   *
   * @param key above all that were added; never changed by anybody from now on
   * @param value bytes that nobody changes from now on, or a large value
   */
  public void add(byte[] key, Object value) {
    byte[] before = last;
    if (before != null && Arrays.compareUnsigned(before, key) >= 0) {
      throw new IllegalArgumentException("an entry is not behind the one before it");
    }
    Write entry = Write.put(key, value);
    int length = LeafPage.SLOT_LENGTH + LeafPage.entryLength(key.length, entry.tag());
    if (entry.tag() == LeafPage.BESIDE_TAG) {
      length += Leaf.valueSize(value);
    }
    if (before != null && !leaf.isEmpty()) {
      int sharedThen = Math.min(shared, sharedWithFirst(key));
      long size = bytes + length - (leaf.size() + 1L) * sharedThen;
      if (size > (long) leafBytes * LEAF_FILL_PERCENT / 100) {
        byte[] high = Tree.separator(before, key);
        finishLeaf(high);
        low = high;
      } else {
        shared = sharedThen;
      }
    }
    if (leaf.isEmpty()) {
      shared = low.length; // which begins each key of the leaf
    }
    leaf.add(entry);
    bytes += length;
    last = key;
    count++;
    if (value instanceof LargeValue large) {
      for (int run = 0; run < large.starts().length; run++) {
        values.addValues(segmentOf.applyAsLong(large.starts()[run]), large.runBytes(run));
      }
    }
  }

  private int sharedWithFirst(byte[] key) {
    int mismatch = Arrays.mismatch(leaf.get(0).key(), key);
    return mismatch < 0 ? key.length : mismatch;
  }

  /** How many entries were added. */
  public long count() {
    return count;
  }

  /**
   * Writes what is left.
   *
   * @return the tree, with what it needs of large values, and nothing of pages
   */
  public BucketRoot finish() {
    if (count == 0) {
      return new BucketRoot(bucketId, 0, 0, null, values);
    }
    finishLeaf(null);
    for (int level = 0; ; level++) {
      Level nodes = levels.get(level);
      if (level == levels.size() - 1 && nodes.chains.size() == 1) {
        return new BucketRoot(bucketId, count, level, nodes.chains.get(0), values);
      }
      int left = nodes.chains.size();
      if (left > INNER_CHILDREN) {
        finishInner(level, left / 2);
        left -= left / 2;
      }
      finishInner(level, left);
    }
  }

  private void finishLeaf(byte @Nullable [] high) {
    Leaf built = leaf(Tree.sharedPrefix(low, high));
    add(0, low, LeafImage.encode(built, bucketId, 0, low));
    leaf.clear();
    bytes = 0;
  }

  private Leaf leaf(int prefixLength) {
    int entries = leaf.size();
    int length = LeafPage.entries(prefixLength, entries);
    int besideBytes = 0;
    boolean anyBeside = false;
    for (Write entry : leaf) {
      length += LeafPage.entryLength(entry.key().length - prefixLength, entry.tag());
      if (entry.tag() == LeafPage.BESIDE_TAG) {
        anyBeside = true;
        besideBytes += Leaf.valueSize(entry.besideValue());
      }
    }
    byte[] page = new byte[length];
    Object[] beside = anyBeside ? new Object[entries] : Leaf.NOTHING_BESIDE;
    BigEndian.putInt(page, LeafPage.COUNT, entries);
    BigEndian.putInt(page, LeafPage.PREFIX_LENGTH, prefixLength);
    System.arraycopy(low, 0, page, LeafPage.PREFIX, prefixLength);
    int heads = LeafPage.PREFIX + prefixLength;
    int offsets = heads + 4 * entries;
    int at = LeafPage.entries(prefixLength, entries);
    for (int i = 0; i < entries; i++) {
      Write entry = leaf.get(i);
      byte[] key = entry.key();
      BigEndian.putInt(page, heads + 4 * i, BigEndian.headInt(key, prefixLength));
      BigEndian.putInt(page, offsets + 4 * i, at);
      at = Varint.put(page, at, key.length - prefixLength);
      at = Varint.put(page, at, entry.tag());
      System.arraycopy(key, prefixLength, page, at, key.length - prefixLength);
      at += key.length - prefixLength;
      if (entry.tag() == LeafPage.BESIDE_TAG) {
        beside[i] = entry.besideValue();
      } else {
        entry.copyValue(page, at);
        at += LeafPage.valueLength(entry.tag());
      }
    }
    BigEndian.putInt(page, offsets + 4 * entries, at);
    assert at == length;
    return new Leaf(page, beside, length, 0, 0, entries, besideBytes);
  }

  /** A node of a level is complete. */
  private void add(int level, byte[] nodeLow, byte[] image) {
    PageAddress address = output.apply(compressed ? ImageCompression.compress(image) : image);
    if (level == levels.size()) {
      levels.add(new Level());
    }
    Level nodes = levels.get(level);
    nodes.lows.add(nodeLow);
    nodes.chains.add(ImageChain.of(address));
    // So many more, that the level's last node has not too few children.
    if (nodes.chains.size() == INNER_CHILDREN + Inner.MIN_CHILDREN) {
      finishInner(level, INNER_CHILDREN);
    }
  }

  /** Writes the node above the first nodes of a level. */
  private void finishInner(int level, int children) {
    Level nodes = levels.get(level);
    List<byte[]> lows = nodes.lows.subList(0, children);
    List<ImageChain> chains = nodes.chains.subList(0, children);
    Separators separators = Separators.of(lows.subList(1, children).toArray(byte[][]::new));
    byte[] nodeLow = lows.get(0);
    byte[] image =
        InnerImage.encode(
            level + 1, separators, chains.toArray(ImageChain[]::new), bucketId, 0, nodeLow);
    lows.clear();
    chains.clear();
    add(level + 1, nodeLow, image);
  }
}
