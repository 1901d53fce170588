package org.macekv.collections;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.macekv.Bucket;
import org.macekv.BulkLoader;
import org.macekv.Cursor;
import org.macekv.KeyRange;
import org.macekv.Mace;
import org.macekv.View;
import org.macekv.option.BucketOptions;
import org.macekv.option.BulkLoadOptions;

/**
 * Which collections a store has, with their types: a bucket from names to {@link CollectionRecord},
 * and under the empty name the number that the next collection gets. Its changes are transactions
 * of their own, independent of any scope. Thread-safe.
 *
 * <p>Invariants: a record is written when its bucket is there, and gone before its bucket goes;
 * numbers are never used again. So what a crash leaves is at most a bucket without a record, which
 * the next opening drops.
 */
final class CollectionCatalog {
  private static final String CATALOG_BUCKET = "catalog/collections";
  private static final String COLLECTION_BUCKET_PREFIX = "collection/";
  private static final int MAX_NAME_BYTES = 1000;
  private static final byte[] NEXT_NUMBER = {};

  private final Mace mace;
  private final UnaryOperator<String> keysOfToday;
  private final Bucket records;

  /** So that what is opened is not dropped meanwhile, and made once. */
  private final ReentrantLock changes = new ReentrantLock();

  private final Map<String, CollectionRecord> known = new HashMap<>(); // guarded by changes

  /**
   * The catalog of a store.
   *
   * @param keysOfToday makes the identity of a key codec of today of one that was stored
   */
  CollectionCatalog(Mace mace, UnaryOperator<String> keysOfToday) {
    this.mace = mace;
    this.keysOfToday = keysOfToday;
    this.records = mace.bucket(CATALOG_BUCKET);
    if (!mace.options().readOnly()) {
      dropStrays();
    }
  }

  private void dropStrays() {
    Set<String> needed = new HashSet<>();
    Cursor cursor = records.scan(KeyRange.greaterThan(NEXT_NUMBER));
    while (cursor.next()) {
      String bucket = bucketName(decode(text(cursor.key()), cursor.value()));
      needed.add(bucket);
      needed.add(indexBucketName(bucket));
    }
    for (String each : mace.bucketNames()) {
      if (each.startsWith(COLLECTION_BUCKET_PREFIX) && !needed.contains(each)) {
        mace.dropBucket(each);
      }
    }
  }

  /**
   * The bucket of the collection {@code name}, which is created if there is none.
   *
   * @param readsValues whether values of a stored identity are read
   * @param options of its bucket; null for what it has, or the defaults
   * @throws CollectionTypeException if the store has it as something else than {@code asked}
   */
  Bucket open(
      String name,
      CollectionRecord.Type asked,
      Predicate<String> readsValues,
      @Nullable BucketOptions options) {
    changes.lock();
    try {
      CollectionRecord stored = find(name);
      if (stored == null) {
        return create(name, asked, options);
      }
      CollectionRecord.Type type = stored.type();
      if (type.kind() != asked.kind()
          || !keysOfToday.apply(type.keys()).equals(asked.keys())
          || !readsValues.test(type.values())) {
        throw new CollectionTypeException(mace.name(), name, type.toString(), asked.toString());
      }
      return bucket(bucketName(stored), options);
    } finally {
      changes.unlock();
    }
  }

  /** Requires: changes. */
  private @Nullable CollectionRecord find(String name) {
    CollectionRecord found = known.get(name);
    if (found == null) {
      byte[] bytes = records.get(key(name));
      if (bytes != null) {
        found = decode(name, bytes);
        known.put(name, found);
      }
    }
    return found;
  }

  /** Requires: changes. */
  private CollectionRecord require(String name) {
    CollectionRecord found = find(name);
    if (found == null) {
      throw new IllegalArgumentException("there is no collection '" + name + "' in " + mace.name());
    }
    return found;
  }

  /** Requires: changes. */
  private void requireFree(String name) {
    if (find(name) != null) {
      throw new IllegalArgumentException(
          "there is a collection '" + name + "' in " + mace.name() + " already");
    }
  }

  private Bucket create(String name, CollectionRecord.Type type, @Nullable BucketOptions options) {
    CollectionRecord record = new CollectionRecord(type, nextNumber());
    Bucket bucket = bucket(bucketName(record), options);
    add(name, record);
    return bucket;
  }

  private Bucket bucket(String name, @Nullable BucketOptions options) {
    return options == null ? mace.bucket(name) : mace.bucket(name, options);
  }

  private long nextNumber() {
    return mace.transact(
        transaction -> {
          byte[] next = transaction.getForUpdate(records, NEXT_NUMBER);
          long number = next == null ? 1 : ByteBuffer.wrap(next).getLong();
          transaction.put(
              records, NEXT_NUMBER, ByteBuffer.allocate(Long.BYTES).putLong(number + 1).array());
          return number;
        });
  }

