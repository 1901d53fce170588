package org.macekv.collections;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.macekv.Bucket;
import org.macekv.Mace;

/**
 * Which collections a store has, with their types: a bucket from names to {@link CollectionRecord}.
 * Its changes are transactions of their own, independent of any scope. Thread-safe.
 */
final class CollectionCatalog {
  private static final String CATALOG_BUCKET = "catalog/collections";
  private static final String COLLECTION_BUCKET_PREFIX = "collection/";
  private static final int MAX_NAME_BYTES = 1000;

  private final Mace mace;
  private final Bucket records;
  private final ConcurrentMap<String, CollectionRecord> known = new ConcurrentHashMap<>();

  CollectionCatalog(Mace mace) {
    this.mace = mace;
    this.records = mace.bucket(CATALOG_BUCKET);
  }

  /**
   * The bucket of the collection {@code name}, which is created if there is none.
   *
   * @throws CollectionTypeException if the store has it as something else than {@code asked}
   */
  Bucket open(String name, CollectionRecord asked) {
    CollectionRecord stored = known.get(name);
    if (stored == null) {
      stored = findOrAdd(name, asked);
      known.put(name, stored);
    }
    if (!stored.equals(asked)) {
      throw new CollectionTypeException(mace.name(), name, stored.toString(), asked.toString());
    }
    // The record comes first: a crash in between leaves a collection that is empty, not untyped.
    return mace.bucket(COLLECTION_BUCKET_PREFIX + name);
  }

  private CollectionRecord findOrAdd(String name, CollectionRecord asked) {
    byte[] key = name.getBytes(StandardCharsets.UTF_8);
    if (key.length == 0 || key.length > MAX_NAME_BYTES) {
      throw new IllegalArgumentException(
          "the name of a collection has "
              + key.length
              + " bytes in UTF-8, expected 1 to "
              + MAX_NAME_BYTES);
    }
    byte[] present = records.get(key);
    if (present == null) {
      present =
          mace.transact(
              transaction -> {
                byte[] now = transaction.get(records, key);
                if (now == null) {
                  transaction.put(records, key, asked.encode());
                }
                return now;
              });
    }
    return present == null
        ? asked
        : CollectionRecord.decode("collection '" + name + "' in " + mace.name(), present);
  }
}
