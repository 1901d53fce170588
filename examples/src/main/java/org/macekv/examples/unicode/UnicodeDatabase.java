package org.macekv.examples.unicode;

import java.util.ArrayList;
import java.util.List;
import org.macekv.collections.Entities;
import org.macekv.collections.PersistentStore;
import org.macekv.collections.Query;

/** The characters, found by name, block, script, number and properties. */
public final class UnicodeDatabase {
  private static final int AT_ONCE = 1000;

  private final PersistentStore store;
  private final Entities<Integer, UnicodeCharacter> characters;

  /** The database in a store. */
  public UnicodeDatabase(PersistentStore store) {
    this.store = store;
    this.characters =
        store
            .entities("characters", UnicodeCharacter.class)
            .key(UnicodeCharacter::codePoint)
            .unique("name", UnicodeCharacter::name)
            .index("block", UnicodeCharacter::block)
            .index("script", UnicodeCharacter::script)
            .index("number", UnicodeCharacter::number)
            .indexEach("property", String.class, UnicodeCharacter::properties)
            .open();
  }

  /** Stores all characters below a code point that are not there. */
  public void fill(int end) {
    List<UnicodeCharacter> batch = new ArrayList<>();
    for (int codePoint = 0; codePoint < end; codePoint++) {
      if (!characters.contains(codePoint)) {
        UnicodeCharacter.of(codePoint).ifPresent(batch::add);
      }
      if (batch.size() == AT_ONCE || codePoint == end - 1) {
        store.transact(() -> batch.forEach(characters::put));
        batch.clear();
      }
    }
  }

  /** How many there are. */
  public long count() {
    return characters.count();
  }

  /** All characters, to ask for more of. */
  public Query<Integer, UnicodeCharacter> all() {
    return characters.all();
  }
}
