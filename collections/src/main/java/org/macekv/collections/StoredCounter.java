package org.macekv.collections;

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
    return additions.sum(source.current());
  }

  @Override
  public PersistentCounter in(TransactionScope scope) {
    return over(scope.sourceFor(store, name, source));
  }

  StoredCounter over(AccessSource newSource) {
    return new StoredCounter(store, name, additions, newSource, autoCommit);
  }
}