  /** Makes the collection be there, or drops its bucket. */
  private void add(String name, CollectionRecord record) {
    boolean added = false;
    try {
      records.put(key(name), record.encode());
      known.put(name, record);
      added = true;
    } finally {
      if (!added) {
        dropBuckets(record);
      }
    }
  }

  /** All collections, by the bytes of their names. */
  List<CollectionInfo> list() {
    changes.lock();
    try {
      List<CollectionInfo> all = new ArrayList<>();
      Cursor cursor = records.scan(KeyRange.greaterThan(NEXT_NUMBER));
      while (cursor.next()) {
        String name = text(cursor.key());
        all.add(info(name, decode(name, cursor.value())));
      }
      return all;
    } finally {
      changes.unlock();
    }
  }

  /** The collection of this name, or null. */
  @Nullable CollectionInfo info(String name) {
    changes.lock();
    try {
      CollectionRecord found = find(name);
      return found == null ? null : info(name, found);
    } finally {
      changes.unlock();
    }
  }

  private CollectionInfo info(String name, CollectionRecord record) {
    Bucket bucket = mace.bucket(bucketName(record));
    CollectionRecord.Type type = record.type();
    boolean sized = type.kind() != CollectionKind.COUNTER && type.kind() != CollectionKind.SEQUENCE;
    return new CollectionInfo(
        name,
        type.kind(),
        type.keys(),
        type.values(),
        sized ? bucket.count() : 0,
        bucket.options());
  }

  /** Drops a collection; the bucket that it had, or null if there was none. */
  @Nullable Bucket drop(String name) {
    changes.lock();
    try {
      CollectionRecord found = find(name);
      if (found == null) {
        return null;
      }
      Bucket bucket = mace.bucket(bucketName(found));
      records.delete(key(name));
      known.remove(name);
      dropBuckets(found);
      return bucket;
    } finally {
      changes.unlock();
    }
  }

  /** Gives a collection another name. */
  void rename(String from, String to) {
    changes.lock();
    try {
      CollectionRecord found = require(from);
      requireFree(to);
      mace.transact(
          transaction -> {
            transaction.delete(records, key(from));
            transaction.put(records, key(to), found.encode());
            return found;
          });
      known.remove(from);
      known.put(to, found);
    } finally {
      changes.unlock();
    }
  }

  /** Makes a collection with what another has now. */
  void copy(String from, String to) {
    CollectionRecord source;
    CollectionRecord copy;
    Bucket bucket;
    changes.lock();
    try {
      source = require(from);
      requireFree(to);
      copy = new CollectionRecord(source.type(), nextNumber());
      bucket = mace.bucket(bucketName(source));
    } finally {
      changes.unlock();
    }
    try (View view = mace.view()) {
      load(view, bucket, bucketName(copy));
      Bucket indexes = mace.findBucket(indexBucketName(bucketName(source)));
      if (indexes != null) {
        load(view, indexes, indexBucketName(bucketName(copy)));
      }
    }
    changes.lock();
    try {
      boolean free = find(to) == null;
      if (free) {
        add(to, copy);
      } else {
        dropBuckets(copy);
      }
      if (!free) {
        requireFree(to); // somebody made it meanwhile
      }
    } finally {
      changes.unlock();
    }
  }

  private void load(View view, Bucket source, String target) {
    BulkLoadOptions sorted = BulkLoadOptions.defaults().withSorted(true);
    try (BulkLoader loader = mace.bulkLoad(target, source.options(), sorted)) {
      Cursor cursor = view.scan(source, KeyRange.all());
      while (cursor.next()) {
        loader.put(cursor.key(), cursor.value());
      }
      loader.commit();
    }
  }

  private CollectionRecord decode(String name, byte[] bytes) {
    return CollectionRecord.decode("collection '" + name + "' in " + mace.name(), bytes);
  }

  private void dropBuckets(CollectionRecord record) {
    mace.dropBucket(bucketName(record));
    mace.dropBucket(indexBucketName(bucketName(record)));
  }

  /** The bucket beside that of entities, which has their indexes. */
  static String indexBucketName(String bucketName) {
    return bucketName + "/index";
  }

  private static String bucketName(CollectionRecord record) {
    return COLLECTION_BUCKET_PREFIX + record.number();
  }

  private static String text(byte[] key) {
    return new String(key, StandardCharsets.UTF_8);
  }

  private static byte[] key(String name) {
    byte[] key = bytes(name);
    if (key.length == 0 || key.length > MAX_NAME_BYTES) {
      throw new IllegalArgumentException(
          "the name of a collection has "
              + key.length
              + " bytes in UTF-8, expected 1 to "
              + MAX_NAME_BYTES);
    }
    return key;
  }

  /** In UTF-8, which has no form of an unpaired surrogate: two names would have the same bytes. */
  private static byte[] bytes(String name) {
    try {
      ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(name));
      byte[] result = new byte[bytes.remaining()];
      bytes.get(result);
      return result;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(
          "the name of a collection has an unpaired surrogate, and no form in UTF-8: " + name, e);
    }
  }
}
