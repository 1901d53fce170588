package org.macekv.collections;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.macekv.Bucket;
import org.macekv.Cursor;
import org.macekv.KeyRange;
import org.macekv.error.BucketDroppedException;
import org.macekv.error.MaceException;
import org.macekv.error.StoreClosedException;

/**
 * The indexes of entities: which there are, by the bucket that has them, and a thread that builds
 * those that are new and empties those that are gone. One object for each collection of entities of
 * a store. Thread-safe.
 *
 * <p>The bucket has, under a byte 0 and an index's number (4 bytes, big-endian), what the index is
 * and how far it is; under the byte 0 alone the number that the next gets; and the entries ({@link
 * EntityIndex}).
 *
 * <p>Invariants: whoever changes an entity changes all indexes in the same transaction, from before
 * an index is begun to be built. Building goes through the entities in the order of their keys,
 * some at a time, in transactions that note how far it is; so it goes on where a crash ended it. It
 * writes the entries that a change of the entity would write, too, so that of the two one meets a
 * conflict and is repeated.
 *
 * @param <E> the entities
 */
final class EntityIndexes<K, E> implements SharedState {
  private static final byte VERSION = 1;
  private static final byte[] NEXT_NUMBER = {0};
  private static final int BUILT_AT_ONCE = 256;
  private static final int PURGED_AT_ONCE = 1000;

  private final NavigableMapView<K, E> entities;
  private final Bucket bucket;
  private final Access autoCommit;
  private final Map<String, EntityIndex<E, ?>> byName = new LinkedHashMap<>();
  private final List<Integer> toPurge = new ArrayList<>();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<String, Building> building = new TreeMap<>(); // guarded by lock
  private boolean working; // guarded by lock
  private @Nullable RuntimeException failure; // guarded by lock

  /** Indexes of entities that refer to these, by what they are called. */
  private final Map<String, Referrer> referrers = new ConcurrentHashMap<>();

  /** An index of entities that refer to these. */
  private record Referrer(EntityIndexes<?, ?> indexes, EntityIndex<?, ?> index) {}

  /** How far an index is. */
  private enum State {
    READY(1),
    BUILDING(2),
    DROPPING(3);

    private final int code;

    State(int code) {
      this.code = code;
    }

    static State of(int code) {
      for (State each : values()) {
        if (each.code == code) {
          return each;
        }
      }
      throw new BufferUnderflowException(); // as malformed as what is too short
    }
  }

  /**
   * What is stored of an index.
   *
   * @param upTo the key of the last entity that is in it, if it is being built
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared for equality
  private record Meta(State state, boolean unique, String name, String codec, byte[] upTo) {
    byte[] encode() {
      byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
      byte[] codecBytes = codec.getBytes(StandardCharsets.UTF_8);
      return ByteBuffer.allocate(
              3 + 2 * Integer.BYTES + nameBytes.length + codecBytes.length + upTo.length)
          .put(VERSION)
          .put((byte) state.code)
          .put((byte) (unique ? 1 : 0))
          .putInt(nameBytes.length)
          .put(nameBytes)
          .putInt(codecBytes.length)
          .put(codecBytes)
          .put(upTo)
          .array();
    }

    static Meta decode(String where, byte[] bytes) {
      try {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        byte version = in.get();
        if (version != VERSION) {
          throw new MaceException(where + " has an index of the unknown version " + version);
        }
        State state = State.of(in.get());
        boolean unique = in.get() != 0;
        String name = new String(next(in, in.getInt()), StandardCharsets.UTF_8);
        String codec = new String(next(in, in.getInt()), StandardCharsets.UTF_8);
        return new Meta(state, unique, name, codec, next(in, in.remaining()));
      } catch (BufferUnderflowException e) {
        throw new MaceException(where + " has a damaged record of an index", e);
      }
    }

    private static byte[] next(ByteBuffer in, int length) {
      if (length < 0 || length > in.remaining()) {
        throw new BufferUnderflowException();
      }
      byte[] bytes = new byte[length];
      in.get(bytes);
      return bytes;
    }

    Meta with(State newState, byte[] newUpTo) {
      return new Meta(newState, unique, name, codec, newUpTo);
    }

    boolean isOf(EntityIndex.Definition<?, ?> definition) {
      return name.equals(definition.name())
          && codec.equals(definition.codec().id())
          && unique == definition.unique();
    }
  }

  /** An index that is being built. */
  private record Building(int number, Meta meta, long done) {}

  /**
   * The indexes of a collection that is opened.
   *
   * @param bucket of the indexes
   */
  EntityIndexes(
      NavigableMapView<K, E> entities,
      Bucket bucket,
      Access autoCommit,
      List<EntityIndex.Definition<E, ?>> declared,
      boolean readOnly) {
    this.entities = entities;
    this.bucket = bucket;
    this.autoCommit = autoCommit;
    Map<Integer, Meta> stored = stored();
    for (EntityIndex.Definition<E, ?> each : declared) {
      declare(each, stored, readOnly);
    }
    for (Map.Entry<Integer, Meta> each : stored.entrySet()) {
      toPurge.add(each.getKey());
    }
    if (!readOnly && (!toPurge.isEmpty() || !building.isEmpty())) {
      working = true;
      Thread worker = new Thread(this::work, "mace builds indexes of " + entities.name());
      worker.setDaemon(true);
      worker.start();
    }
  }

