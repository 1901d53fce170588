package org.macekv.collections;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.macekv.Bucket;
import org.macekv.Cursor;
import org.macekv.KeyRange;
import org.macekv.Mace;
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
final class QueueState implements SharedState {
  private static final long NONE = Long.MAX_VALUE;

  private final Mace mace;
  private final Bucket bucket;
  private final AtomicLong next;
  private final Map<Long, Object> claims = new ConcurrentHashMap<>();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition available = lock.newCondition();
  private final AtomicInteger waiting = new AtomicInteger();

  QueueState(Mace mace, Bucket bucket) {
    this.mace = mace;
    this.bucket = bucket;
    Cursor last = bucket.scanReverse(KeyRange.all());
    this.next = new AtomicLong(last.next() ? number(last.key()) + 1 : 0);
  }

  /** An element with its key, of which it is not known yet whether it can be read. */
  @SuppressWarnings("ArrayRecordComponent") // never compared for equality
  record Element(byte[] key, byte[] value) {}

  /**
   * What a transaction does with the queue. The claims are given back by the thread that decides
   * the transaction, which may be another than the one that uses it, at any time.
   */
  private final class Part {
    private final Set<Long> claimed = new HashSet<>(); // guarded by this
    private boolean decided; // guarded by this
    // Used by one thread at a time.
    private final Set<Long> stale = new HashSet<>(); // what the snapshot has, and others took
    private long firstOffered = NONE;
    private long from; // all that may be taken is at or behind it
    private int rollbacks; // when that was found

    /** Whether it is this part's. */
    synchronized boolean claim(long number) {
      Object before = decided ? this : claims.putIfAbsent(number, this);
      if (before == null) {
        claimed.add(number);
      }
      return before == null || (before == this && !decided);
    }

    synchronized void release(long number) {
      if (claimed.remove(number)) {
        claims.remove(number);
      }
    }

    void decided() {
      synchronized (this) {
        decided = true;
        claimed.forEach(claims::remove);
        claimed.clear();
      }
      tell();
    }
  }

  private Part part(TransactionState transaction) {
    Part part = (Part) transaction.part(this);
    if (part == null) {
      part = new Part();
      transaction.setPart(this, part);
      transaction.atEnd(part::decided);
    }
    return part;
  }

  private static long number(byte[] key) {
    return KeyCodecs.LONG.decode(key);
  }

  private static byte[] key(long number) {
    return KeyCodecs.LONG.encode(number);
  }

  /** Adds an element. */
  void offer(Access access, byte[] value) {
    TransactionState transaction = access.transaction();
    long number = next.getAndIncrement();
    if (transaction != null) {
      Part part = part(transaction);
      // What others offer from now on is not in the transaction's snapshot: all that it sees there
      // from this number on is its own.
      part.firstOffered = Math.min(part.firstOffered, number);
    }
    access.put(bucket, key(number), value);
    if (transaction == null) {
      tell();
    }
  }

  /**
   * Takes the first element that nobody else takes.
   *
   * @param wanted is asked before it is taken; what it throws leaves the element where it is
   * @return whether there was one
   */
  boolean take(Access access, Predicate<Element> wanted) {
    TransactionState transaction = access.transaction();
    return transaction == null
        ? takeAlone(access, wanted)
        : takeWithin(part(transaction), transaction.rollbacks(), access, wanted);
  }

  private boolean takeAlone(Access access, Predicate<Element> wanted) {
    Object claimant = new Object();
    Cursor cursor = access.scan(bucket, KeyRange.all(), false);
    while (cursor.next()) {
      byte[] key = cursor.key();
      long number = number(key);
      if (claims.putIfAbsent(number, claimant) == null) {
        boolean taken = false;
        try {
          if (wanted.test(new Element(key, cursor.value()))
              && access.getAndDelete(bucket, key) != null) {
            taken = true;
            return true;
          }
        } finally {
          claims.remove(number);
          if (!taken) {
            tell(); // others have passed it over
          }
        }
      }
    }
    return false;
  }

  private boolean takeWithin(Part part, int rollbacks, Access access, Predicate<Element> wanted) {
    if (part.rollbacks != rollbacks) {
      part.rollbacks = rollbacks; // what was taken may be there again
      part.from = 0;
    }
    long from = NONE;
    Cursor cursor = access.scan(bucket, KeyRange.atLeast(key(part.from)), false);
    while (cursor.next()) {
      byte[] key = cursor.key();
      long number = number(key);
      if (isTakable(part, number, key)) {
        boolean taken = false;
        try {
          if (wanted.test(new Element(key, cursor.value()))) {
            access.getAndDelete(bucket, key);
            taken = true;
            part.from = Math.min(from, number);
            return true;
          }
        } finally {
          if (!taken) {
            part.release(number);
          }
        }
        from = Math.min(from, number);
      } else if (!part.stale.contains(number)) {
        from = Math.min(from, number); // it may be given back
      }
    }
    if (from != NONE) {
      part.from = from;
    }
    return false;
  }

  private boolean isTakable(Part part, long number, byte[] key) {
    if (part.stale.contains(number) || !part.claim(number)) {
      return false;
    }
    if (number < part.firstOffered && !isThereNow(key)) {
      part.stale.add(number);
      part.release(number);
      return false;
    }
    return true;
  }

  /** Whether an element is there, after all that is decided, whoever sees it yet. */
  private boolean isThereNow(byte[] key) {
    try (Transaction now = mace.begin()) {
      return now.contains(bucket, key);
    }
  }

  /** The first element that nobody else takes, or null if there is none. */
  @Nullable Element first(Access access) {
    TransactionState transaction = access.transaction();
    Part part = transaction == null ? null : part(transaction);
    Cursor cursor = access.scan(bucket, KeyRange.all(), false);
    while (cursor.next()) {
      byte[] key = cursor.key();
      long number = number(key);
      Object claimant = access.isFrozen() ? null : claims.get(number);
      boolean free = claimant == null || claimant == part;
      if (free && (part == null || number >= part.firstOffered || isThereNow(key))) {
        return new Element(key, cursor.value());
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
  private void tell() {
    if (waiting.get() > 0) {
      lock.lock();
      try {
        available.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  @Override
  public void gone() {
    tell(); // who waits looks, and is told why it is in vain
  }
}
