package org.macekv.serialization;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A catalog that lives and dies with the process, for tests and for values that do too. Numbers are
 * given from 0 up, in the order of first use.
 */
public final class InMemoryClassCatalog implements ClassCatalog {
  @GuardedBy("this")
  private final Map<String, Integer> ids = new HashMap<>();

  @GuardedBy("this")
  private final List<String> names = new ArrayList<>();

  /** Creates an empty catalog. */
  public InMemoryClassCatalog() {}

  @Override
  public synchronized int idOf(String className) {
    Integer known = ids.putIfAbsent(className, names.size());
    if (known != null) {
      return known;
    }
    names.add(className);
    return names.size() - 1;
  }

  @Override
  public synchronized String nameOf(int id) {
    if (id < 0 || id >= names.size()) {
      throw new SerializationException("no class has the number " + id + " in this catalog");
    }
    return names.get(id);
  }

  @Override
  public synchronized List<String> names() {
    return List.copyOf(names);
  }
}
