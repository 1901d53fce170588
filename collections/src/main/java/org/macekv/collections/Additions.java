package org.macekv.collections;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.macekv.Bucket;
import org.macekv.Cursor;
import org.macekv.KeyRange;
import org.macekv.error.MaceException;

/**
 * The entries of a counter: under the empty key the sum of what was added up, 8 bytes, big-endian;
 * behind it what was added since, each under a key that no other ever has (8 random bytes of this
 * opening, 8 bytes that count). Adding up reads some of these and deletes them in the transaction
 * that changes the sum, so that every snapshot has each addition once. One object for each counter
 * of a store. Thread-safe.
 */
final class Additions implements SharedState {
  private static final byte[] SUM = {};
  private static final int MANY = 512;
  private static final int MOST_AT_ONCE = 8 * MANY;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Bucket bucket;
  private final int atOnce;
  private final long opening = RANDOM.nextLong();
  private final AtomicLong added = new AtomicLong();
  private final ReentrantLock addingUp = new ReentrantLock();

  /**
   * A counter.
   *
   * @param maxWrites how many writes a transaction may have
   */
  Additions(Bucket bucket, int maxWrites) {
    this.bucket = bucket;
    this.atOnce = Math.min(MOST_AT_ONCE, Math.max(1, maxWrites - 1));
  }

  @Override
  public void gone() {} // nobody waits for anything

  void add(Access access, Access autoCommit, long change) {
    long number = added.getAndIncrement();
    byte[] key = ByteBuffer.allocate(2 * Long.BYTES).putLong(opening).putLong(number).array();
    access.put(bucket, key, bytes(change));
    if (number % MANY == 0) {
      addUp(autoCommit);
    }
  }

  /**
   * The sum.
   *
   * @param access of a state that does not change meanwhile, since entries are being added up
   */
  long sum(Access access) {
    long sum = 0;
    Cursor cursor = access.scan(bucket, KeyRange.all(), false);
    while (cursor.next()) {
      sum += number(cursor.value());
    }
    return sum;
  }

  /** What fails here is no failure of the addition for which it was done, and is done again. */
  private void addUp(Access autoCommit) {
    if (!addingUp.tryLock()) {
      return;
    }
    try {
      boolean more = autoCommit.atomically(this::addUpSome);
      while (more) {
        more = autoCommit.atomically(this::addUpSome);
      }
    } catch (MaceException e) {
      System.getLogger(Additions.class.getName())
          .log(System.Logger.Level.DEBUG, "could not add up " + bucket, e);
    } finally {
      addingUp.unlock();
    }
  }

  private boolean addUpSome(Access within) {
    long sum = 0;
    int count = 0;
    Cursor cursor = within.scan(bucket, KeyRange.all(), false);
    while (count < atOnce && cursor.next()) {
      sum += number(cursor.value());
      within.delete(bucket, cursor.key());
      count++;
    }
    if (count > 0) {
      within.put(bucket, SUM, bytes(sum));
    }
    return count == atOnce && count > 1;
  }

  private static long number(byte[] value) {
    return ByteBuffer.wrap(value).getLong();
  }

  private static byte[] bytes(long number) {
    return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
  }
}
