package org.macekv.collections;

import java.time.Duration;
import java.util.Queue;

/**
 * A {@link Queue} that is kept in a store: first in, first out, without bounds, for any number of
 * threads. It takes part in scopes and snapshots as {@link PersistentNavigableMap} does, and what
 * is said there of copies of values holds here too. {@code addAll}, {@code removeIf} and {@code
 * clear} are one transaction each. No nulls.
 *
 * <p><b>Taking in a scope.</b> An element that a scope has taken ({@link #poll()}, {@link
 * #remove()}) is gone when the scope is committed, and at the head again if it is rolled back.
 * Until then no other call of these takes it: others get the next, and find the queue empty if
 * there is none. So scopes that take do not conflict with each other, and work that fails leaves
 * its element to the next. (Under serializable isolation they do: the head that was read is not the
 * head any more.)
 *
 * <p><b>Order.</b> Elements come in the order in which they were offered; those that several scopes
 * offered at the same time lie between each other, and one that is committed late has its place
 * before those that were offered after it.
 *
 * <p><b>Cost.</b> Each operation but {@code contains} and {@code remove(Object)} takes the same
 * time, however many elements there are or went through. {@link #size()} outside a scope is O(1).
 *
 * <p>Thread-safe. Inside a scope it is confined as {@link TransactionScope} says.
 *
 * @param <E> the elements
 */
public interface PersistentQueue<E> extends Queue<E> {

  /** The name of the collection in its store. */
  String name();

  /** The number of elements, as {@link #size()}, but not capped at {@link Integer#MAX_VALUE}. */
  long count();

  /**
   * Waits until there is an element that a call of {@link #poll()} could take, outside of any
   * scope: for those who take, in a scope that they begin then. Another thread may be faster.
   *
   * @param timeout how long to wait at the most
   * @return whether there was one
   * @throws InterruptedException if the thread is interrupted meanwhile
   * @throws IllegalStateException if the thread has a scope open: its state does not change
   */
  boolean awaitElement(Duration timeout) throws InterruptedException;

  /**
   * This queue as part of {@code scope}, whatever thread uses it; see {@link
   * PersistentNavigableMap#in}.
   *
   * @throws IllegalArgumentException if the scope is of another store
   * @throws UnsupportedOperationException if this queue is of a {@link Snapshot}
   */
  PersistentQueue<E> in(TransactionScope scope);
}
