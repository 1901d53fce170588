package org.macekv.internal.pages;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.macekv.internal.format.BigEndian;
import org.macekv.internal.format.ByteReader;
import org.macekv.internal.format.ByteReader.MalformedException;
import org.macekv.internal.format.Crc;
import org.macekv.internal.format.ImageChain;
import org.macekv.internal.format.ManifestLayout;
import org.macekv.internal.format.Varint;

/**
 * What a manifest record says: a complete statement of a checkpoint.
 *
 * @param position every commit at or below it is in the images, none above
 * @param replayFrom from where on the log is needed for commits above it
 * @param exact whether the log can be read from {@code replayFrom} on; else its segment is read
 *     from the beginning
 * @param logCrc the header CRC of the log record before {@code replayFrom}, if exact
 * @param lastPageFile the highest number that a page file had
 * @param pageFiles the page files by number, with their lengths
 * @param buckets the buckets
 */
public record CheckpointRecord(
    long position,
    long replayFrom,
    boolean exact,
    int logCrc,
    int lastPageFile,
    Map<Integer, Integer> pageFiles,
    List<BucketRoot> buckets) {

  /**
   * A bucket in a checkpoint.
   *
   * @param id the bucket's id
   * @param count how many entries it has, if it is counted
   * @param level the level of its root
   * @param root where the root's images are; null if the bucket is empty
   * @param live what of the store's files its images need
   */
  public record BucketRoot(
      int id, long count, int level, @Nullable ImageChain root, LiveBytes live) {

    /** A bound of the bytes of {@link #put}. */
    public int encodedBound() {
      return 80 + 15 * ImageChain.MAX_CHANGES + live.encodedBound();
    }

    /** Stores it and returns the offset behind it. */
    public int put(byte[] target, int offset) {
      int at = Varint.put(target, offset, id);
      at = Varint.put(target, at, count);
      target[at++] = (byte) (root == null ? 0 : 1);
      if (root != null) {
        target[at++] = (byte) level;
        at = root.put(target, at);
      }
      return live.put(target, at);
    }

    /** Reads what {@link #put} stored. */
    public static BucketRoot read(ByteReader reader) throws MalformedException {
      int id = reader.readInt("bucket id", Integer.MAX_VALUE);
      long count = reader.readLong("count of entries");
      ImageChain root = null;
      int level = 0;
      if (reader.readByte() == 1) {
        level = reader.readByte();
        root = ImageChain.read(reader);
      }
      return new BucketRoot(id, count, level, root, LiveBytes.read(reader));
    }
  }

  /** What of the store's files the buckets need. */
  public LiveBytes live() {
    LiveBytes live = new LiveBytes();
    buckets.forEach(each -> live.add(each.live()));
    return live;
  }

  /** The record's bytes. */
  byte[] encode(int salt) {
    int size = ManifestLayout.LISTS + 10 + pageFiles.size() * 20 + 10;
    for (BucketRoot each : buckets) {
      size += each.encodedBound();
    }
    byte[] bytes = new byte[size];
    BigEndian.putLong(bytes, ManifestLayout.POSITION, position);
    BigEndian.putLong(bytes, ManifestLayout.REPLAY_FROM, replayFrom);
    bytes[ManifestLayout.EXACT] = (byte) (exact ? 1 : 0);
    BigEndian.putInt(bytes, ManifestLayout.LOG_CRC, logCrc);
    BigEndian.putInt(bytes, ManifestLayout.LAST_PAGE_FILE, lastPageFile);
    int at = Varint.put(bytes, ManifestLayout.LISTS, pageFiles.size());
    for (Map.Entry<Integer, Integer> each : pageFiles.entrySet()) {
      at = Varint.put(bytes, at, each.getKey());
      at = Varint.put(bytes, at, each.getValue());
    }
    at = Varint.put(bytes, at, buckets.size());
    for (BucketRoot each : buckets) {
      at = each.put(bytes, at);
    }
    byte[] record = Arrays.copyOf(bytes, at);
    BigEndian.putInt(record, ManifestLayout.LENGTH, record.length);
    int crc = Crc.of(record, ManifestLayout.LENGTH, record.length - ManifestLayout.LENGTH);
    BigEndian.putInt(record, ManifestLayout.CRC, crc ^ salt);
    return record;
  }

  /** The record in bytes whose CRC was checked. */
  static CheckpointRecord decode(byte[] record) throws MalformedException {
    ByteReader reader = new ByteReader(record, ManifestLayout.LISTS, record.length);
    Map<Integer, Integer> pageFiles = new TreeMap<>();
    int files = reader.readInt("number of page files", record.length);
    for (int i = 0; i < files; i++) {
      int number = reader.readInt("number of a page file", Integer.MAX_VALUE);
      pageFiles.put(number, reader.readInt("length of a page file", Integer.MAX_VALUE));
    }
    List<BucketRoot> buckets = new ArrayList<>();
    int count = reader.readInt("number of buckets", record.length);
    for (int i = 0; i < count; i++) {
      buckets.add(BucketRoot.read(reader));
    }
    if (reader.hasMore()) {
      throw reader.malformed("a manifest record is longer than what it says");
    }
    return new CheckpointRecord(
        BigEndian.getLong(record, ManifestLayout.POSITION),
        BigEndian.getLong(record, ManifestLayout.REPLAY_FROM),
        record[ManifestLayout.EXACT] == 1,
        BigEndian.getInt(record, ManifestLayout.LOG_CRC),
        BigEndian.getInt(record, ManifestLayout.LAST_PAGE_FILE),
        pageFiles,
        buckets);
  }
}
