package org.macekv.collections;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;
import org.macekv.Bucket;
import org.macekv.Cursor;
import org.macekv.KeyRange;
import org.macekv.Mace;
import org.macekv.serialization.ClassCatalog;
import org.macekv.serialization.SerializationException;

/**
 * The class catalog of a store: a bucket from ids (4 B, big-endian) to names (UTF-8), all of it in
 * memory too. Thread-safe.
 *
 * <p>An id is committed in a transaction of its own before anybody gets to know it, so it lies
 * before every value that uses it in the log. Recovery keeps a prefix of the log; so if the value
 * is there after a crash, at whatever durability, its id is, and it does not matter whether the
 * scope that asked for it commits.
 */
final class StoredClassCatalog implements ClassCatalog {
  private static final String CATALOG_BUCKET = "catalog/classes";

  private final Mace mace;
  private final Bucket bucket;
  private final ConcurrentMap<String, Integer> ids = new ConcurrentHashMap<>();
  private final ConcurrentMap<Integer, String> names = new ConcurrentHashMap<>();

  /** Covers a commit, hence no monitor. */
  private final ReentrantLock assigning = new ReentrantLock();

  @GuardedBy("assigning")
  private int nextId;

  StoredClassCatalog(Mace mace) {
    this.mace = mace;
    this.bucket = mace.bucket(CATALOG_BUCKET);
    Cursor cursor = bucket.scan(KeyRange.all());
    while (cursor.next()) {
      int id = ByteBuffer.wrap(cursor.key()).getInt();
      remember(id, new String(cursor.value(), StandardCharsets.UTF_8));
      nextId = id + 1;
    }
  }

  @Override
  public int idOf(String className) {
    Integer known = ids.get(className);
    return known != null ? known : assign(className);
  }

  @Override
  public String nameOf(int id) {
    String name = names.get(id);
    if (name == null) {
      throw new SerializationException("no class has the id " + id + " in " + mace.name());
    }
    return name;
  }

  @Override
  public Set<String> names() {
    return Set.copyOf(ids.keySet());
  }

  private int assign(String className) {
    assigning.lock();
    try {
      Integer known = ids.get(className);
      if (known != null) {
        return known;
      }
      int id = nextId;
      bucket.put(
          ByteBuffer.allocate(Integer.BYTES).putInt(id).array(),
          className.getBytes(StandardCharsets.UTF_8));
      nextId = id + 1;
      remember(id, className);
      return id;
    } finally {
      assigning.unlock();
    }
  }

  private void remember(int id, String name) {
    ids.put(name, id);
    names.put(id, name);
  }
}
