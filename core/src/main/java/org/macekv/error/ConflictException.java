package org.macekv.error;

import org.jspecify.annotations.Nullable;

/**
 * Another transaction committed a change first: to a key that this one wrote, or, if it is
 * serializable or read it for an update, that it read. Nothing of the losing transaction was kept;
 * running it again from its beginning is the cure, and {@code Mace.transact} does so.
 */
public class ConflictException extends MaceException {
  private static final long serialVersionUID = 1L;

  private final String bucket;
  private final byte @Nullable [] key;
  private final int attempts;

  /**
   * @param bucket the name of the bucket
   * @param key the key that the other changed, and this one wrote or read
   * @param attempts how often the work was tried, 1 for a transaction of its own
   */
  public ConflictException(String bucket, byte[] key, int attempts) {
    super(
        "conflict in bucket '"
            + bucket
            + "' on key "
            + Bytes.describe(key)
            + ": another transaction committed a change first"
            + times(attempts));
    this.bucket = bucket;
    this.key = key.clone();
    this.attempts = attempts;
  }

  /**
   * For a transaction that has read how many entries a bucket has.
   *
   * @param bucket the name of the bucket
   */
  public ConflictException(String bucket) {
    this(bucket, 1);
  }

  private ConflictException(String bucket, int attempts) {
    super(
        "conflict in bucket '"
            + bucket
            + "': another transaction committed a change of the number of its entries, which was"
            + " read"
            + times(attempts));
    this.bucket = bucket;
    this.key = null;
    this.attempts = attempts;
  }

  private static String times(int attempts) {
    return attempts > 1 ? " (" + attempts + " attempts)" : "";
  }

  /** The same after so many attempts, with this one as its cause. */
  public ConflictException after(int allAttempts) {
    byte[] where = key;
    ConflictException last =
        where == null
            ? new ConflictException(bucket, allAttempts)
            : new ConflictException(bucket, where, allAttempts);
    last.initCause(this);
    return last;
  }

  /** The name of the bucket in which the conflict arose. */
  public String bucket() {
    return bucket;
  }

  /**
   * A copy of the key that the other transaction changed, and this one wrote or read; null if it
   * had read the number of entries of the bucket.
   */
  public byte @Nullable [] key() {
    return key == null ? null : key.clone();
  }

  /** How often the work was tried. */
  public int attempts() {
    return attempts;
  }
}
