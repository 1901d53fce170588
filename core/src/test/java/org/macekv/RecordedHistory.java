package org.macekv;

import static org.macekv.Samples.bytes;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.macekv.option.Durability;
import org.macekv.option.TransactionOptions;

/**
 * The commits of one store in their order, each with the contents of the store after it, its
 * position in the log, and where its record ends in the newest log segment.
 */
final class RecordedHistory {
  /**
   * One commit.
   *
   * @param contents the whole store after it
   * @param durability what was asked for; creating a bucket is {@code SYNC}
   * @param position its position, which is the end of its record
   */
  record Commit(StoreContents contents, Durability durability, long position) {}

  private final Mace store;
  private final Path directory;
  private final List<Commit> commits = new ArrayList<>();

  /** Offset in the newest segment minus position: the same for all commits in it. */
  private long offsetOfPositionZero = Long.MIN_VALUE;

  private RecordedHistory(Mace store, Path directory) {
    this.store = store;
    this.directory = directory;
  }

  /** Begins with the creation of two buckets in a new store. */
  static RecordedHistory begin(Mace store, Path directory) {
    RecordedHistory history = new RecordedHistory(store, directory);
    history.record(Durability.SYNC);
    for (String name : List.of("alpha", "beta")) {
      store.bucket(name);
      history.record(Durability.SYNC);
    }
    return history;
  }

  /**
   * Commits one transaction over both buckets: the same value under a key of its own, an older key
   * of an even number deleted.
   */
  void commit(Durability durability, int valueLength) {
    int number = commits.size();
    byte[] value = Samples.value(valueLength, number);
    store.transact(
        TransactionOptions.defaults().withDurability(durability),
        transaction -> {
          for (String name : List.of("alpha", "beta")) {
            Bucket bucket = store.bucket(name);
            transaction.put(bucket, bytes("key " + number), value);
            transaction.delete(bucket, bytes("key " + number / 4 * 2));
          }
          return 0;
        });
    record(durability);
  }

  private void record(Durability durability) {
    long position = store.statistics().publishedPosition();
    commits.add(new Commit(StoreContents.of(store), durability, position));
    StoreImage image = StoreImage.read(directory);
    // A store has no log before its first commit, or what is in memory only is not to be seen yet.
    if (durability != Durability.BUFFERED && !image.segments().isEmpty()) {
      long end = image.file(image.newestSegment()).bytes().length;
      // A record that ends in zeros seems to end early: the largest difference is the true one.
      offsetOfPositionZero = Math.max(offsetOfPositionZero, end - position);
    }
  }

  int size() {
    return commits.size();
  }

  Commit commit(int index) {
    return commits.get(index);
  }

  /** Where the commit's record ends in the log, which must be a single segment. */
  int endOffset(int index) {
    return Math.toIntExact(commits.get(index).position() + offsetOfPositionZero);
  }

  /** Which commit gave these contents, -1 if none did. */
  int indexOf(StoreContents contents) {
    for (int i = commits.size() - 1; i >= 0; i--) {
      if (commits.get(i).contents().equals(contents)) {
        return i;
      }
    }
    return -1;
  }

  /** The newest commit that a {@code SYNC} promised to keep in a segment of this length. */
  int newestSyncedWithin(long length) {
    for (int i = commits.size() - 1; i > 0; i--) {
      if (commits.get(i).durability() == Durability.SYNC && endOffset(i) <= length) {
        return i;
      }
    }
    return 0;
  }

  /** Whether the record of a {@code SYNC} commit ends behind this length of the segment. */
  boolean isSyncedBeyond(long length) {
    int last = commits.size() - 1;
    for (int i = last; i > 0 && endOffset(i) > length; i--) {
      if (commits.get(i).durability() == Durability.SYNC) {
        return true;
      }
    }
    return false;
  }
}
