package org.macekv.option;

import java.util.Objects;

/**
 * How a bucket is loaded.
 *
 * @param sorted whether the caller adds entries in ascending order of their keys (unsigned bytes),
 *     each key once: then nothing needs to be sorted, and an entry that is not behind the one
 *     before it is refused. Default false: any order, and of equal keys the last counts
 * @param memoryBytes about how many bytes of heap entries may take that wait to be sorted; what
 *     comes above that goes through files in the store's directory {@code load}, which take about
 *     as much as the entries. 64 KiB or more, default 64 MiB
 * @param progress told how far the load has come
 */
public record BulkLoadOptions(boolean sorted, long memoryBytes, Progress progress) {
  private static final BulkLoadOptions DEFAULTS =
      new BulkLoadOptions(false, 64 << 20, (stage, done, total) -> {});

  /** What a load is at. */
  public enum Stage {
    /** The caller adds entries. Sorted ones are built into pages at the same time. */
    ADDING,
    /** Entries are merged and built into pages. */
    BUILDING,
    /** All pages are written, and become a bucket. */
    PUBLISHING
  }

  /** Told how far a load has come. */
  @FunctionalInterface
  public interface Progress {
    /**
     * Called by the thread that loads, now and then, and at least once in each stage that there is.
     * What it throws ends the load.
     *
     * @param done entries so far in this stage
     * @param total how many there will be at most, -1 if that is not known
     */
    void reached(Stage stage, long done, long total);
  }

  /** Checks the ranges. */
  public BulkLoadOptions {
    MaceOptions.requireRange("memoryBytes", memoryBytes, 64 << 10, Long.MAX_VALUE);
    Objects.requireNonNull(progress, "progress");
  }

  /** The defaults. */
  public static BulkLoadOptions defaults() {
    return DEFAULTS;
  }

  /** With entries that come in ascending order, or in any. */
  public BulkLoadOptions withSorted(boolean value) {
    return new BulkLoadOptions(value, memoryBytes, progress);
  }

  /** With this much heap for entries that wait to be sorted, in bytes. */
  public BulkLoadOptions withMemoryBytes(long value) {
    return new BulkLoadOptions(sorted, value, progress);
  }

  /** With somebody who is told how far the load has come. */
  public BulkLoadOptions withProgress(Progress value) {
    return new BulkLoadOptions(sorted, memoryBytes, value);
  }
}
