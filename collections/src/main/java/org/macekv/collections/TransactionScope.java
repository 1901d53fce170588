package org.macekv.collections;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.macekv.Savepoint;
import org.macekv.Transaction;
import org.macekv.error.LimitExceededException;
import org.macekv.error.TransactionTimeoutException;
import org.macekv.option.TransactionOptions;

/**
 * A transaction over any number of collections of a store, bound to the thread that began it: from
 * {@link PersistentStore#begin()} to the end, whatever that thread does with collections of the
 * store belongs to it. They show the state of the store at the beginning, and what the scope itself
 * changed; other threads see nothing of that before {@link #commit()}, and all of it after.
 *
 * <pre>{@code
 * try (TransactionScope scope = store.begin()) {
 *   orders.put("o-2", order);
 *   tags.add("new");
 *   scope.commit();
 * }                                                  // left without commit: rolled back
 * }</pre>
 *
 * <p>A scope that is begun while the thread has one open is nested: a part of that one, and no
 * transaction of its own. It sees what was changed before. Its {@link #commit()} lets its changes
 * stay in the scope around it, and they happen if and when that commits; rolling it back takes back
 * what was changed since it began, and the scope around it goes on. {@link
 * PersistentStore#transact} within a scope is such a nested scope, and is not repeated: what
 * conflicts is the outermost.
 *
 * <p>A scope is ended by the thread that began it; from any other {@link #commit()}, {@link
 * #rollback()} and {@link #close()} throw {@link IllegalStateException}. Other threads can take
 * part through {@link PersistentNavigableMap#in}, one at a time.
 */
public final class TransactionScope implements AutoCloseable {
  private final PersistentStore store;
  private final ThreadScopes scopes;
  private final Transaction transaction;
  private final TransactionState state;
  private final TransactionOptions options;
  private final @Nullable TransactionScope outer;
  private final @Nullable Savepoint begin; // of a nested scope
  private final Thread owner = Thread.currentThread();
  private final Access ownerAccess;
  private final Access handedAccess;
  private volatile boolean ended; // if it is nested

  /** The scope of a whole transaction. */
  TransactionScope(
      PersistentStore store,
      ThreadScopes scopes,
      Transaction transaction,
      TransactionOptions options) {
    this(store, scopes, transaction, new TransactionState(transaction), options, null, null);
  }

  private TransactionScope(
      PersistentStore store,
      ThreadScopes scopes,
      Transaction transaction,
      TransactionState state,
      TransactionOptions options,
      @Nullable TransactionScope outer,
      @Nullable Savepoint begin) {
    this.store = store;
    this.scopes = scopes;
    this.transaction = transaction;
    this.state = state;
    this.options = options;
    this.outer = outer;
    this.begin = begin;
    this.ownerAccess =
        new TransactionAccess(transaction, state, store.listeners(), this::isOpen, owner);
    this.handedAccess =
        new TransactionAccess(transaction, state, store.listeners(), this::isOpen, null);
  }

  /** A scope nested in this one. */
  TransactionScope nested(TransactionOptions wanted) {
    if (!wanted.equals(TransactionOptions.defaults()) && !wanted.equals(options)) {
      throw new IllegalArgumentException(
          "a nested scope is a part of the one around it, which has "
              + options
              + "; asked for "
              + wanted);
    }
    if (!isOpen()) {
      throw new IllegalStateException("the scope around this has ended; close it first");
    }
    return new TransactionScope(
        store, scopes, transaction, state, options, this, transaction.setSavepoint());
  }

  /** The scope that this is nested in, or null. */
  @Nullable TransactionScope outer() {
    return outer;
  }

  /** The access for collections that found the scope by their thread. */
  Access ownerAccess() {
    return ownerAccess;
  }

  /** The source for a collection that is handed this scope. */
  AccessSource sourceFor(PersistentStore storeOfIt, String name, AccessSource before) {
    storeOfIt.requireIs(store, name);
    if (before instanceof ViewAccess) {
      throw new UnsupportedOperationException("a collection of a snapshot joins no scope");
    }
    return () -> handedAccess;
  }

  /** Whether the scope was neither committed nor rolled back. */
  public boolean isOpen() {
    return !ended && transaction.isOpen() && (outer == null || outer.isOpen());
  }

