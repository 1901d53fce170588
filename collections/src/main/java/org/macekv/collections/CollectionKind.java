package org.macekv.collections;

/** What a collection is. */
public enum CollectionKind {
  /** A {@link PersistentNavigableMap}. */
  NAVIGABLE_MAP(1, "map"),
  /** A {@link PersistentSet}. */
  SET(2, "set"),
  /** A {@link PersistentMap} that promises no order. */
  MAP(3, "map without order"),
  /** A {@link PersistentMultimap}. */
  MULTIMAP(4, "multimap"),
  /** A {@link PersistentQueue}. */
  QUEUE(5, "queue"),
  /** A {@link PersistentCounter}. */
  COUNTER(6, "counter"),
  /** A {@link PersistentSequence}. */
  SEQUENCE(7, "sequence"),
  /** {@link Entities}. */
  ENTITIES(8, "entities");

  private final int code;
  private final String word;

  CollectionKind(int code, String word) {
    this.code = code;
    this.word = word;
  }

  /** The number that is stored. */
  int code() {
    return code;
  }

  /** For messages. */
  String word() {
    return word;
  }

  static CollectionKind of(int code) {
    for (CollectionKind kind : values()) {
      if (kind.code == code) {
        return kind;
      }
    }
    throw new IllegalArgumentException("no kind of collection has the code " + code);
  }
}
