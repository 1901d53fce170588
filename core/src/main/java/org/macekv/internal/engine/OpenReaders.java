package org.macekv.internal.engine;

import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The views and transactions that are open, so that it can be said who keeps history. Those that
 * nobody refers to any more, and that were not closed, are found when the garbage collector has
 * found that out, and let go of. Thread-safe.
 */
public final class OpenReaders {
  private final boolean tracing;
  private final Set<Reader> open = ConcurrentHashMap.newKeySet();
  private final ReferenceQueue<Object> lost = new ReferenceQueue<>();
  private final AtomicLong leaks = new AtomicLong();

  OpenReaders(boolean tracing) {
    this.tracing = tracing;
  }

  /** One of them; equal only to itself. */
  public static final class Reader extends PhantomReference<Object> {
    private final boolean view;
    private final long position;
    private final long openedNanos;
    private final String thread;
    private final @Nullable Throwable creation;

    private final Runnable letGo;

    private Reader(
        Object user,
        ReferenceQueue<Object> lost,
        boolean view,
        long position,
        long openedNanos,
        boolean tracing,
        Runnable letGo) {
      super(user, lost);
      this.letGo = letGo;
      this.view = view;
      this.position = position;
      this.openedNanos = openedNanos;
      this.thread = Thread.currentThread().getName();
      this.creation = tracing ? new Throwable("opened here, by thread '" + thread + "'") : null;
    }

    /** Whether it is a view, and no transaction. */
    public boolean isView() {
      return view;
    }

    /** The position that it reads. */
    public long position() {
      return position;
    }

    /** When it was opened, in nanoseconds of the engine's clock. */
    public long openedNanos() {
      return openedNanos;
    }

    /** The name of the thread that opened it. */
    public String thread() {
      return thread;
    }

    /** Where it was opened, if that is recorded. */
    public @Nullable Throwable creation() {
      return creation;
    }
  }

  /**
   * Adds one.
   *
   * @param user what somebody has as long as he may read
   * @param letGo ends it when nobody has that any more; must not refer to it
   */
  Reader add(Object user, boolean view, long position, long nanos, Runnable letGo) {
    Reader reader = new Reader(user, lost, view, position, nanos, tracing, letGo);
    open.add(reader);
    return reader;
  }

  void remove(Reader reader) {
    reader.clear();
    open.remove(reader);
  }

  /** How many were lost so far. */
  long leaks() {
    return leaks.get();
  }

  /** Lets go of those that were lost. */
  void reap(long nanos) {
    for (Reference<?> each = lost.poll(); each != null; each = lost.poll()) {
      if (each instanceof Reader reader && open.remove(reader)) {
        leaks.incrementAndGet();
        System.getLogger(OpenReaders.class.getName())
            .log(
                System.Logger.Level.WARNING,
                "a "
                    + (reader.view ? "view" : "transaction")
                    + " that thread '"
                    + reader.thread
                    + "' opened "
                    + (nanos - reader.openedNanos) / 1_000_000
                    + " ms ago was never closed, and nobody has it any more; it was closed now"
                    + (reader.creation == null
                        ? " (the option traceSnapshots records where it was opened)"
                        : ""),
                reader.creation);
        letGo(reader);
      }
    }
  }

  /** Whoever comes by is not to suffer from what others have lost. */
  private static void letGo(Reader reader) {
    try {
      reader.letGo.run();
    } catch (RuntimeException e) {
      System.getLogger(OpenReaders.class.getName())
          .log(System.Logger.Level.WARNING, "what was lost could not be closed", e);
    }
  }

  /** How many views, or transactions, are open. */
  int count(boolean views) {
    int count = 0;
    for (Reader each : open) {
      count += each.view == views ? 1 : 0;
    }
    return count;
  }

  /** All of them, the one that was opened first in front. */
  List<Reader> all() {
    List<Reader> all = new ArrayList<>(open);
    all.sort(Comparator.comparingLong(each -> each.openedNanos));
    return all;
  }
}
