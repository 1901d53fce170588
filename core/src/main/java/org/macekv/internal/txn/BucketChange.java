package org.macekv.internal.txn;

/** What a transaction of the engine's own changes of the buckets that there are. */
@FunctionalInterface
public interface BucketChange {
  /** It is committed at this position. Called in the section; never throws. */
  void committed(long position);
}
