package org.macekv.internal.engine;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.macekv.internal.format.BigEndian;
import org.macekv.internal.format.ByteReader;
import org.macekv.internal.format.ByteReader.MalformedException;
import org.macekv.internal.format.PageFileLayout;
import org.macekv.internal.format.Varint;
import org.macekv.internal.mvcc.Commit;
import org.macekv.internal.mvcc.Marks;
import org.macekv.internal.mvcc.SnapshotRegistry;
import org.macekv.internal.pages.CheckpointRecord;
import org.macekv.internal.pages.LiveBytes;
import org.macekv.internal.tree.Tree;
import org.macekv.internal.tree.TreeCursor;
import org.macekv.internal.tree.TreeStore;
import org.macekv.internal.txn.Limits;
import org.macekv.internal.txn.StoredBucket;
import org.macekv.option.BucketOptions;
import org.macekv.option.Compression;

/**
 * The buckets by name and by id. What is durable of it lives in bucket 0, the catalog bucket, so
 * that it is logged, recovered and versioned like all data.
 *
 * <p>An entry's key is the name in UTF-8; its value is, in big-endian:
 *
 * <pre>
 *  offset  length  field
 *       0       1  format: 1, or 2 if the bucket was loaded as a whole
 *       1       4  bucket id
 *       5       1  1 if counted, else 0
 *       6       4  inline limit in bytes
 *      10       4  leaf size in bytes
 *      14       1  compression of page images: 0 none, 1 Zstandard
 * </pre>
 *
 * <p>Of a bucket that was loaded follow, as varints, the number of the load's page files, number
 * and length of each, and the bucket as a manifest record has it, without the live bytes of pages:
 * all images in these files are live. That is what the bucket is until the first checkpoint that
 * has it, and means nothing later.
 *
 * <p>The entry of the empty key has the next free bucket id as its value, 4 bytes.
 */
final class Catalog {
  static final int BUCKET_ID = 0;
  static final int FIRST_FREE_ID = 1;
  static final byte[] NEXT_ID_KEY = {};
  static final int MAX_NAME_BYTES = 1024;
  private static final byte FORMAT = 1;
  private static final byte LOADED_FORMAT = 2;
  private static final int VALUE_LENGTH = 15;

  private final SnapshotRegistry registry;
  private final Marks marks;
  private final TreeStore store;
  private final Map<Integer, CheckpointRecord.BucketRoot> roots = new HashMap<>();
  private final StoredBucket bucket;
  private final Map<String, StoredBucket> byName = new ConcurrentHashMap<>();
  private final Map<Integer, StoredBucket> byId = new ConcurrentHashMap<>();
  // Only whether looking is worth while; written by droppers and purgers (volatile).
  private volatile boolean hasDropped;

  /**
   * The catalog of a store.
   *
   * @param found the buckets of the newest checkpoint, none if there is none
   */
  Catalog(
      SnapshotRegistry registry,
      Marks marks,
      TreeStore store,
      List<CheckpointRecord.BucketRoot> found) {
    this.registry = registry;
    this.marks = marks;
    this.store = store;
    for (CheckpointRecord.BucketRoot each : found) {
      roots.put(each.id(), each);
    }
    this.bucket =
        new StoredBucket(
            BUCKET_ID,
            "(catalog)",
            BucketOptions.defaults().withCounted(false),
            Limits.MAX_INLINE_BYTES,
            registry,
            marks,
            store,
            roots.get(BUCKET_ID));
    byId.put(BUCKET_ID, bucket);
  }

  /**
   * Finds the buckets of the checkpoint. To be called before the log is replayed.
   *
   * @throws MalformedException if the catalog makes no sense
   */
  void load() throws MalformedException {
    TreeCursor cursor = bucket.tree().scan(new byte[0], null, Tree.LIVE);
    while (cursor.next()) {
      replay(cursor.key(), (byte[]) cursor.value());
    }
  }

  /** All buckets, dropped ones that a view may see, and the catalog's own. */
  Collection<StoredBucket> all() {
    return byId.values();
  }

  /** The bucket that the catalog is kept in. */
  StoredBucket bucket() {
    return bucket;
  }

  @Nullable StoredBucket find(String name) {
    return byName.get(name);
  }

  @Nullable StoredBucket find(int id) {
    return byId.get(id);
  }

  /** Makes a bucket findable by its id, for views; a creation that fails leaves it empty there. */
  void announce(StoredBucket created) {
    byId.put(created.id(), created);
  }

  void add(StoredBucket added) {
    announce(added);
    byName.put(added.name(), added);
  }

  /** Forgets the name; what the bucket held is still there for views that are older. */
  void remove(StoredBucket removed) {
    byName.remove(removed.name(), removed);
    hasDropped = true;
  }

  /** Whether dropped buckets wait to be let go of. */
  boolean hasDropped() {
    return hasDropped;
  }

  /** Whether {@link #purge} would let go of anything. */
  boolean hasPurgeable(long oldest) {
    return byId.values().stream().anyMatch(each -> each.isDroppedAt(oldest));
  }

  /** Lets go of dropped buckets that nobody can see who reads at or above {@code oldest}. */
  void purge(long oldest) {
    for (StoredBucket each : List.copyOf(byId.values())) {
      if (each.isDroppedAt(oldest) && byId.remove(each.id(), each)) {
        each.tree().abandon();
      }
    }
    hasDropped = byId.values().stream().anyMatch(each -> each.isDroppedAt(Commit.ABORTED));
  }

  /** Takes back what {@link #announce} did: the bucket never came to be. */
  void renounce(StoredBucket created) {
    byId.remove(created.id(), created);
  }

  StoredBucket create(int id, String name, BucketOptions options) {
    return create(id, name, options, roots.get(id));
  }

