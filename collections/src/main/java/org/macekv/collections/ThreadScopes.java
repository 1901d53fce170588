package org.macekv.collections;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.macekv.Mace;
import org.macekv.Transaction;
import org.macekv.option.TransactionOptions;

/** Which thread has which scope of a store open. Thread-safe. */
final class ThreadScopes implements AccessSource {
  private final PersistentStore store;
  private final Mace mace;
  private final Access autoCommit;

  // One per store, so that threads may have scopes of several stores; few stores, no leak.
  @SuppressWarnings("ThreadLocalUsage")
  private final ThreadLocal<@Nullable TransactionScope> bound = new ThreadLocal<>();

  ThreadScopes(PersistentStore store, Mace mace) {
    this.store = store;
    this.mace = mace;
    this.autoCommit = new AutoCommitAccess(mace);
  }

  @Override
  public Access current() {
    TransactionScope scope = bound.get();
    return scope == null ? autoCommit : scope.ownerAccess();
  }

  /** Begins a transaction and binds it to the calling thread. */
  TransactionScope begin(TransactionOptions options) {
    requireNone();
    return bind(mace.begin(options));
  }

  /** Runs {@code work} in transactions bound to the calling thread until one commits. */
  <R extends @Nullable Object> R transact(TransactionOptions options, Supplier<? extends R> work) {
    requireNone();
    return mace.transact(
        options,
        transaction -> {
          TransactionScope scope = bind(transaction);
          try {
            return work.get();
          } finally {
            unbind(scope);
          }
        });
  }

  /** Ensures: the calling thread, the owner of {@code scope}, is free for another. */
  void unbind(TransactionScope scope) {
    if (bound.get() == scope) {
      bound.remove();
    }
  }

  private TransactionScope bind(Transaction transaction) {
    TransactionScope scope = new TransactionScope(store, this, transaction);
    bound.set(scope);
    return scope;
  }

  private void requireNone() {
    if (bound.get() != null) {
      throw new IllegalStateException(
          "thread '"
              + Thread.currentThread().getName()
              + "' has a transaction scope of "
              + store
              + " open; commit or close it first, scopes do not nest");
    }
  }
}
