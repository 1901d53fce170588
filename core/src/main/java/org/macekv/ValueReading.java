package org.macekv;

import org.jspecify.annotations.Nullable;
import org.macekv.internal.txn.StampedReading;

/**
 * What is made of a value that is read, and need not be made again of a value that is the same: how
 * a cache of decoded values is built that never shows anything but what a read would find.
 *
 * <p>Each read finds the version of a key that it has to show, and then tells its <em>stamp</em>.
 * Two reads of one key of one bucket that get the same stamp found the same value, as long as the
 * store is open, in whatever transactions and views they were. The same value may have another
 * stamp at another time: about when it is moved within the tree. What a transaction has written
 * itself has the stamp {@link #NONE}, of which nothing is known.
 *
 * @param <T> what is made of values
 */
public interface ValueReading<T> {
  /** The stamp of what must not be kept. */
  long NONE = StampedReading.NONE;

  /**
   * What was made of the value with this stamp before, or null: then {@link #make} is called.
   * Called with no lock held, and not with {@link #NONE}.
   *
   * @param length how many bytes the value has
   */
  @Nullable T made(long stamp, int length);

  /**
   * Makes something of a value. Called with no lock held.
   *
   * @param value a fresh array
   * @param stamp its stamp, or {@link #NONE}
   */
  T make(byte[] value, long stamp);
}
