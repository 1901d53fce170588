package org.macekv.collections;

/**
 * Numbers that are never given out twice, for ids: 1, 2, 3, …
 *
 * <p>A <b>gapless</b> one is a part of the scope that it is used in: what a rolled back scope got
 * is given out again, so that no number is ever missing. For that, scopes that use it at the same
 * time conflict, and one of them is to be repeated. Outside of a scope each call is a transaction.
 *
 * <p>One with <b>blocks</b> is no part of any scope, never conflicts, and writes once for each
 * block. Numbers that rolled back scopes got, and up to a block after each opening of the store,
 * are missing.
 *
 * <p>Thread-safe.
 */
public interface PersistentSequence {

  /** The name of the collection in its store. */
  String name();

  /**
   * The next number, from 1 on.
   *
   * @throws IllegalStateException if all 2<sup>63</sup> - 1 were given out
   */
  long next();
}
