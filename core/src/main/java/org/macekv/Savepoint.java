package org.macekv;

import org.macekv.internal.txn.WriteTransaction;

/**
 * A point in a {@link Transaction} to which it can go back: {@link Transaction#setSavepoint}. Valid
 * until it is released, the transaction goes back to an earlier one, or ends.
 */
public final class Savepoint {
  private final WriteTransaction.Mark mark;

  Savepoint(WriteTransaction.Mark mark) {
    this.mark = mark;
  }

  WriteTransaction.Mark mark() {
    return mark;
  }
}
