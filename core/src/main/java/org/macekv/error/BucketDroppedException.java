package org.macekv.error;

/** The bucket was dropped. Views that are older than the drop go on reading it. */
public class BucketDroppedException extends MaceException {
  private static final long serialVersionUID = 1L;

  /**
   * @param bucket the name that the bucket had
   */
  public BucketDroppedException(String bucket) {
    super("bucket '" + bucket + "' was dropped");
  }
}