  /**
   * A bucket that nobody can find yet.
   *
   * @param found what is in it; null: nothing
   */
  StoredBucket create(
      int id, String name, BucketOptions options, CheckpointRecord.@Nullable BucketRoot found) {
    return new StoredBucket(
        id, name, options, options.inlineLimitBytes(), registry, marks, store, found);
  }

  /** What recovery found in the catalog bucket: a bucket came or went. */
  void replay(byte[] key, byte @Nullable [] value) throws MalformedException {
    if (key.length == 0) {
      return;
    }
    String name = name(key);
    if (value == null) {
      StoredBucket dropped = byName.get(name);
      if (dropped != null) {
        byName.remove(name);
        byId.remove(dropped.id());
        dropped.tree().abandon();
      }
    } else {
      add(decode(name, value));
    }
  }

  /** The bucket that an entry describes, as the newest checkpoint has it. */
  private StoredBucket decode(String name, byte[] value) throws MalformedException {
    ByteReader reader = new ByteReader(value, 0, value.length);
    byte[] fields = reader.readBytes(VALUE_LENGTH);
    try {
      BucketOptions options =
          new BucketOptions(
              fields[5] == 1,
              BigEndian.getInt(fields, 6),
              BigEndian.getInt(fields, 10),
              Compression.of(fields[14]));
      int id = BigEndian.getInt(fields, 1);
      if (fields[0] == FORMAT && !reader.hasMore()) {
        return found(id, name, options);
      }
      if (fields[0] == LOADED_FORMAT) {
        return loaded(id, name, options, reader);
      }
    } catch (IllegalArgumentException e) {
      throw reader.malformed("the catalog's entry of '" + name + "': " + e.getMessage());
    }
    throw reader.malformed("the catalog's entry of '" + name + "' has an unknown form");
  }

  /** A bucket that was loaded; the checkpoint may have it. */
  private StoredBucket loaded(int id, String name, BucketOptions options, ByteReader reader)
      throws MalformedException {
    Map<Integer, Integer> files = new HashMap<>();
    LiveBytes live = new LiveBytes();
    int count = reader.readInt("number of page files", Integer.MAX_VALUE);
    for (int i = 0; i < count; i++) {
      int file = reader.readInt("number of a page file", Integer.MAX_VALUE);
      int length = reader.readInt("length of a page file", Integer.MAX_VALUE);
      files.put(file, length);
      live.addPages(file, (long) length - PageFileLayout.HEADER_LENGTH);
    }
    CheckpointRecord.BucketRoot root = CheckpointRecord.BucketRoot.read(reader);
    if (root.id() != id || reader.hasMore()) {
      throw reader.malformed("the catalog's entry of '" + name + "' has an unknown form");
    }
    if (roots.containsKey(id)) {
      return found(id, name, options);
    }
    live.add(root.live());
    store.pages().recoverLoaded(files);
    return create(
        id,
        name,
        options,
        new CheckpointRecord.BucketRoot(id, root.count(), root.level(), root.root(), live));
  }

  /** A bucket that is new, or that is known and was given other options. */
  private StoredBucket found(int id, String name, BucketOptions options) {
    StoredBucket known = byId.get(id);
    if (known == null) {
      return create(id, name, options);
    }
    if (!known.options().isSameForm(options)) {
      throw new IllegalArgumentException("it was " + known.options() + ", and is " + options);
    }
    known.setOptions(options);
    return known;
  }

  /** The id of the bucket that an entry describes. */
  static int id(byte[] value) throws MalformedException {
    return BigEndian.getInt(new ByteReader(value, 1, value.length).readBytes(4), 0);
  }

  static byte[] encode(int id, BucketOptions options) {
    byte[] value = new byte[VALUE_LENGTH];
    value[0] = FORMAT;
    BigEndian.putInt(value, 1, id);
    value[5] = (byte) (options.counted() ? 1 : 0);
    BigEndian.putInt(value, 6, options.inlineLimitBytes());
    BigEndian.putInt(value, 10, options.leafBytes());
    value[14] = (byte) options.compression().code();
    return value;
  }

  /**
   * The entry of a bucket that was loaded.
   *
   * @param root what was loaded, with what it needs of large values only
   * @param files the load's page files by number, with their lengths
   */
  static byte[] encode(
      BucketOptions options, CheckpointRecord.BucketRoot root, Map<Integer, Integer> files) {
    byte[] fields = encode(root.id(), options);
    fields[0] = LOADED_FORMAT;
    int bound = VALUE_LENGTH + 10 + files.size() * 20 + root.encodedBound();
    byte[] value = Arrays.copyOf(fields, bound);
    int at = Varint.put(value, VALUE_LENGTH, files.size());
    for (Map.Entry<Integer, Integer> each : files.entrySet()) {
      at = Varint.put(value, at, each.getKey());
      at = Varint.put(value, at, each.getValue());
    }
    return Arrays.copyOf(value, root.put(value, at));
  }

  static byte[] encodeId(int id) {
    byte[] value = new byte[4];
    BigEndian.putInt(value, 0, id);
    return value;
  }

  static byte[] key(String name) {
    byte[] key = name.getBytes(StandardCharsets.UTF_8);
    if (key.length == 0 || key.length > MAX_NAME_BYTES) {
      throw new IllegalArgumentException(
          "the name of a bucket has "
              + key.length
              + " bytes in UTF-8, expected 1 to "
              + MAX_NAME_BYTES);
    }
    if (!name(key).equals(name)) {
      throw new IllegalArgumentException("the name of a bucket has an unpaired surrogate");
    }
    return key;
  }

  static String name(byte[] key) {
    return new String(key, StandardCharsets.UTF_8);
  }
}
