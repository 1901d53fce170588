package org.macekv.collections;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.macekv.Bucket;
import org.macekv.Cursor;
import org.macekv.KeyRange;
import org.macekv.Transaction;
import org.macekv.serialization.KeyCodecs;

/**
 * What all objects that stand for one queue of a store share: the number that the next element
 * gets, and which elements are being taken. Elements are in the order of their numbers.
 * Thread-safe.
 *
 * <p>Invariant: from before an element is taken until that is decided and everybody sees it, it is
 * claimed by whoever takes it, and nobody else takes it.
 */
final class QueueState {
  private static final long NONE = Long.MAX_VALUE;

  private final Bucket bucket;
  private final AtomicLong next;
  private final Map<Long, Object> claims = new ConcurrentHashMap<>();
  private final Map<Transaction, Part> parts = new ConcurrentHashMap<>();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition available = lock.newCondition();
  private final AtomicInteger waiting = new AtomicInteger();

  QueueState(Bucket bucket) {
    this.bucket = bucket;
    Cursor last = bucket.scanReverse(KeyRange.all());
    this.next = new AtomicLong(last.next() ? number(last.key()) + 1 : 0);
  }

  /** An element with its key. */
  @SuppressWarnings("ArrayRecordComponent") // never compared for equality
  record Element(byte[] key, byte[] value) {}

  /** What a transaction does with the queue. Used by one thread at a time. */
  private static final class Part {
    private final List<Long> taken = new ArrayList<>();
    private long firstOffered = NONE;
  }

  private static long number(byte[] key) {
    return KeyCodecs.LONG.decode(key);
  }

  private static byte[] key(long number) {
    return KeyCodecs.LONG.encode(number);
  }

  /** Adds an element. */
  void offer(Access access, byte[] value) {
    Transaction transaction = access.transaction();
    long number = next.getAndIncrement();
    if (transaction == null) {
      access.put(bucket, key(number), value);
      tell();
    } else {
      Part part = part(transaction);
      // What others offer from now on is not in the transaction's snapshot: all that it sees there
      // from this number on is its own.
      part.firstOffered = Math.min(part.firstOffered, number);
      access.put(bucket, key(number), value);
    }
  }

  private Part part(Transaction transaction) {
    Part part = parts.get(transaction);
    if (part == null) {
      part = new Part();
      transaction.afterCommit(() -> decided(transaction));
      transaction.afterRollback(() -> decided(transaction));
      parts.put(transaction, part);
    }
    return part;
  }

  private void decided(Transaction transaction) {
    Part part = parts.remove(transaction);
    if (part != null) {
      part.taken.forEach(claims::remove);
      tell();
    }
  }

  /** Takes the first element that nobody else takes, or null if there is none. */
  @Nullable Element take(Access access) {
    Transaction transaction = access.transaction();
    return transaction == null ? takeAlone(access) : takeWithin(transaction, access);
  }

  private @Nullable Element takeAlone(Access access) {
    Object claimant = new Object();
    Cursor cursor = access.scan(bucket, KeyRange.all(), false);
    while (cursor.next()) {
      byte[] key = cursor.key();
      long number = number(key);
      if (claims.putIfAbsent(number, claimant) == null) {
        try {
          byte[] value = access.getAndDelete(bucket, key);
          if (value != null) {
            return new Element(key, value);
          }
        } finally {
          claims.remove(number);
        }
      }
    }
    return null;
  }

  private @Nullable Element takeWithin(Transaction transaction, Access access) {
    Part part = part(transaction);
    Cursor cursor = access.scan(bucket, untaken(part, access), false);
    while (cursor.next()) {
      byte[] key = cursor.key();
      if (claim(part, transaction, number(key), key)) {
        byte[] value = access.getAndDelete(bucket, key);
        if (value != null) {
          return new Element(key, value);
        }
      }
    }
    return null;
  }

  /**
   * Where to look for the first element. What a savepoint gives back is all that was taken since;
   * so if the last one that was taken is not there, none is.
   */
  private KeyRange untaken(Part part, Access access) {
    if (part.taken.isEmpty()) {
      return KeyRange.all();
    }
    byte[] last = key(part.taken.get(part.taken.size() - 1));
    return access.contains(bucket, last) ? KeyRange.all() : KeyRange.greaterThan(last);
  }

  private boolean claim(Part part, Transaction transaction, long number, byte[] key) {
    Object before = claims.putIfAbsent(number, transaction);
    if (before != null) {
      return before == transaction; // a savepoint gave it back
    }
    part.taken.add(number);
    // The snapshot may have what others took since.
    return number >= part.firstOffered || bucket.contains(key);
  }

  /** The first element that nobody else takes, or null if there is none. */
  @Nullable Element first(Access access) {
    Transaction transaction = access.transaction();
    Cursor cursor = access.scan(bucket, KeyRange.all(), false);
    while (cursor.next()) {
      Object claimant = claims.get(number(cursor.key()));
      if (claimant == null || claimant == transaction || access.isFrozen()) {
        return new Element(cursor.key(), cursor.value());
      }
    }
    return null;
  }

  /** Waits until something is available. */
  boolean await(long nanos, BooleanSupplier isAvailable) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      waiting.incrementAndGet();
      long left = nanos;
      while (!isAvailable.getAsBoolean()) {
        if (left <= 0) {
          return false;
        }
        left = available.awaitNanos(left);
      }
      return true;
    } finally {
      waiting.decrementAndGet();
      lock.unlock();
    }
  }

  /** There may be an element that was not there. */
  void tell() {
    if (waiting.get() > 0) {
      lock.lock();
      try {
        available.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }
}
