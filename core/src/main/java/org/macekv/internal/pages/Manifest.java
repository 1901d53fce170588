package org.macekv.internal.pages;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.macekv.error.CorruptionException;
import org.macekv.error.FormatVersionException;
import org.macekv.internal.format.BigEndian;
import org.macekv.internal.format.ByteReader.MalformedException;
import org.macekv.internal.format.Crc;
import org.macekv.internal.format.ManifestLayout;
import org.macekv.internal.format.SegmentLayout;
import org.macekv.internal.io.ReadableFile;
import org.macekv.internal.io.Storage;
import org.macekv.internal.io.WritableFile;

/**
 * The manifest: which checkpoint the store has. Records are appended; when a file has become long,
 * or was not written by this opening, or failed, the next record begins a new one, and the older
 * files go when that is durable. A file gets its name when its first record is on the device, so
 * one that has its name and no whole record is damaged, and never just unfinished. Used by one
 * thread at a time, the checkpoint's.
 */
public final class Manifest implements AutoCloseable {
  private static final int MAX_FILE_BYTES = 1 << 20;

  private final Storage storage;
  private final UUID storeId;
  private final int salt;
  private @Nullable WritableFile out;
  private long number;
  private int end;

  /**
   * What a store's manifest says.
   *
   * @param storeId the store's identity
   * @param record the newest whole record
   * @param cut what follows the record and was not accepted, or null if nothing does
   */
  public record Found(UUID storeId, CheckpointRecord record, @Nullable Cut cut) {}

  /**
   * What a crash left of a record, or damage.
   *
   * @param file the manifest file
   * @param offset where the newest whole record ends
   * @param bytes how many bytes follow
   */
  public record Cut(String file, long offset, long bytes) {}

  /** A manifest that goes on with a new file. */
  public Manifest(Storage storage, UUID storeId) {
    this.storage = storage;
    this.storeId = storeId;
    this.salt = SegmentLayout.salt(storeId);
    List<Long> numbers = numbers(storage);
    this.number = numbers.isEmpty() ? 0 : numbers.get(numbers.size() - 1);
  }

  private static List<Long> numbers(Storage storage) {
    List<Long> numbers = new ArrayList<>();
    for (String name : storage.list("")) {
      if (name.matches("MANIFEST-[0-9a-f]{16}")) {
        numbers.add(Long.parseUnsignedLong(name.substring(9), 16));
      }
    }
    return numbers;
  }

  // ---- Reading --------------------------------------------------------------------------------

  /**
   * The newest checkpoint of a store, or null if it has none.
   *
   * @throws CorruptionException if the newest file has no whole record, or one that makes no sense,
   *     or a file that it names is not there
   * @throws FormatVersionException if another release wrote it
   */
  public static @Nullable Found find(Storage storage) {
    List<Long> numbers = numbers(storage);
    if (numbers.isEmpty()) {
      return null;
    }
    // Older files are there if their deletion was not finished.
    long newest = numbers.get(numbers.size() - 1);
    String name = storage.describe(ManifestLayout.fileName(newest));
    Found found = newest(storage, newest, name);
    String problem = PageFiles.problem(storage, found.storeId, found.record.pageFiles());
    if (problem != null) {
      throw new CorruptionException(
          name,
          found.cut == null ? 0 : found.cut.offset,
          "the newest checkpoint that it has needs a page file that is not as it was: " + problem);
    }
    return found;
  }

