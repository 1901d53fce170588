package org.macekv.option;

/**
 * How a bucket stores its entries. Persisted when the bucket is created; opening it later with
 * other options is refused.
 *
 * @param counted whether the exact number of entries is kept at hand; default true
 * @param inlineLimitBytes values longer than this are written once, as value records in the log,
 *     and the tree holds a pointer; 256 B to 64 KiB, default 4 KiB
 * @param leafBytes the size of keys and small values at which a leaf of the tree is split; 256 B to
 *     64 KiB, default 8 KiB
 */
public record BucketOptions(boolean counted, int inlineLimitBytes, int leafBytes) {

  private static final BucketOptions DEFAULTS = new BucketOptions(true, 4 << 10, 8 << 10);

  /** Checks the ranges. */
  public BucketOptions {
    MaceOptions.requireRange("inlineLimitBytes", inlineLimitBytes, 256, 64 << 10);
    MaceOptions.requireRange("leafBytes", leafBytes, 256, 64 << 10);
  }

  /** The defaults. */
  public static BucketOptions defaults() {
    return DEFAULTS;
  }

  /** With or without a count of entries. */
  public BucketOptions withCounted(boolean value) {
    return new BucketOptions(value, inlineLimitBytes, leafBytes);
  }

  /** With this longest value, in bytes, that lives in the tree itself. */
  public BucketOptions withInlineLimitBytes(int value) {
    return new BucketOptions(counted, value, leafBytes);
  }

  /** With this size of leaves in bytes. */
  public BucketOptions withLeafBytes(int value) {
    return new BucketOptions(counted, inlineLimitBytes, value);
  }
}
