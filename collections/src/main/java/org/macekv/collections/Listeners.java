package org.macekv.collections;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.macekv.Bucket;
import org.macekv.KeyRange;
import org.macekv.Transaction;

/**
 * Tells listeners of commits, in their order. Thread-safe.
 *
 * <p>A transaction that is about to commit changes that somebody listens to takes a ticket. When it
 * is committed, its position is known, and who takes a ticket from then on will be committed behind
 * it. So the commit with the lowest position is the next one as soon as no ticket is out that was
 * taken before that moment.
 */
final class Listeners {
  private static final long MOST_NANOS_AT_CLOSE = TimeUnit.SECONDS.toNanos(10);

  private final String store;
  private final ConcurrentMap<Integer, List<Registered<?, ?>>> byBucket = new ConcurrentHashMap<>();
  private volatile boolean any; // whether there ever was one: most stores have none

  private final Object lock = new Object();
  // Guarded by lock.
  private final TreeMap<Long, Ticket> out = new TreeMap<>(); // by number
  private final PriorityQueue<Ticket> committed =
      new PriorityQueue<>(Comparator.comparingLong((Ticket each) -> each.position));
  private long tickets;
  private @Nullable Thread thread;
  private boolean closed;

  private volatile boolean abandoned;

  Listeners(String store) {
    this.store = store;
  }

  /** A listener to a collection, or a range of one. */
  private static final class Registered<K, V> {
    private final StoredCollection<K, V> collection;
    private final KeyRange range;
    private final ChangeListener<K, V> listener;

    Registered(StoredCollection<K, V> collection, KeyRange range, ChangeListener<K, V> listener) {
      this.collection = collection;
      this.range = range;
      this.listener = listener;
    }

    void tell(List<CommitChanges.Changed> changed) {
      List<Change<K, V>> changes = new ArrayList<>();
      for (CommitChanges.Changed each : changed) {
        if (range.contains(each.key())) {
          changes.add(new Change<>(collection, each.key(), each.before(), each.after()));
        }
      }
      if (!changes.isEmpty()) {
        listener.changed(List.copyOf(changes));
      }
    }
  }

  /** A transaction that is about to be committed, or was. Guarded by lock. */
  private static final class Ticket {
    private final Map<Integer, List<CommitChanges.Changed>> changes;
    private long number;
    private long position;
    private long followers; // the first number of those that will be committed behind it

    Ticket(Map<Integer, List<CommitChanges.Changed>> changes) {
      this.changes = changes;
    }
  }

  <K, V> Subscription add(
      StoredCollection<K, V> collection, KeyRange range, ChangeListener<K, V> listener) {
    Registered<K, V> registered = new Registered<>(collection, range, listener);
    synchronized (lock) {
      if (thread == null && !closed) {
        Thread running = new Thread(this::run, "mace listeners " + store);
        running.setDaemon(true);
        running.start();
        thread = running;
      }
    }
    int id = collection.bucket().id();
    byBucket.compute(
        id,
        (bucket, those) -> {
          List<Registered<?, ?>> all = those == null ? new CopyOnWriteArrayList<>() : those;
          all.add(registered);
          return all;
        });
    any = true;
    return () ->
        byBucket.computeIfPresent(id, (bucket, those) -> remove(those, registered) ? null : those);
  }

  /** Whether there is none left. The same listener may be there several times. */
  private static boolean remove(List<Registered<?, ?>> from, Registered<?, ?> registered) {
    from.remove(registered); // by identity
    return from.isEmpty();
  }

  /** Whether writes to a bucket are to be noted. */
  boolean isListenedTo(Bucket bucket) {
    return any && byBucket.containsKey(bucket.id());
  }

  /** Called before a key is written. */
  void willWrite(TransactionState state, Transaction transaction, Bucket bucket, byte[] key) {
    if (isListenedTo(bucket)) {
      CommitChanges changes = (CommitChanges) state.part(this);
      if (changes == null) {
        changes = new CommitChanges();
        state.setPart(this, changes);
      }
      changes.willWrite(transaction, bucket, key);
    }
  }

  /** Called when a transaction is about to be committed. */
  void willCommit(TransactionState state, Transaction transaction) {
    CommitChanges changes = any ? (CommitChanges) state.part(this) : null;
    if (changes == null) {
      return;
    }
    Map<Integer, List<CommitChanges.Changed>> now = changes.now(transaction);
    if (now.isEmpty()) {
      return;
    }
    Ticket ticket = new Ticket(now);
    synchronized (lock) {
      ticket.number = tickets++;
      out.put(ticket.number, ticket);
    }
    state.setPart(Ticket.class, ticket);
    state.atEnd(() -> ended(ticket, transaction.commitPosition())); // before what users asked for
  }

  /**
   * Called when a commit has returned, or failed: if nothing was said of its end, its outcome is
   * not known, and it is not told.
   */
  void committed(TransactionState state) {
    if (any && state.part(Ticket.class) instanceof Ticket ticket) {
      ended(ticket, 0);
    }
  }

  private void ended(Ticket ticket, long position) {
    synchronized (lock) {
      if (out.remove(ticket.number) != null) {
        if (position != 0) {
          ticket.position = position;
          ticket.followers = tickets;
          committed.add(ticket);
        }
        lock.notifyAll();
      }
    }
  }

  /** The next commit to tell of, or null when the store is closed and all is told. */
  private @Nullable Ticket next() throws InterruptedException {
    synchronized (lock) {
      while (true) {
        Ticket first = committed.peek();
        if (first != null && (out.isEmpty() || out.firstKey() >= first.followers)) {
          return committed.poll();
        }
        if (closed && out.isEmpty()) {
          return null;
        }
        lock.wait();
      }
    }
  }

  private void run() {
    while (!abandoned) {
      try {
        Ticket ticket = next();
        if (ticket == null) {
          return;
        }
        ticket.changes.forEach(this::tell);
      } catch (InterruptedException e) {
        // Not for us, unless close() has waited for long enough.
      }
    }
  }

  private void tell(int bucketId, List<CommitChanges.Changed> changed) {
    for (Registered<?, ?> each : byBucket.getOrDefault(bucketId, List.of())) {
      try {
        each.tell(changed);
      } catch (Throwable e) {
        complain("a listener to collection '" + each.collection.name() + "' failed", e);
      }
      Thread.interrupted(); // what it has left is nothing for the next
    }
  }

  private void complain(String message, @Nullable Throwable cause) {
    try {
      System.getLogger(Listeners.class.getName())
          .log(System.Logger.Level.WARNING, message + " (" + store + ")", cause);
    } catch (Throwable e) {
      return; // out of memory or stack: there is nobody left to tell
    }
  }

  /** Returns when all is told; not if a listener hangs, nor when it is a listener that calls. */
  void close() {
    Thread running;
    synchronized (lock) {
      closed = true;
      lock.notifyAll();
      running = thread;
    }
    if (running == null || running == Thread.currentThread()) {
      return;
    }
    boolean interrupted = false;
    long until = System.nanoTime() + MOST_NANOS_AT_CLOSE;
    while (running.isAlive() && until - System.nanoTime() > 0) {
      try {
        TimeUnit.NANOSECONDS.timedJoin(running, until - System.nanoTime());
      } catch (InterruptedException e) {
        interrupted = true; // closing is not given up; the flag is kept for the caller
      }
    }
    if (running.isAlive()) {
      complain("a listener did not come back when the store was closed; it was interrupted", null);
      abandoned = true;
      running.interrupt();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
