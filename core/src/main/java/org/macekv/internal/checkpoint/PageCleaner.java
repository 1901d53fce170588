package org.macekv.internal.checkpoint;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.macekv.error.CorruptionException;
import org.macekv.error.StoreIOException;
import org.macekv.internal.pages.LiveBytes;
import org.macekv.internal.pages.PageFiles;
import org.macekv.internal.tree.Tree;

/**
 * Moves what is live out of page files that are mostly garbage, by marking it as changed: the next
 * checkpoint writes it anew, and then nothing needs the files any more. Those with the smallest
 * share of live bytes come first, since moving them frees the most for each byte written (as in the
 * greedy policy of Rosenblum and Ousterhout, 1992). Used by the checkpoint's thread.
 */
final class PageCleaner {
  /** How many times as many bytes may be looked at as may be moved. */
  private static final int VISITED = 8;

  private final PageFiles pages;
  private final GarbageLimit garbageLimit;
  private final MoveLimit limit;
  private final Map<Integer, Integer> resumeAt = new HashMap<>(); // where the last round ended
  private int
      inTheMiddleOf; // the file in which the last round ended, since enough was marked, or 0
  private final Set<Integer> unreadable = new HashSet<>(); // files that are left as they are

  /**
   * A cleaner.
   *
   * @param garbageLimit of the page files
   * @param limit of what is moved at a time
   */
  PageCleaner(PageFiles pages, GarbageLimit garbageLimit, MoveLimit limit) {
    this.pages = pages;
    this.garbageLimit = garbageLimit;
    this.limit = limit;
  }

  /** Whether there is more garbage than there should be. */
  boolean isWanted(LiveBytes live) {
    return garbageLimit.isFelt(garbage(live) - hopeless(live), total());
  }

  /** How far it is on the way to as much as there may be, 0 to 1. */
  double share(LiveBytes live) {
    return garbageLimit.share(garbage(live) - hopeless(live), total());
  }

  /** How many bytes of the page files nothing needs. */
  long garbage(LiveBytes live) {
    return total() - live(live);
  }

  /** Whether the last round ended in the middle of a file, since enough was marked. */
  boolean isInTheMiddle() {
    return inTheMiddleOf != 0;
  }

  /** How many bytes of them are in files that can't be cleaned. */
  private long hopeless(LiveBytes live) {
    long garbage = 0;
    Map<Integer, Integer> lengths = unreadable.isEmpty() ? Map.of() : pages.lengths();
    for (int file : unreadable) {
      garbage += lengths.getOrDefault(file, 0) - live.pages().getOrDefault(file, 0L);
    }
    return garbage;
  }

  /** How many bytes the page files have. */
  long total() {
    long total = 0;
    for (int length : pages.lengths().values()) {
      total += length;
    }
    return total;
  }

  /** How many bytes of them are needed. */
  long live(LiveBytes live) {
    long sum = 0;
    for (long bytes : live.pages().values()) {
      sum += bytes;
    }
    return sum;
  }

  /**
   * Marks what is live in some files.
   *
   * @param live what the newest checkpoint needs
   * @param space how many bytes there are for what is moved; a file that has more would be there in
   *     part twice, and none of it gained
   * @return about how many bytes were marked
   */
  long mark(LiveBytes live, Collection<Checkpointer.Part> parts, long space) {
    if (!isWanted(live)) {
      inTheMiddleOf = 0;
      return 0;
    }
    Map<Integer, Tree> trees = new HashMap<>();
    for (Checkpointer.Part part : parts) {
      trees.put(part.id(), part.tree());
    }
    Map<Integer, Integer> lengths = pages.lengths();
    resumeAt.keySet().retainAll(lengths.keySet());
    unreadable.retainAll(lengths.keySet());
    long[] marked = {0};
    endHollowFiles(live);
    List<Integer> victims = victims(live, space);
    inTheMiddleOf = 0;
    for (int file : victims) {
      if (!limit.isReached(marked[0])) {
        markIn(file, trees, marked);
      }
    }
    return marked[0];
  }

  /** A file that is being written, and mostly garbage, would otherwise stay until it is full. */
  private void endHollowFiles(LiveBytes live) {
    for (Map.Entry<Integer, Integer> each : pages.lengths().entrySet()) {
      long needed = live.pages().getOrDefault(each.getKey(), 0L);
      if (pages.isBeingWritten(each.getKey())
          && each.getValue() - needed > pages.checkpointFileBytes() / 8
          && needed < each.getValue() / 2) {
        pages.endFile(each.getKey());
      }
    }
  }

  /** Goes on in a file until enough is marked; what is left is for the next round. */
  private void markIn(int file, Map<Integer, Tree> trees, long[] marked) {
    try {
      int end =
          pages.visit(
              file,
              resumeAt.getOrDefault(file, 0),
              (address, level, bucketId, low) -> {
                Tree tree = trees.get(bucketId);
                marked[0] += tree == null ? 0 : tree.markForMove(address, level, low);
                return !limit.isReached(marked[0]);
              });
      boolean inTheMiddle = end < pages.lengths().getOrDefault(file, 0);
      resumeAt.put(file, inTheMiddle ? end : 0);
      inTheMiddleOf = inTheMiddle ? file : 0;
    } catch (CorruptionException e) {
      unreadable.add(file);
      complain("a page file is damaged, or what it has; what is live in it stays there", e);
    } catch (StoreIOException e) {
      complain("could not look for what is live in a page file", e);
    }
  }

  private static void complain(String message, Throwable cause) {
    System.getLogger(PageCleaner.class.getName()).log(System.Logger.Level.WARNING, message, cause);
  }

  private record Candidate(int file, int length, long needed) {}

  private List<Integer> victims(LiveBytes live, long space) {
    List<Candidate> candidates = new ArrayList<>();
    for (Map.Entry<Integer, Integer> each : pages.lengths().entrySet()) {
      long needed = live.pages().getOrDefault(each.getKey(), 0L);
      if (!pages.isBeingWritten(each.getKey())
          && needed < each.getValue()
          && !unreadable.contains(each.getKey())) {
        candidates.add(new Candidate(each.getKey(), each.getValue(), needed));
      }
    }
    candidates.sort(
        Comparator.comparingDouble(
            each -> each.file == inTheMiddleOf ? -1 : (double) each.needed / each.length));
    long excess = garbageLimit.excess(garbage(live) - hopeless(live), total());
    long moved = 0;
    long visited = 0;
    long toWrite = 0;
    List<Integer> victims = new ArrayList<>();
    for (Candidate each : candidates) {
      // Looking at each image costs time, also where most are garbage; writers wait for this.
      long written = Math.min(each.length, 2 * each.needed); // more where leaves have changes
      if (toWrite + written > space) {
        continue;
      }
      if (excess <= 0
          || (visited > 0
              && (moved + each.needed > limit.bytes()
                  || visited + each.length > VISITED * limit.bytes()))) {
        break;
      }
      visited += each.length;
      toWrite += written;
      victims.add(each.file);

      moved += each.needed;
      excess -= each.length - each.needed;
    }
    return victims;
  }
}
