package org.macekv.internal.load;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.macekv.error.StoreIOException;
import org.macekv.internal.io.Storage;

/**
 * Sorts any number of entries by key; of equal keys the one that was added last stays. What memory
 * shall not hold is written to files of runs, which are merged, {@value #FAN_IN} at a time (the
 * balanced merge of Knuth, The Art of Computer Programming 3, section 5.4.1). Confined to one
 * thread at a time.
 */
public final class ExternalSort implements AutoCloseable {
  /** Where runs are. */
  private static final String DIRECTORY = "load";

  private static final String SUFFIX = ".run";

  private static final int FAN_IN = 128;
  private static final int TELL_EVERY = 1 << 16;

  private final Storage storage;
  private final String name;
  private final long memoryBytes;
  private List<Entry> entries = new ArrayList<>();
  private long bytes;
  private boolean sorted = true; // the entries in memory
  private final List<RunFile> runs = new ArrayList<>(); // the oldest first
  private int lastNumber;

  /** A run; level 0 was memory, and each merge has a level more than what it merged. */
  private record RunFile(String path, int level) {}

  /**
   * Sorts.
   *
   * @param name begins the names of the files, and no other sort's in this storage
   * @param memoryBytes of heap, that entries may take
   */
  public ExternalSort(Storage storage, String name, long memoryBytes) {
    this.storage = storage;
    this.name = name;
    this.memoryBytes = memoryBytes;
  }

  /** Deletes what sorts left that a crash ended; when a store is opened. */
  public static void deleteStrays(Storage storage) {
    for (String each : storage.list(DIRECTORY)) {
      if (each.endsWith(SUFFIX)) {
        storage.delete(DIRECTORY + "/" + each);
      }
    }
  }

  /** Adds an entry, which nobody changes from now on. */
  public void add(Entry entry) {
    if (sorted && !entries.isEmpty()) {
      sorted = Arrays.compareUnsigned(entries.get(entries.size() - 1).key(), entry.key()) < 0;
    }
    entries.add(entry);
    bytes += entry.heapBytes();
    if (bytes > memoryBytes) {
      spill();
    }
  }

  private void spill() {
    write(0, sink -> inMemory().forEach(sink));
    entries = new ArrayList<>(entries.size());
    bytes = 0;
    sorted = true;
    int level = 0;
    while (runs.size() >= FAN_IN && runs.get(runs.size() - FAN_IN).level == level) {
      level++;
      mergeLast(FAN_IN, level);
    }
  }

  /** Writes a run. */
  private void write(int level, Consumer<Consumer<Entry>> content) {
    if (lastNumber == 0) {
      storage.createDirectory(DIRECTORY);
    }
    lastNumber++;
    String path = DIRECTORY + "/" + name + "-" + lastNumber + SUFFIX;
    runs.add(new RunFile(path, level)); // so that it is deleted, whatever comes of it
    try (Run.Writer writer = new Run.Writer(storage, path)) {
      content.accept(writer::add);
      writer.finish();
    }
  }

  private List<Entry> inMemory() {
    if (sorted) {
      return entries;
    }
    entries.sort(Entry.BY_KEY); // stable
    List<Entry> distinct = new ArrayList<>(entries.size());
    for (Entry each : entries) {
      int last = distinct.size() - 1;
      if (last >= 0 && Entry.BY_KEY.compare(distinct.get(last), each) == 0) {
        distinct.set(last, each);
      } else {
        distinct.add(each);
      }
    }
    return distinct;
  }

  /** Puts one run in the place of the newest ones. */
  private void mergeLast(int count, int level) {
    List<RunFile> merged = new ArrayList<>(runs.subList(runs.size() - count, runs.size()));
    write(level, sink -> merge(merged, null, sink));
    runs.removeAll(merged);
    delete(merged);
  }

  /**
   * Gives all entries in ascending order, each key once; then there are none.
   *
   * @param progress told how many were given so far, now and then
   */
  public void drain(Consumer<Entry> sink, LongConsumer progress) {
    while (runs.size() > FAN_IN) {
      int count = Math.min(FAN_IN, runs.size() - FAN_IN + 1);
      mergeLast(count, runs.get(runs.size() - count).level + 1);
    }
    long[] given = {0};
    Consumer<Entry> counting =
        entry -> {
          sink.accept(entry);
          if (++given[0] % TELL_EVERY == 0) {
            progress.accept(given[0]);
          }
        };
    merge(runs, inMemory(), counting);
    progress.accept(given[0]);
    close();
  }

  private void merge(List<RunFile> files, @Nullable List<Entry> newest, Consumer<Entry> sink) {
    List<Run.Source> sources = new ArrayList<>();
    try {
      for (RunFile each : files) {
        sources.add(new Run.Reader(storage, each.path));
      }
      if (newest != null) {
        sources.add(new MemorySource(newest.iterator()));
      }
      merge(sources, sink);
    } finally {
      sources.forEach(Run.Source::close);
    }
  }

  /** A source's next entry; of equal keys the newest source's is first. */
  private record Head(Entry entry, Run.Source source, int age) implements Comparable<Head> {
    @Override
    public int compareTo(Head other) {
      int order = Entry.BY_KEY.compare(entry, other.entry);
      return order != 0 ? order : Integer.compare(other.age, age);
    }
  }

  private static void merge(List<Run.Source> sources, Consumer<Entry> sink) {
    PriorityQueue<Head> heads = new PriorityQueue<>();
    for (int i = 0; i < sources.size(); i++) {
      advance(heads, sources.get(i), i);
    }
    Entry last = null;
    while (true) {
      Head head = heads.poll();
      if (head == null) {
        return;
      }
      if (last == null || Entry.BY_KEY.compare(last, head.entry) != 0) {
        last = head.entry;
        sink.accept(last);
      }
      advance(heads, head.source, head.age);
    }
  }

  private static void advance(PriorityQueue<Head> heads, Run.Source source, int age) {
    Entry next = source.next();
    if (next != null) {
      heads.add(new Head(next, source, age));
    }
  }

  /** What is in memory. */
  private record MemorySource(Iterator<Entry> entries) implements Run.Source {
    @Override
    public @Nullable Entry next() {
      return entries.hasNext() ? entries.next() : null;
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }

  /** How many runs there are now. */
  int runs() {
    return runs.size();
  }

  /** Forgets everything, and deletes what was written. Idempotent. */
  @Override
  public void close() {
    entries = new ArrayList<>();
    bytes = 0;
    List<RunFile> all = new ArrayList<>(runs);
    runs.clear();
    delete(all);
  }

  private void delete(List<RunFile> files) {
    for (RunFile each : files) {
      try {
        if (storage.exists(each.path)) {
          storage.delete(each.path);
        }
      } catch (StoreIOException e) {
        // The next opening deletes it.
        System.getLogger(ExternalSort.class.getName())
            .log(System.Logger.Level.DEBUG, "could not delete what was sorted", e);
      }
    }
  }
}
