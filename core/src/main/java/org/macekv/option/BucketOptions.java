package org.macekv.option;

import java.util.Objects;

/**
 * How a bucket stores its entries. Persisted when the bucket is created. What fixes the form of its
 * data ({@code counted}, {@code inlineLimitBytes}, {@code leafBytes}) stays as it was then: opening
 * the bucket with another value is refused. The rest can be changed at any time, by opening it with
 * the new value.
 *
 * @param counted whether the exact number of entries is kept at hand; default true
 * @param inlineLimitBytes values longer than this are written once, as value records in the log,
 *     and the tree holds a pointer; 256 B to 64 KiB, default 4 KiB
 * @param leafBytes the size of keys and small values at which a leaf of the tree is split; 256 B to
 *     64 KiB, default 8 KiB
 * @param compression how page images are compressed from now on; can be changed, and what is there
 *     stays as it is until it is written anew. Large values and the log are not compressed. Default
 *     {@link Compression#NONE}
 */
public record BucketOptions(
    boolean counted, int inlineLimitBytes, int leafBytes, Compression compression) {

  private static final BucketOptions DEFAULTS =
      new BucketOptions(true, 4 << 10, 8 << 10, Compression.NONE);

  /** Checks the ranges. */
  public BucketOptions {
    MaceOptions.requireRange("inlineLimitBytes", inlineLimitBytes, 256, 64 << 10);
    MaceOptions.requireRange("leafBytes", leafBytes, 256, 64 << 10);
    Objects.requireNonNull(compression, "compression");
  }

  /** The defaults. */
  public static BucketOptions defaults() {
    return DEFAULTS;
  }

  /** With or without a count of entries. */
  public BucketOptions withCounted(boolean value) {
    return new BucketOptions(value, inlineLimitBytes, leafBytes, compression);
  }

  /** With this longest value, in bytes, that lives in the tree itself. */
  public BucketOptions withInlineLimitBytes(int value) {
    return new BucketOptions(counted, value, leafBytes, compression);
  }

  /** With this size of leaves in bytes. */
  public BucketOptions withLeafBytes(int value) {
    return new BucketOptions(counted, inlineLimitBytes, value, compression);
  }

  /** With page images compressed like this. */
  public BucketOptions withCompression(Compression value) {
    return new BucketOptions(counted, inlineLimitBytes, leafBytes, value);
  }

  /** Whether a bucket with these options can be given the others: they have data of one form. */
  public boolean isSameForm(BucketOptions other) {
    return equals(other.withCompression(compression));
  }
}