  private static Found newest(Storage storage, long number, String name) {
    byte[] bytes;
    try (ReadableFile in = storage.open(ManifestLayout.fileName(number))) {
      bytes = new byte[(int) Math.min(in.length(), 64 << 20)];
      bytes = Arrays.copyOf(bytes, in.read(0, bytes, 0, bytes.length));
    }
    if (bytes.length < ManifestLayout.HEADER_LENGTH
        || BigEndian.getLong(bytes, ManifestLayout.MAGIC_OFFSET) != ManifestLayout.MAGIC
        || BigEndian.getInt(bytes, ManifestLayout.HEADER_CRC)
            != Crc.of(bytes, 0, ManifestLayout.HEADER_CRC)
        || BigEndian.getLong(bytes, ManifestLayout.NUMBER) != number) {
      throw new CorruptionException(name, 0, "this is not the header of this manifest file");
    }
    int version = BigEndian.getInt(bytes, ManifestLayout.VERSION);
    if (version != ManifestLayout.FORMAT_VERSION) {
      throw new FormatVersionException(
          name, version, ManifestLayout.FORMAT_VERSION, ManifestLayout.FORMAT_VERSION);
    }
    UUID id =
        new UUID(
            BigEndian.getLong(bytes, ManifestLayout.STORE_ID),
            BigEndian.getLong(bytes, ManifestLayout.STORE_ID + 8));
    return newest(bytes, id, name);
  }

  private static Found newest(byte[] bytes, UUID id, String name) {
    int salt = SegmentLayout.salt(id);
    CheckpointRecord newest = null;
    int at = ManifestLayout.HEADER_LENGTH;
    while (isWhole(bytes, at, salt)) {
      int length = BigEndian.getInt(bytes, at + ManifestLayout.LENGTH);
      try {
        newest = CheckpointRecord.decode(Arrays.copyOfRange(bytes, at, at + length));
      } catch (MalformedException e) {
        throw new CorruptionException(
            name, at, "an intact manifest record makes no sense: " + e.getMessage());
      }
      at += length;
    }
    if (newest == null) {
      throw new CorruptionException(
          name, at, "the checksum of the first manifest record does not fit");
    }
    return new Found(id, newest, at < bytes.length ? new Cut(name, at, bytes.length - at) : null);
  }

  private static boolean isWhole(byte[] bytes, int at, int salt) {
    if (at + ManifestLayout.LISTS > bytes.length) {
      return false;
    }
    int length = BigEndian.getInt(bytes, at + ManifestLayout.LENGTH);
    return length >= ManifestLayout.LISTS
        && length <= bytes.length - at
        && (BigEndian.getInt(bytes, at + ManifestLayout.CRC) ^ salt)
            == Crc.of(bytes, at + ManifestLayout.LENGTH, length - ManifestLayout.LENGTH);
  }

  // ---- Writing --------------------------------------------------------------------------------

  /** Returns when the record is durable. After a failure it may be there or not. */
  public void append(CheckpointRecord checkpoint) {
    byte[] record = checkpoint.encode(salt);
    WritableFile file = out;
    boolean done = false;
    try {
      if (file == null || end + record.length > MAX_FILE_BYTES) {
        begin(record);
      } else {
        file.write(end, record, 0, record.length);
        file.sync();
        end += record.length;
      }
      done = true;
    } finally {
      if (!done) {
        close();
      }
    }
  }

  private void begin(byte[] record) {
    close();
    number++;
    String name = ManifestLayout.fileName(number);
    if (storage.exists(ManifestLayout.UNFINISHED)) {
      storage.delete(ManifestLayout.UNFINISHED);
    }
    byte[] header = ManifestLayout.encodeHeader(storeId, number);
    try (WritableFile file = storage.create(ManifestLayout.UNFINISHED)) {
      file.write(0, header, 0, header.length);
      file.write(header.length, record, 0, record.length);
      file.sync();
    }
    storage.rename(ManifestLayout.UNFINISHED, name);
    storage.syncDirectory("");
    out = storage.openForWriting(name);
    end = header.length + record.length;
    deleteOlder();
  }

  private void deleteOlder() {
    boolean deleted = false;
    for (long each : numbers(storage)) {
      if (each < number) {
        storage.delete(ManifestLayout.fileName(each));
        deleted = true;
      }
    }
    if (deleted) {
      storage.syncDirectory("");
    }
  }

  @Override
  public void close() {
    WritableFile file = out;
    out = null;
    if (file != null) {
      file.close();
    }
  }
}
