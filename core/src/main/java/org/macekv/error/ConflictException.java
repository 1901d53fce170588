package org.macekv.error;

/**
 * Another transaction committed a change to the same key first. Nothing of the losing transaction
 * was kept; running it again from its beginning is the cure, and {@code Mace.transact} does so.
 */
public class ConflictException extends MaceException {
  private static final long serialVersionUID = 1L;

  private final String bucket;
  private final byte[] key;
  private final int attempts;

  /**
   * @param bucket the name of the bucket
   * @param key the key that both wrote
   * @param attempts how often the work was tried, 1 for a transaction of its own
   */
  public ConflictException(String bucket, byte[] key, int attempts) {
    super(
        "conflict in bucket '"
            + bucket
            + "' on key "
            + Bytes.describe(key)
            + ": another transaction committed it first"
            + (attempts > 1 ? " (" + attempts + " attempts)" : ""));
    this.bucket = bucket;
    this.key = key.clone();
    this.attempts = attempts;
  }

  /** The name of the bucket in which the conflict arose. */
  public String bucket() {
    return bucket;
  }

  /** A copy of the key that both transactions wrote. */
  public byte[] key() {
    return key.clone();
  }

  /** How often the work was tried. */
  public int attempts() {
    return attempts;
  }
}
