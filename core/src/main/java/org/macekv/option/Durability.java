package org.macekv.option;

/** What a commit has survived when it returns, from strongest to weakest. */
public enum Durability {
  /** On the device: survives a power cut. */
  SYNC(1),
  /** Handed to the operating system: survives the end of this process, not a power cut. */
  WRITE(2),
  /**
   * In this process' memory: the background begins to hand it to the operating system and to sync
   * it at most one {@linkplain MaceOptions#flushIntervalMillis() flush interval} later.
   */
  BUFFERED(3);

  private final int code;

  Durability(int code) {
    this.code = code;
  }

  /** The code that stands for this level on disk. */
  public int code() {
    return code;
  }
}
