package org.macekv.internal.txn;

import org.jspecify.annotations.Nullable;
import org.macekv.internal.log.LargeValues;

/**
 * The values of a load: large ones are written to the log ahead of it, which is kept from where
 * they are until this is closed. Confined to one thread at a time.
 */
public final class ValueLoad implements AutoCloseable {
  private final Committer committer;
  private final int bucketId;
  private final String bucketName;
  private final int inlineLimit;
  private LogPins.@Nullable Pin pin;

  /** Values for a bucket that is not there yet. */
  public ValueLoad(Committer committer, int bucketId, String bucketName, int inlineLimit) {
    this.committer = committer;
    this.bucketId = bucketId;
    this.bucketName = bucketName;
    this.inlineLimit = inlineLimit;
  }

  /** Throws if a key or a value is too long. */
  public void check(byte[] key, byte[] value) {
    Limits.checkKey(bucketName, key);
    Limits.checkValue(bucketName, value);
  }

  /** A copy of the value, or where it was written to if it is large. */
  public Object copied(byte[] key, byte[] value) {
    if (value.length <= inlineLimit) {
      return value.clone();
    }
    if (pin == null) {
      pin = committer.pin(null);
    }
    return committer.append(bucketId, key, LargeValues.Source.of(value));
  }

  /** Lets go of the log. Idempotent. */
  @Override
  public void close() {
    LogPins.Pin held = pin;
    if (held != null) {
      held.close();
    }
  }
}