  private Map<Integer, Meta> stored() {
    Map<Integer, Meta> metas = new TreeMap<>();
    Cursor cursor =
        autoCommit.scan(bucket, KeyRange.greaterThan(NEXT_NUMBER).intersect(metas()), false);
    while (cursor.next()) {
      metas.put(
          ByteBuffer.wrap(cursor.key(), 1, Integer.BYTES).getInt(),
          Meta.decode(toString(), cursor.value()));
    }
    return metas;
  }

  private static KeyRange metas() {
    return KeyRange.prefix(NEXT_NUMBER);
  }

  private static byte[] metaKey(int number) {
    return ByteBuffer.allocate(1 + Integer.BYTES).put((byte) 0).putInt(number).array();
  }

  /** Takes the index out of what is stored, or makes it. */
  private <I> void declare(
      EntityIndex.Definition<E, I> definition, Map<Integer, Meta> stored, boolean readOnly) {
    Integer number = null;
    for (Map.Entry<Integer, Meta> each : stored.entrySet()) {
      if (each.getValue().state != State.DROPPING && each.getValue().isOf(definition)) {
        number = each.getKey();
      }
    }
    Meta meta = number == null ? null : stored.remove(number);
    if (meta == null && readOnly) {
      throw new MaceException(
          this + " has no index '" + definition.name() + "', and is only read: none can be built");
    }
    if (number == null || meta == null) {
      State state = entities.isEmpty() ? State.READY : State.BUILDING;
      meta =
          new Meta(
              state, definition.unique(), definition.name(), definition.codec().id(), new byte[0]);
      number = add(meta);
    }
    byName.put(definition.name(), new EntityIndex<>(definition, number));
    if (meta.state == State.BUILDING) {
      building.put(definition.name(), new Building(number, meta, 0));
    }
  }

  private int add(Meta meta) {
    return autoCommit.atomically(
        within -> {
          byte[] next = within.get(bucket, NEXT_NUMBER);
          int number = next == null ? 1 : ByteBuffer.wrap(next).getInt();
          within.put(
              bucket, NEXT_NUMBER, ByteBuffer.allocate(Integer.BYTES).putInt(number + 1).array());
          within.put(bucket, metaKey(number), meta.encode());
          return number;
        });
  }

  /** Ensures: these are the indexes that are open. */
  void requireSame(List<EntityIndex.Definition<E, ?>> declared) {
    boolean same = declared.size() == byName.size();
    for (EntityIndex.Definition<E, ?> each : declared) {
      EntityIndex<E, ?> open = byName.get(each.name());
      same &=
          open != null
              && open.definition().unique() == each.unique()
              && open.definition().codec().id().equals(each.codec().id());
    }
    if (!same) {
      throw new IllegalStateException(this + " is open already with other indexes");
    }
  }

  Bucket bucket() {
    return bucket;
  }

  /** All that are declared, those that are being built among them. */
  Iterable<EntityIndex<E, ?>> all() {
    return byName.values();
  }

  /** The index of a name, which is declared. */
  private EntityIndex<E, ?> declared(String name) {
    return Objects.requireNonNull(byName.get(name));
  }

  /**
   * The index of a name, for a query.
   *
   * @throws IllegalArgumentException if there is none
   * @throws IllegalStateException if it is being built
   */
  EntityIndex<E, ?> ready(String name) {
    EntityIndex<E, ?> index = byName.get(name);
    if (index == null) {
      throw new IllegalArgumentException(
          this + " has no index '" + name + "', but " + byName.keySet());
    }
    lock.lock();
    try {
      Building unfinished = building.get(name);
      if (unfinished != null) {
        throw new IllegalStateException(
            this
                + ": the index '"
                + name
                + "' is being built, "
                + unfinished.done
                + " of "
                + entities.count()
                + " entities are in it; awaitIndexes() waits for it",
            failure);
      }
    } finally {
      lock.unlock();
    }
    return index;
  }

