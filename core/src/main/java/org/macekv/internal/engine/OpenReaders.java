package org.macekv.internal.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The views and transactions that are open, so that it can be said who keeps history. */
public final class OpenReaders {
  private final boolean tracing;
  private final Set<Reader> open = ConcurrentHashMap.newKeySet();

  OpenReaders(boolean tracing) {
    this.tracing = tracing;
  }

  /** One of them; equal only to itself. */
  public static final class Reader {
    private final boolean view;
    private final long position;
    private final long openedNanos;
    private final String thread;
    private final @Nullable Throwable creation;

    private Reader(boolean view, long position, long openedNanos, boolean tracing) {
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

  Reader add(boolean view, long position, long nanos) {
    Reader reader = new Reader(view, position, nanos, tracing);
    open.add(reader);
    return reader;
  }

  void remove(Reader reader) {
    open.remove(reader);
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
