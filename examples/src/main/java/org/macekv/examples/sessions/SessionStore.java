package org.macekv.examples.sessions;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import org.macekv.collections.PersistentMap;
import org.macekv.collections.PersistentSet;
import org.macekv.collections.PersistentStore;
import org.macekv.serialization.KeyCodecs;
import org.macekv.serialization.Tuple2;

/**
 * Sessions by their ids. One that is not used for some time expires; if there are too many, those
 * that would expire first go. They survive a restart. Thread-safe: each operation is a transaction
 * over the sessions and the order in which they expire.
 */
public final class SessionStore {
  private final PersistentStore store;
  private final Clock clock;
  private final Duration timeout;
  private final long capacity;
  private final PersistentMap<String, Session> sessions;
  private final PersistentSet<Tuple2<Instant, String>> byExpiry;

  /**
   * Sessions in a store.
   *
   * @param timeout how long one is valid after it was used
   * @param capacity how many there are at the most
   */
  public SessionStore(PersistentStore store, Clock clock, Duration timeout, long capacity) {
    this.store = store;
    this.clock = clock;
    this.timeout = timeout;
    this.capacity = capacity;
    this.sessions = store.map("sessions", String.class, Session.class);
    this.byExpiry = store.set("expiry", KeyCodecs.tuple(KeyCodecs.INSTANT, KeyCodecs.STRING));
  }

  /** Begins a session, or begins it anew. */
  public void begin(String id, String user) {
    store.transact(
        () -> {
          put(id, new Session(user, clock.instant().plus(timeout), Map.of()));
          evict();
        });
  }

  /** A session that is valid; it is so for some more time from now on. */
  public Optional<Session> use(String id) {
    return store.transact(
        () -> {
          Session session = sessions.get(id);
          Instant now = clock.instant();
          if (session == null || !session.expires().isAfter(now)) {
            return Optional.<Session>empty();
          }
          Session used = new Session(session.user(), now.plus(timeout), session.attributes());
          put(id, used);
          return Optional.of(used);
        });
  }

  /** Sets an attribute of a session; whether it is valid. */
  public boolean setAttribute(String id, String name, String value) {
    return store.transact(
        () -> {
          Optional<Session> session = use(id);
          session.ifPresent(
              found -> {
                Map<String, String> attributes = new HashMap<>(found.attributes());
                attributes.put(name, value);
                put(id, new Session(found.user(), found.expires(), attributes));
              });
          return session.isPresent();
        });
  }

  /** Ends a session. */
  public void end(String id) {
    store.transact(
        () -> {
          Session session = sessions.remove(id);
          if (session != null) {
            byExpiry.remove(new Tuple2<>(session.expires(), id));
          }
        });
  }

  private void put(String id, Session session) {
    Session before = sessions.put(id, session);
    if (before != null) {
      byExpiry.remove(new Tuple2<>(before.expires(), id));
    }
    byExpiry.add(new Tuple2<>(session.expires(), id));
  }

  /** Lets go of those that have expired, and of those that are too many; how many they were. */
  public int evict() {
    return store.transact(
        () -> {
          Instant now = clock.instant();
          int evicted = 0;
          Iterator<Tuple2<Instant, String>> first = byExpiry.iterator();
          while (first.hasNext()) {
            Tuple2<Instant, String> next = first.next();
            if (next.first().isAfter(now) && sessions.count() <= capacity) {
              break;
            }
            first.remove();
            sessions.delete(next.second());
            evicted++;
          }
          return evicted;
        });
  }

  /** How many there are, expired ones that are not gone yet among them. */
  public long count() {
    return sessions.count();
  }
}