  /**
   * Makes all changes durable, as the durability of the scope says, and visible, and ends the
   * scope; of a nested one the scope around it keeps the changes. The thread is where it was before
   * the scope afterwards, also if this throws, but for {@link IllegalStateException}.
   *
   * @throws org.macekv.error.ConflictException if another commit changed one of the written entries
   *     since the scope began; nothing was kept, and running it all again is the cure
   * @throws org.macekv.error.StoreFailedException if the log could not be written
   * @throws IllegalStateException if the scope has ended, or was begun by another thread, or has a
   *     nested scope open
   */
  public void commit() {
    requireOwner();
    requireInnermost();
    try {
      Savepoint nestedFrom = begin;
      if (nestedFrom == null) {
        willCommit();
        scopes.unbind(this); // hooks are outside of it
        try {
          transaction.commit();
        } finally {
          committed();
        }
      } else {
        transaction.release(nestedFrom);
        ended = true;
      }
    } finally {
      end();
    }
  }

  /**
   * Like {@link #commit()}, but does not wait until the changes are durable: see {@link
   * Transaction#commitAsync()}.
   *
   * @return completed when the changes are durable and visible, or exceptionally
   * @throws IllegalStateException as {@link #commit()}, and if this scope is nested
   */
  public CompletionStage<@Nullable Void> commitAsync() {
    requireOwner();
    requireInnermost();
    if (begin != null) {
      throw new IllegalStateException("a nested scope is durable when the outermost is");
    }
    try {
      willCommit();
      scopes.unbind(this); // hooks are outside of it
      boolean accepted = false;
      try {
        CompletionStage<@Nullable Void> outcome = transaction.commitAsync();
        accepted = true;
        return outcome.whenComplete((done, failure) -> committed());
      } finally {
        if (!accepted) {
          committed();
        }
      }
    } finally {
      end();
    }
  }

  /** Called when that has returned, or failed. */
  void committed() {
    store.listeners().committed(state);
  }

  /** Called by who commits the transaction. */
  void willCommit() {
    store.listeners().willCommit(state, transaction);
  }

  /**
   * Has something run once when the outermost scope is committed: see {@link
   * Transaction#afterCommit}. It stays also if this scope is nested and rolled back.
   */
  public void afterCommit(Runnable hook) {
    requireOwner();
    transaction.afterCommit(hook);
  }

  /**
   * Has something run once when nothing of the outermost scope was kept: see {@link
   * Transaction#afterRollback}.
   */
  public void afterRollback(Runnable hook) {
    requireOwner();
    transaction.afterRollback(hook);
  }

  /**
   * Forgets all changes and ends the scope, and those that are nested in it.
   *
   * @throws IllegalStateException if the scope has ended, or was begun by another thread
   */
  public void rollback() {
    requireOwner();
    try {
      if (begin == null) {
        scopes.unbind(this); // hooks are outside of it
        transaction.rollback();
      } else if (!isOpen()) {
        throw new IllegalStateException("the scope has ended");
      }
    } finally {
      end();
    }
  }

  /**
   * Rolls back if the scope is still open. Idempotent.
   *
   * @throws IllegalStateException if the scope was begun by another thread
   */
  @Override
  public void close() {
    requireOwner();
    end();
  }

  private void end() {
    scopes.unbind(this);
    Savepoint nestedFrom = begin;
    if (nestedFrom == null) {
      transaction.close();
    } else if (isOpen()) {
      ended = true;
      try {
        transaction.rollback(nestedFrom);
        state.rolledBack();
        transaction.release(nestedFrom);
      } catch (TransactionTimeoutException | LimitExceededException e) {
        return; // all of it was just rolled back
      }
    }
  }

  /** Throws if the calling thread is in another scope: one that is nested in this, say. */
  void requireInnermost() {
    if (!scopes.isInnermost(this)) {
      throw new IllegalStateException(
          isOpen() ? "a scope nested in this one is open; end it first" : "the scope has ended");
    }
  }

  private void requireOwner() {
    if (Thread.currentThread() != owner) {
      throw new IllegalStateException(
          "scope of thread '"
              + owner.getName()
              + "' can't be ended by thread '"
              + Thread.currentThread().getName()
              + "'");
    }
  }
}
