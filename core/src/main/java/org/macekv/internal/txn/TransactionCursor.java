package org.macekv.internal.txn;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.macekv.internal.format.LargeValue;
import org.macekv.internal.tree.EntryCursor;
import org.macekv.internal.tree.TreeCursor;
import org.macekv.internal.tree.Write;

/**
 * Merges a tree's cursor with a transaction's own writes. It looks the next own write up at each
 * step, so that writes made while it walks are seen if they lie ahead. It knows how far it came in
 * the tree, for transactions that must not commit if something there was changed.
 */
final class TransactionCursor implements EntryCursor {
  private final WriteTransaction owner;
  private final StoredBucket bucket;
  private final TreeCursor tree;
  private final NavigableMap<byte[], Write> writes;
  private final byte[] low;
  private final byte @Nullable [] high;
  private final boolean up;

  // Whether the tree's cursor is on an entry that was not passed yet, and its key if that is known.
  private boolean treePending;
  private byte @Nullable [] treeKey;
  private boolean treeEnded;
  private boolean ended;

  // The current entry: the tree's, or an own write.
  private boolean onTree;
  private @Nullable Write own;

  // Whether the owner will ask how far it came in the tree; whether it is on an entry of that.
  private boolean watched;
  private boolean treeOnEntry;

  // The key of the entry before, if own writes have to be looked up behind it.
  private byte @Nullable [] lastKey;

  TransactionCursor(
      WriteTransaction owner,
      StoredBucket bucket,
      TreeCursor tree,
      NavigableMap<byte[], Write> writes,
      byte[] low,
      byte @Nullable [] high,
      boolean up) {
    this.owner = owner;
    this.bucket = bucket;
    this.tree = tree;
    this.writes = writes;
    this.low = low;
    this.high = high;
    this.up = up;
  }

  @Override
  public boolean next() {
    owner.enterStep();
    try {
      if (!watched && !ended) {
        watched = owner.watch(bucket, this);
      }
      ended = ended || !step();
      return !ended;
    } finally {
      owner.exitStep();
    }
  }

  private boolean step() {
    byte[] last = last();
    own = null;
    onTree = false;
    while (true) {
      if (!treePending && !treeEnded) {
        treePending = tree.next();
        treeOnEntry = treePending;
        treeEnded = !treePending;
        treeKey = null;
      }
      Write candidate = writes.isEmpty() ? null : nextOwn(last);
      if (candidate == null) {
        onTree = treePending;
        treePending = false;
        return onTree;
      }
      int order = treePending ? compareWithTree(candidate.key()) : -1;
      if (order > 0) {
        onTree = true;
        treePending = false;
        return true;
      }
      if (order == 0) {
        treePending = false;
      }
      if (!candidate.isDeletion()) {
        own = candidate;
        lastKey = candidate.key();
        return true;
      }
      last = candidate.key();
    }
  }

  /** Adds what it has seen of the tree, entries or none. It tells its owner if it goes on. */
  void addSeenTo(KeyRanges ranges) {
    watched = false;
    if (treeEnded) {
      ranges.add(low, high);
    } else if (treeOnEntry && up) {
      ranges.add(low, KeyRanges.after(tree.key()));
    } else if (treeOnEntry) {
      ranges.add(tree.key(), high);
    }
  }

  /** The key of the entry that the cursor leaves, if own writes are to be looked up behind it. */
  private byte @Nullable [] last() {
    if (onTree && !writes.isEmpty()) {
      byte[] known = treeKey;
      lastKey = known != null ? known : tree.key();
    } else if (onTree) {
      lastKey = null; // never looked at: own writes of a later step are behind a later key
    }
    return lastKey;
  }

  /** Below zero if the own key comes first in the direction of the walk. */
  private int compareWithTree(byte[] key) {
    byte[] other = treeKey;
    if (other == null) {
      other = tree.key();
      treeKey = other;
    }
    int order = Arrays.compareUnsigned(key, other);
    return up ? order : -order;
  }

  private @Nullable Write nextOwn(byte @Nullable [] last) {
    Map.Entry<byte[], Write> entry;
    if (up) {
      entry = last == null ? writes.ceilingEntry(low) : writes.higherEntry(last);
      return entry == null || (high != null && Arrays.compareUnsigned(entry.getKey(), high) >= 0)
          ? null
          : entry.getValue();
    }
    byte[] bound = last == null ? high : last;
    entry = bound == null ? writes.lastEntry() : writes.lowerEntry(bound);
    return entry == null || Arrays.compareUnsigned(entry.getKey(), low) < 0
        ? null
        : entry.getValue();
  }

  /** The own write that the cursor is on, or null if it is on an entry of the tree. */
  private @Nullable Write current() {
    if (!onTree && own == null) {
      throw new IllegalStateException("the cursor is not on an entry");
    }
    return own;
  }

  @Override
  public byte[] key() {
    Write current = current();
    return current != null ? current.key().clone() : tree.key();
  }

  @Override
  public Object value() {
    Write current = current();
    if (current == null) {
      return tree.value();
    }
    return WriteTransaction.fresh(valueOf(current));
  }

  @Override
  public @Nullable Object valueAgain() {
    Write current = current();
    if (current != null) {
      return WriteTransaction.fresh(valueOf(current));
    }
    owner.enterStep(); // when it has ended, the value may be gone for good
    try {
      return tree.valueAgain();
    } finally {
      owner.exitStep();
    }
  }

  @Override
  public boolean isLarge() {
    Write current = current();
    return current == null ? tree.isLarge() : !(valueOf(current) instanceof byte[]);
  }

  @Override
  public int keyLength() {
    Write current = current();
    return current != null ? current.key().length : tree.keyLength();
  }

  @Override
  public int copyKey(byte[] target, int offset) {
    Write current = current();
    if (current == null) {
      return tree.copyKey(target, offset);
    }
    return copy(current.key(), target, offset);
  }

  @Override
  public int copyValue(byte[] target, int offset) {
    Write current = current();
    if (current == null) {
      return tree.copyValue(target, offset);
    }
    return valueOf(current) instanceof byte[] bytes ? copy(bytes, target, offset) : -1;
  }

  @Override
  public @Nullable ByteBuffer valueBuffer() {
    Write current = current();
    if (current == null) {
      return tree.valueBuffer();
    }
    return valueOf(current) instanceof byte[] bytes
        ? ByteBuffer.wrap(bytes).asReadOnlyBuffer()
        : null;
  }

  private static int copy(byte[] source, byte[] target, int offset) {
    System.arraycopy(source, 0, target, offset, source.length);
    return source.length;
  }

  @Override
  public int valueLength() {
    Write current = current();
    if (current == null) {
      return tree.valueLength();
    }
    Object value = valueOf(current);
    return value instanceof byte[] bytes ? bytes.length : ((LargeValue) value).length();
  }

  private static Object valueOf(Write write) {
    return Objects.requireNonNull(write.value(), "a cursor is never on a deletion");
  }
}
