package org.macekv.internal.engine;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.macekv.internal.checkpoint.Checkpointer;
import org.macekv.internal.log.CommitLog;
import org.macekv.internal.txn.Committer;
import org.macekv.internal.txn.StoredBucket;

/** What a checkpoint asks the engine for. */
final class CheckpointSource implements Checkpointer.Source {
  private final Committer committer;
  private final Catalog catalog;
  private final BooleanSupplier tooDirty;

  /**
   * What the engine has.
   *
   * @param tooDirty whether changed leaves take as much memory as a checkpoint begins for
   */
  CheckpointSource(Committer committer, Catalog catalog, BooleanSupplier tooDirty) {
    this.committer = committer;
    this.catalog = catalog;
    this.tooDirty = tooDirty;
  }

  @Override
  public CommitLog.Place place() {
    return committer.place();
  }

  @Override
  public long valueBytes() {
    return committer.appendedValueBytes();
  }

  @Override
  public long neededFrom(long tail) {
    return committer.pins().lowest(tail);
  }

  /** Space of a dropped bucket that nobody sees any more, or leaves that only conflicts changed. */
  @Override
  public boolean hasMore(int buckets) {
    return catalog.all().size() < buckets || tooDirty.getAsBoolean();
  }

  @Override
  public Collection<Checkpointer.Part> parts() {
    List<Checkpointer.Part> parts = new ArrayList<>();
    for (StoredBucket each : catalog.all()) {
      parts.add(new Checkpointer.Part(each.id(), each.tree(), each.counts(), each.loadedAt()));
    }
    return parts;
  }
}
