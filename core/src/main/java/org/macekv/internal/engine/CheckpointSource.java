package org.macekv.internal.engine;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.macekv.internal.checkpoint.Checkpointer;
import org.macekv.internal.log.CommitLog;
import org.macekv.internal.txn.Committer;
import org.macekv.internal.txn.StoredBucket;

/** What a checkpoint asks the engine for. */
final class CheckpointSource implements Checkpointer.Source {
  private final Committer committer;
  private final Catalog catalog;

  CheckpointSource(Committer committer, Catalog catalog) {
    this.committer = committer;
    this.catalog = catalog;
  }

  @Override
  public CommitLog.Place place() {
    return committer.place();
  }

  @Override
  public long neededFrom(long tail) {
    return committer.pins().lowest(tail);
  }

  @Override
  public Collection<Checkpointer.Part> parts() {
    List<Checkpointer.Part> parts = new ArrayList<>();
    for (StoredBucket each : catalog.all()) {
      parts.add(new Checkpointer.Part(each.id(), each.tree(), each.counts()));
    }
    return parts;
  }
}