  /** How many entities are in each index that is being built. */
  Map<String, Long> progress() {
    lock.lock();
    try {
      Map<String, Long> progress = new TreeMap<>();
      building.forEach((name, each) -> progress.put(name, each.done));
      return progress;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until all are built, and what is gone is emptied; throws what ended that. */
  void await() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (working) {
        changed.await();
      }
      if (failure != null) {
        throw failure;
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void gone() {} // the thread that works finds it out

  private void work() {
    RuntimeException ended = null;
    try {
      for (int number : toPurge) {
        purge(number);
      }
      for (EntityIndex<E, ?> index : byName.values()) {
        Building begun;
        lock.lock();
        try {
          begun = building.get(index.definition().name());
        } finally {
          lock.unlock();
        }
        if (begun != null) {
          build(index, begun);
        }
      }
    } catch (StoreClosedException | BucketDroppedException e) {
      ended = e; // goes on when it is opened again, or never
    } catch (RuntimeException e) {
      ended = e;
      System.getLogger(EntityIndexes.class.getName())
          .log(System.Logger.Level.WARNING, this + ": an index could not be built", e);
    } finally {
      lock.lock();
      try {
        working = false;
        failure = ended;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  private void purge(int number) {
    autoCommit.atomically(
        within -> {
          byte[] key = metaKey(number);
          byte[] meta = within.get(bucket, key);
          if (meta != null) {
            Meta dropping = Meta.decode(toString(), meta).with(State.DROPPING, new byte[0]);
            within.put(bucket, key, dropping.encode());
          }
          return null;
        });
    boolean more = true;
    while (more) {
      more =
          autoCommit.atomically(
              within -> {
                int count = 0;
                Cursor cursor = within.scan(bucket, EntityIndex.all(number), false);
                while (count < PURGED_AT_ONCE && cursor.next()) {
                  within.delete(bucket, cursor.key());
                  count++;
                }
                if (count < PURGED_AT_ONCE) {
                  within.delete(bucket, metaKey(number));
                }
                return count == PURGED_AT_ONCE;
              });
    }
  }

  private void build(EntityIndex<E, ?> index, Building begun) {
    Building at = begun;
    while (true) {
      List<byte[]> keys = new ArrayList<>();
      KeyRange rest =
          at.meta.upTo.length == 0 && at.done == 0
              ? KeyRange.all()
              : KeyRange.greaterThan(at.meta.upTo);
      Cursor cursor = autoCommit.scan(entities.collection().bucket(), rest, false);
      while (keys.size() < BUILT_AT_ONCE && cursor.next()) {
        keys.add(cursor.key());
      }
      boolean last = keys.isEmpty();
      byte[] upTo = last ? new byte[0] : keys.get(keys.size() - 1);
      Meta meta = at.meta.with(last ? State.READY : State.BUILDING, upTo);
      Building next = new Building(at.number, meta, at.done + keys.size());
      autoCommit.atomically(
          within -> {
            for (byte[] key : keys) {
              byte[] value = within.get(entities.collection().bucket(), key);
              if (value != null) {
                E entity = entities.collection().decodeValue(key, value);
                index.keysOf(entity, key).forEach(entry -> put(within, index, entry, key));
              }
            }
            within.put(bucket, metaKey(next.number), next.meta.encode());
            return null;
          });
      lock.lock();
      try {
        if (last) {
          building.remove(index.definition().name());
          return;
        }
        building.put(index.definition().name(), next);
      } finally {
        lock.unlock();
      }
      at = next;
    }
  }

  /** From now on entities that are found by this index are not deleted. */
  void addReferrer(EntityIndexes<?, ?> others, String index) {
    referrers.put(
        others.entities.name() + " " + index, new Referrer(others, others.declared(index)));
  }

  /** Ensures: nothing refers to an entity. */
  void requireNotReferredTo(Access within, K key) {
    for (Referrer each : referrers.values()) {
      KeyRange entries = KeyRange.prefix(each.index.equalTo(key));
      if (within.scan(each.indexes.bucket, entries, false).next()) {
        throw new ReferenceViolationException(
            this
                + ": "
                + key
                + " is referred to by '"
                + each.index.definition().name()
                + "' of "
                + each.indexes);
      }
    }
  }

  /** Changes all indexes from one state of an entity to another; null if it is not there. */
  void change(Access within, byte[] key, @Nullable E before, @Nullable E after) {
    for (EntityIndex<E, ?> index : byName.values()) {
      var gone = index.keysOf(before, key);
      var come = index.keysOf(after, key);
      for (byte[] entry : gone) {
        if (!come.contains(entry) && isOf(within, index, entry, key)) {
          within.delete(bucket, entry); // also if it is not there: who builds it meets a conflict
        }
      }
      for (byte[] entry : come) {
        if (!gone.contains(entry)) {
          put(within, index, entry, key);
        }
      }
    }
  }

  /** Whether an entry is not that of another entity, as when a unique index can't be built. */
  private boolean isOf(Access within, EntityIndex<E, ?> index, byte[] entry, byte[] key) {
    byte[] owner = index.isUnique() ? within.get(bucket, entry) : null;
    return owner == null || Arrays.equals(owner, key);
  }

  private <I> void put(Access within, EntityIndex<E, I> index, byte[] entry, byte[] key) {
    if (!index.isUnique()) {
      within.put(bucket, entry, new byte[0]);
      return;
    }
    byte[] other = within.get(bucket, entry);
    if (other != null && !Arrays.equals(other, key)) {
      throw new UniqueViolationException(
          toString(),
          index.definition().name(),
          index.value(entry),
          entities.collection().decodeKey(key),
          entities.collection().decodeKey(other));
    }
    within.put(bucket, entry, key);
  }

  /** For messages. */
  @Override
  public String toString() {
    return "entities '" + entities.name() + "' in " + entities.collection().store();
  }
}
