package org.macekv.internal.txn;

import org.jspecify.annotations.Nullable;
import org.macekv.internal.format.CommitLayout;
import org.macekv.internal.format.LeafPage;
import org.macekv.internal.format.RecordLayout;
import org.macekv.internal.format.Varint;
import org.macekv.internal.tree.Tree;
import org.macekv.internal.tree.Write;
import org.macekv.option.Durability;

/**
 * The commit of one write outside a transaction. Its record is encoded first, and is where the tree
 * takes a small value from, so that the value is copied once. Confined to the thread that commits.
 */
final class SingleCommit implements Tree.Acceptor {
  private static final int WRITES_OFFSET = RecordLayout.HEADER_LENGTH + 2; // behind two zeros

  private final Committer committer;
  private final StoredBucket bucket;
  private final Durability durability;
  private final byte[] record;
  private final Write write;
  private long position;

  /**
   * A commit to be.
   *
   * @param key the key, which nobody changes any more
   * @param value bytes, which may change later, a large value, or null for a deletion
   */
  SingleCommit(
      Committer committer,
      StoredBucket bucket,
      byte[] key,
      @Nullable Object value,
      Durability durability) {
    this.committer = committer;
    this.bucket = bucket;
    this.durability = durability;
    Object own = value;
    boolean inPage = value instanceof byte[] bytes && bytes.length <= LeafPage.MAX_VALUE_IN_PAGE;
    if (!inPage && value instanceof byte[] bytes) {
      own = bytes.clone();
    }
    int length = CommitLayout.writeLength(bucket.id(), key, own);
    record = new byte[WRITES_OFFSET + length];
    CommitLayout.putWrite(record, WRITES_OFFSET, bucket.id(), key, own, false);
    if (inPage && value instanceof byte[] bytes) {
      write = Write.put(key, record, record.length - bytes.length, bytes.length);
    } else {
      write = own == null ? Write.delete(key) : Write.put(key, own);
    }
  }

  Write write() {
    return write;
  }

  /** The position, once it was accepted. */
  long position() {
    return position;
  }

  @Override
  public long accept(Write installing) {
    if (installing.existed()) {
      record[WRITES_OFFSET + Varint.length(bucket.id())] |= CommitLayout.EXISTED;
    }
    RecordLayout.prepare(record, RecordLayout.COMMIT);
    position = committer.accept(bucket, record, installing.isDeletion());
    return position;
  }

  @Override
  public void accepted(Write installing, long acceptedAt, boolean installed) {
    committer.accepted(bucket, installing, acceptedAt, durability, installed);
  }
}
