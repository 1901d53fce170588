package org.macekv;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a store shall do, in the plainest form: maps of entries that are copied before they change
 * once a snapshot holds them, and for each key the sequence number of its last change.
 */
final class ModelStore {
  /** A bucket; goes on existing for older snapshots when it is dropped. */
  static final class ModelBucket {
    final String name;
    private NavigableMap<byte[], byte[]> entries = Samples.sortedMap();
    private boolean shared;
    private long droppedAt = Long.MAX_VALUE;
    private long loadedAt;

    /** Sequence of the last change of each key. */
    private final TreeMap<byte[], Long> changes = new TreeMap<>(java.util.Arrays::compareUnsigned);

    /** The same for deletions of what was not there: the store may or may not count them. */
    private final TreeMap<byte[], Long> emptyChanges =
        new TreeMap<>(java.util.Arrays::compareUnsigned);

    private ModelBucket(String name) {
      this.name = name;
    }

    boolean isDropped() {
      return droppedAt < Long.MAX_VALUE;
    }

    /** The sequence number of the drop. */
    long droppedAt() {
      return droppedAt;
    }

    /** The newest entries. Not to be kept over a change. */
    NavigableMap<byte[], byte[]> entries() {
      return entries;
    }

    private NavigableMap<byte[], byte[]> mutableEntries() {
      if (shared) {
        NavigableMap<byte[], byte[]> copy = Samples.sortedMap();
        copy.putAll(entries);
        entries = copy;
        shared = false;
      }
      return entries;
    }
  }

  /** An unchanging state. */
  record Snapshot(long sequence, Map<ModelBucket, NavigableMap<byte[], byte[]>> entries) {
    /** The entries of the bucket, none if it was created later. Not to be changed. */
    NavigableMap<byte[], byte[]> of(ModelBucket bucket) {
      return entries.getOrDefault(bucket, Samples.sortedMap());
    }

    @Nullable ModelBucket find(String name) {
      for (ModelBucket bucket : entries.keySet()) {
        if (bucket.name.equals(name)) {
          return bucket;
        }
      }
      return null;
    }
  }

  /** A transaction: a snapshot, and what was written over it (null values are deletions). */
  static final class Writes {
    final Snapshot snapshot;
    private final Map<ModelBucket, NavigableMap<byte[], byte[]>> written = new LinkedHashMap<>();
    private final Map<ModelBucket, NavigableMap<byte[], byte[]>> seen = new HashMap<>();

    private Writes(Snapshot snapshot) {
      this.snapshot = snapshot;
    }

    /** What the transaction sees of the bucket. Not to be changed. */
    NavigableMap<byte[], byte[]> of(ModelBucket bucket) {
      return seen.getOrDefault(bucket, snapshot.of(bucket));
    }

    void write(ModelBucket bucket, byte[] key, byte @Nullable [] value) {
      written.computeIfAbsent(bucket, b -> Samples.sortedMap()).put(key, value);
      var own = seen.computeIfAbsent(bucket, b -> new TreeMap<>(snapshot.of(b)));
      if (value == null) {
        own.remove(key);
      } else {
        own.put(key, value);
      }
    }

    boolean isEmpty() {
      return written.isEmpty();
    }

    boolean wroteToDroppedBucket() {
      return written.keySet().stream().anyMatch(ModelBucket::isDropped);
    }

    /** Keys that somebody changed since the snapshot, as {@code bucket/key}. */
    List<String> conflicts() {
      return changedSince(false);
    }

    /** Keys that somebody deleted since the snapshot although they were not there. */
    List<String> emptyConflicts() {
      return changedSince(true);
    }

    private List<String> changedSince(boolean empty) {
      List<String> conflicts = new ArrayList<>();
      written.forEach(
          (bucket, keys) -> {
            if (bucket.loadedAt > snapshot.sequence && !empty) {
              conflicts.add(conflict(bucket.name, null));
            }
            for (byte[] key : keys.keySet()) {
              var changes = empty ? bucket.emptyChanges : bucket.changes;
              if (changes.getOrDefault(key, 0L) > snapshot.sequence) {
                conflicts.add(conflict(bucket.name, key));
              }
            }
          });
      return conflicts;
    }
  }

  private final TreeMap<String, ModelBucket> buckets = new TreeMap<>();
  private long sequence = 1;

  static String conflict(String bucket, byte @Nullable [] key) {
    return bucket + "/" + Samples.describe(key);
  }

  List<String> bucketNames() {
    return List.copyOf(buckets.keySet());
  }

  @Nullable ModelBucket find(String name) {
    return buckets.get(name);
  }

  ModelBucket create(String name) {
    sequence++;
    ModelBucket bucket = new ModelBucket(name);
    buckets.put(name, bucket);
    return bucket;
  }

  /** A bucket that is there with all of its entries at once. */
  ModelBucket load(String name, NavigableMap<byte[], byte[]> entries) {
    ModelBucket bucket = create(name);
    bucket.entries.putAll(entries);
    bucket.loadedAt = sequence;
    return bucket;
  }

  void drop(String name) {
    sequence++;
    buckets.remove(name).droppedAt = sequence;
  }

  Snapshot snapshot() {
    Map<ModelBucket, NavigableMap<byte[], byte[]>> entries = new LinkedHashMap<>();
    for (ModelBucket bucket : buckets.values()) {
      bucket.shared = true;
      entries.put(bucket, bucket.entries);
    }
    return new Snapshot(sequence, entries);
  }

  Writes begin() {
    return new Writes(snapshot());
  }

  void commit(Writes writes) {
    sequence++;
    writes.written.forEach((bucket, keys) -> keys.forEach((key, v) -> change(bucket, key, v)));
  }

  /** A single put, or a deletion if the value is null. Returns the value before. */
  byte @Nullable [] write(ModelBucket bucket, byte[] key, byte @Nullable [] value) {
    sequence++;
    return change(bucket, key, value);
  }

  private byte @Nullable [] change(ModelBucket bucket, byte[] key, byte @Nullable [] value) {
    var entries = bucket.mutableEntries();
    byte[] before = value == null ? entries.remove(key) : entries.put(key, value);
    boolean empty = value == null && before == null;
    (empty ? bucket.emptyChanges : bucket.changes).put(key, sequence);
    return before;
  }
}
