package org.macekv.internal.tree;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.macekv.internal.mvcc.Probe;
import org.macekv.internal.pages.PageFiles;

/** What all trees of a store share: where their images lie, and what of them is in memory. */
public final class TreeStore {
  private final PageFiles pages;
  private final Residency residency;
  private final ReadAhead readAhead;
  private final DirtyBytes dirty;
  private final Probe probe;
  private final AtomicLong changeImages = new AtomicLong();

  /**
   * The trees of a store.
   *
   * @param readers runs what reads leaves ahead of cursors; may refuse in silence
   * @param probe told where threads are
   */
  public TreeStore(PageFiles pages, Residency residency, Executor readers, Probe probe) {
    this.pages = pages;
    this.probe = probe;
    this.residency = residency;
    this.dirty = new DirtyBytes(residency);
    this.readAhead = new ReadAhead(readers, residency.budgetBytes());
  }

  /** Has leaves read ahead of cursors. */
  public ReadAhead readAhead() {
    return readAhead;
  }

  /** Told where threads are. */
  Probe probe() {
    return probe;
  }

  /** The page files. */
  public PageFiles pages() {
    return pages;
  }

  /** Which leaves are in memory. */
  public Residency residency() {
    return residency;
  }

  /** How many images were written that only have changes. */
  public long changeImages() {
    return changeImages.get();
  }

  void wroteChanges() {
    changeImages.incrementAndGet();
  }

  /** How much waits for a checkpoint. */
  public DirtyBytes dirty() {
    return dirty;
  }
}
