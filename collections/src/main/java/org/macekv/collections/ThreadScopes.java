package org.macekv.collections;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.macekv.Mace;
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
    this.autoCommit = new AutoCommitAccess(mace, store.listeners());
  }

  /** The access that is part of no scope. */
  Access autoCommit() {
    return autoCommit;
  }

  @Override
  public Access current() {
    TransactionScope scope = bound.get();
    return scope == null ? autoCommit : scope.ownerAccess();
  }

  /** Begins a transaction, or a part of the one that the thread has, and binds it to the thread. */
  TransactionScope begin(TransactionOptions options) {
    TransactionScope outer = bound.get();
    if (outer == null) {
      return bind(new TransactionScope(store, this, mace.begin(options), options));
    }
    return bind(outer.nested(options));
  }

  /**
   * Runs {@code work} in transactions bound to the calling thread until one commits, or once as a
   * part of the one that the thread has.
   */
  <R extends @Nullable Object> R transact(TransactionOptions options, Supplier<? extends R> work) {
    if (bound.get() != null) {
      try (TransactionScope nested = begin(options)) {
        R result = work.get();
        nested.commit();
        return result;
      }
    }
    AtomicReference<@Nullable TransactionScope> last = new AtomicReference<>();
    try {
      return mace.transact(
          options,
          transaction -> {
            TransactionScope scope = bind(new TransactionScope(store, this, transaction, options));
            last.setPlain(scope);
            try {
              R result = work.get();
              scope.requireInnermost();
              scope.willCommit();
              return result;
            } finally {
              unbind(scope);
            }
          });
    } finally {
      TransactionScope scope = last.getPlain();
      if (scope != null) {
        scope.committed();
      }
    }
  }

  /** Whether the calling thread is at this scope, and not at one that is nested in it. */
  boolean isInnermost(TransactionScope scope) {
    return bound.get() == scope;
  }

  /** Ensures: the calling thread is where it was before {@code scope}, and all nested in it. */
  void unbind(TransactionScope scope) {
    for (TransactionScope at = bound.get(); at != null; at = at.outer()) {
      if (at == scope) {
        if (at.outer() == null) {
          bound.remove();
        } else {
          bound.set(at.outer());
        }
      }
    }
  }

  private TransactionScope bind(TransactionScope scope) {
    bound.set(scope);
    return scope;
  }
}
