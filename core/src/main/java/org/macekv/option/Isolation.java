package org.macekv.option;

/** What a transaction is kept apart from, from weaker to stronger. */
public enum Isolation {
  /**
   * Snapshot isolation: all reads are of one state of the store, and of two transactions that write
   * the same key and run at the same time only the first commits. Two of them may each read what
   * the other writes, and both commit (write skew).
   */
  SNAPSHOT,
  /**
   * Serializable: as if the transactions of this level had run one after the other, in the order of
   * their commits. A transaction that has written commits only if nothing that it has read was
   * changed since it began: no value, no absence of a key, nothing in a range as far as a cursor
   * came, and no count. One that has only read always commits. What transactions of the other level
   * do between each other is not changed by this.
   */
  SERIALIZABLE
}
