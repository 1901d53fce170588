package org.macekv.internal.txn;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/**
 * What the newest commits wrote, remembered as long as a transaction is between the check of its
 * reads against the trees and its own position: so it is checked against those that came meanwhile.
 * Guarded by the section, but for {@link Window#end}.
 */
final class RecentCommits {
  private final ArrayDeque<Entry> entries = new ArrayDeque<>();
  private final ArrayDeque<Window> windows = new ArrayDeque<>();

  /** What a commit wrote. */
  record Entry(long position, List<Keys> keys) {}

  /** What it wrote to one bucket. */
  interface Keys {
    StoredBucket bucket();

    /** One that is in some ranges, or null. */
    byte @Nullable [] firstIn(KeyRanges ranges);
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record OneKey(StoredBucket bucket, byte[] key) implements Keys {
    @Override
    public byte @Nullable [] firstIn(KeyRanges ranges) {
      return ranges.covers(key) ? key : null;
    }
  }

  private record ManyKeys(StoredBucket bucket, NavigableMap<byte[], ?> writes) implements Keys {
    @Override
    public byte @Nullable [] firstIn(KeyRanges ranges) {
      return ranges.firstOf(writes);
    }
  }

  /** From when on commits are remembered for somebody. */
  static final class Window {
    private final long from;
    private volatile boolean ended;

    private Window(long from) {
      this.from = from;
    }

    /** He needs them no more. Needs no lock. */
    void end() {
      ended = true;
    }
  }

  /** What is committed above {@code newest}, the newest commit, is remembered from now on. */
  Window begin(long newest) {
    forget();
    Window window = new Window(newest);
    windows.add(window);
    return window;
  }

  /** Whether anybody wants to know of a commit. */
  boolean isWanted() {
    forget();
    return !windows.isEmpty();
  }

  private void forget() {
    Window oldest = windows.peekFirst();
    while (oldest != null && oldest.ended) {
      windows.pollFirst();
      oldest = windows.peekFirst();
    }
    Entry entry = entries.peekFirst();
    while (entry != null && (oldest == null || entry.position <= oldest.from)) {
      entries.pollFirst();
      entry = entries.peekFirst();
    }
  }

  /** Remembers a commit of one write. */
  void add(long position, StoredBucket bucket, byte[] key) {
    entries.add(new Entry(position, List.of(new OneKey(bucket, key))));
  }

  /** Remembers a transaction. */
  void add(long position, WriteSet writes) {
    List<Keys> keys = new ArrayList<>();
    for (WriteSet.BucketWrites each : writes.inOrder()) {
      keys.add(new ManyKeys(each.bucket(), each.writes()));
    }
    entries.add(new Entry(position, keys));
  }

  /** What was committed since a window began. */
  Collection<Entry> since(Window window) {
    List<Entry> since = new ArrayList<>();
    for (Entry each : (Iterable<Entry>) entries::descendingIterator) {
      if (each.position <= window.from) {
        break;
      }
      since.add(each);
    }
    return since;
  }

  /** Whether so much was committed since that it is better looked for in the trees. */
  boolean isMany(Window window, int most) {
    int count = 0;
    for (Entry each : (Iterable<Entry>) entries::descendingIterator) {
      if (each.position <= window.from) {
        return false;
      }
      if (++count > most) {
        return true;
      }
    }
    return false;
  }
}
