package org.macekv.examples.hello;

import java.nio.file.Path;
import org.macekv.collections.PersistentNavigableMap;
import org.macekv.collections.PersistentStore;

/** A map that survives the process: each run counts one visit more. */
public final class Hello {
  private Hello() {}

  /** Greets, and says how often it has done so. */
  public static void main(String[] arguments) {
    try (PersistentStore store = PersistentStore.open(Path.of("hello-store"))) {
      PersistentNavigableMap<String, Integer> visits =
          store.navigableMap("visits", String.class, Integer.class);
      int visit = visits.merge("world", 1, Integer::sum); // durable when it returns
      System.out.println("Hello, world! This is visit " + visit + ".");
    }
  }
}
