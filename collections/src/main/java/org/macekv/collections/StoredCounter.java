package org.macekv.collections;

import org.macekv.View;

/** A counter, or one in a scope or snapshot. */
record StoredCounter(
    PersistentStore store, String name, Additions additions, AccessSource source, Access autoCommit)
    implements PersistentCounter {

  @Override
  public void add(long change) {
    Access access = source.current();
    access.requireWritable();
    additions.add(access, autoCommit, change);
  }

  @Override
  public long get() {
    Access access = source.current();
    if (access.transaction() != null || access.isFrozen()) {
      return additions.sum(access);
    }
    try (View view = store.mace().view()) {
      return additions.sum(new ViewAccess(view));
    }
  }

  @Override
  public PersistentCounter in(TransactionScope scope) {
    return over(scope.sourceFor(store, name, source));
  }

  StoredCounter over(AccessSource newSource) {
    return new StoredCounter(store, name, additions, newSource, autoCommit);
  }
}
