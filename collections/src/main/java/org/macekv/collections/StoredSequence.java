package org.macekv.collections;

import java.util.function.LongSupplier;

/** A sequence: a name, and where its numbers come from. */
record StoredSequence(String name, LongSupplier numbers) implements PersistentSequence {

  @Override
  public long next() {
    return numbers.getAsLong();
  }
}
