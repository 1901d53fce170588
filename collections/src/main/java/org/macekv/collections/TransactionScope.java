package org.macekv.collections;

import org.macekv.Transaction;

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
 * <p>A scope is ended by the thread that began it; from any other {@link #commit()}, {@link
 * #rollback()} and {@link #close()} throw {@link IllegalStateException}. Other threads can take
 * part through {@link PersistentNavigableMap#in}, one at a time.
 */
public final class TransactionScope implements AutoCloseable {
  private final PersistentStore store;
  private final ThreadScopes scopes;
  private final Transaction transaction;
  private final Thread owner = Thread.currentThread();
  private final Access ownerAccess;
  private final Access handedAccess;

  TransactionScope(PersistentStore store, ThreadScopes scopes, Transaction transaction) {
    this.store = store;
    this.scopes = scopes;
    this.transaction = transaction;
    this.ownerAccess = new TransactionAccess(transaction, owner);
    this.handedAccess = new TransactionAccess(transaction, null);
  }

  /** The access for collections that found the scope by their thread. */
  Access ownerAccess() {
    return ownerAccess;
  }

  /** The source for {@code map} when it was handed this scope. */
  AccessSource sourceFor(NavigableMapView<?, ?> map) {
    map.collection().requireSameStore(store);
    if (map.isFrozen()) {
      throw new UnsupportedOperationException("a collection of a snapshot joins no scope");
    }
    return () -> handedAccess;
  }

  /** Whether the scope was neither committed nor rolled back. */
  public boolean isOpen() {
    return transaction.isOpen();
  }

  /**
   * Makes all changes durable, as the durability of the scope says, and visible, and ends the
   * scope. The thread is free for another scope afterwards, also if this throws.
   *
   * @throws org.macekv.error.ConflictException if another commit changed one of the written entries
   *     since the scope began; nothing was kept, and running it all again is the cure
   * @throws org.macekv.error.StoreFailedException if the log could not be written
   * @throws IllegalStateException if the scope has ended, or was begun by another thread
   */
  public void commit() {
    requireOwner();
    try {
      transaction.commit();
    } finally {
      end();
    }
  }

  /**
   * Forgets all changes and ends the scope.
   *
   * @throws IllegalStateException if the scope has ended, or was begun by another thread
   */
  public void rollback() {
    requireOwner();
    try {
      transaction.rollback();
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
    transaction.close();
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
