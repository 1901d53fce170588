package org.macekv.collections;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.macekv.Transaction;

/**
 * What collections note of a transaction that they are used in. Held by the scope and by the hooks
 * of the transaction, and holds neither: a scope that is lost can be collected, and is found.
 */
final class TransactionState {
  private final Endings endings = new Endings();
  private final IdentityHashMap<Object, Object> parts = new IdentityHashMap<>();
  private int rollbacks;

  /** For a transaction that has just begun, or of which nobody else has hooks. */
  TransactionState(Transaction transaction) {
    Endings toRun = endings;
    transaction.afterCommit(toRun::run);
    transaction.afterRollback(toRun::run);
  }

  /**
   * What is done when the transaction is decided, before what users have asked for. Thread-safe.
   */
  private static final class Endings {
    private @Nullable List<Runnable> actions = new ArrayList<>(0); // guarded by this

    /** Adds one; whether it is not too late. */
    synchronized boolean add(Runnable action) {
      List<Runnable> open = actions;
      return open != null && open.add(action);
    }

    void run() {
      List<Runnable> all;
      synchronized (this) {
        all = actions;
        actions = null;
      }
      if (all != null) {
        all.forEach(Runnable::run);
      }
    }
  }

  /**
   * Has something run when the transaction is decided, whatever way; now if it is already. It must
   * not hold the transaction.
   */
  void atEnd(Runnable action) {
    if (!endings.add(action)) {
      action.run();
    }
  }

  /** What a collection notes, under something that stands for it. Used by one thread at a time. */
  @Nullable Object part(Object key) {
    return parts.get(key);
  }

  void setPart(Object key, Object part) {
    parts.put(key, part);
  }

  /** A part of the transaction was taken back. */
  void rolledBack() {
    rollbacks++;
  }

  /** How often a part of the transaction was taken back. */
  int rollbacks() {
    return rollbacks;
  }
}
