package org.macekv.bench;

import java.nio.file.Path;
import org.macekv.option.Durability;

/** The stores that are measured side by side. */
public enum Peer {
  /** {@link java.util.concurrent.ConcurrentSkipListMap}. */
  SKIP_LIST("skip list"),
  /** RocksDB through JNI. */
  ROCKSDB("RocksDB"),
  /** The engine of this project. */
  MACE("Mace");

  private final String title;

  Peer(String title) {
    this.title = title;
  }

  /** The name in the table. */
  String title() {
    return title;
  }

  /**
   * Opens a new store.
   *
   * @param directory an empty directory for its files
   * @param durability what a put survives when it returns, where the store has a choice
   */
  ByteStore open(Path directory, Durability durability) {
    return switch (this) {
      case SKIP_LIST -> new SkipListStore();
      case ROCKSDB -> new RocksStore(directory, durability);
      case MACE -> new MaceStore(directory, durability);
    };
  }
}
