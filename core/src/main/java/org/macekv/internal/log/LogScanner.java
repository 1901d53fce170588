package org.macekv.internal.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.macekv.error.CorruptionException;
import org.macekv.error.FormatVersionException;
import org.macekv.internal.format.BigEndian;
import org.macekv.internal.format.ByteReader.MalformedException;
import org.macekv.internal.format.Crc;
import org.macekv.internal.format.RecordLayout;
import org.macekv.internal.format.SegmentLayout;
import org.macekv.internal.io.ReadableFile;
import org.macekv.internal.io.Storage;

/**
 * Reads the log of a store that is being opened, record by record. The scan ends at the first
 * record that does not fit. If some later intact header claims that more was synced, that is damage
 * and the store is refused; else it is a torn tail, and it is cut off (DESIGN section 6,
 * "Records").
 */
public final class LogScanner {
  private static final long TELL_EVERY = 16 << 20;

  private final Storage storage;
  private final Handler handler;
  private final @Nullable Start start;
  private final Progress progress;
  private final List<Segment> kept = new ArrayList<>();
  private @Nullable UUID storeId;
  private int salt;
  private long position;
  private int previousHeaderCrc;
  private long firstScanned;
  private int onlyKept; // how many segments were kept and not scanned
  private long claimed; // the highest position that an intact record says is synced
  private long begun; // the position where the scan began
  private long total; // bytes to scan, at most
  private long told; // bytes that the progress was told of

  /** Takes the records, in order. */
  public interface Handler {
    /**
     * The next record.
     *
     * @param kind the record's kind
     * @param start the position of its first byte
     * @param end the position of its end
     * @param record the record
     * @throws MalformedException if the body is not what the kind asks for
     */
    void record(byte kind, long start, long end, byte[] record) throws MalformedException;
  }

  /** Told how far a scan has come. */
  public interface Progress {
    /** Bytes of records that were read, and how many there are at most. */
    void scanned(long bytes, long total);
  }

  /**
   * Where a scan begins, as a checkpoint says.
   *
   * @param storeId the store's identity
   * @param needed the log has to reach this position, and all below it was synced
   * @param from what lies before it is not needed
   * @param exact whether all below {@code from} was synced, and a record begins there; else the
   *     scan begins with the segment that has it
   * @param headerCrc the header CRC of the record before, if exact
   * @param values the first positions of the segments with values that are needed
   */
  public record Start(
      UUID storeId, long needed, long from, boolean exact, int headerCrc, Set<Long> values) {}

  /**
   * Reads the log in {@code storage}.
   *
   * @param start where to begin; null: at the beginning
   */
  public LogScanner(Storage storage, Handler handler, @Nullable Start start, Progress progress) {
    this.storage = storage;
    this.handler = handler;
    this.start = start;
    this.progress = progress;
    if (start != null) {
      storeId = start.storeId;
      salt = SegmentLayout.salt(start.storeId);
      claimed = start.exact ? start.from : start.needed;
    }
  }

  /**
   * Reads all, cuts a torn tail off, and tells what is there.
   *
   * @param newStoreId gives the identity of a store that has none yet
   */
  public RecoveredLog scan(Supplier<UUID> newStoreId) {
    List<Long> names = names();
    RecoveredLog.Cut cut = null;
    int first = begin(names);
    measure(names);
    for (int i = first; i < names.size() && cut == null; i++) {
      cut = scan(names, i);
    }
    Start from = start;
    if (from != null && position < from.needed) {
      throw new CorruptionException(
          storage.describe(Segment.DIRECTORY),
          position,
          "the log ends at position "
              + position
              + ", but the manifest has a checkpoint at "
              + from.needed
              + (cut == null ? "" : ": " + cut.cause()));
    }
    settle();
    UUID id = storeId;
    return new RecoveredLog(
        id == null ? newStoreId.get() : id, kept, position, previousHeaderCrc, cut);
  }

  /**
   * Keeps the segments that are only there for large values, and goes to where the scan begins.
   *
   * @return the index of the first segment to scan
   */
  private int begin(List<Long> names) {
    Start from = start;
    if (from == null) {
      return 0;
    }
    int index = -1;
    while (index + 1 < names.size() && names.get(index + 1) <= from.from) {
      index++;
    }
    if (index < 0) {
      throw new CorruptionException(
          storage.describe(Segment.DIRECTORY),
          from.from,
          "no log segment has position "
              + from.from
              + ", from which the checkpoint at "
              + from.needed
              + " in the manifest needs it");
    }
    for (long each : from.values) {
      if (!names.contains(each)) {
        throw new CorruptionException(
            storage.describe(new Segment(storage, each, null, 0).file()),
            0,
            "the segment is missing; the checkpoint at "
                + from.needed
                + " in the manifest has large values in it");
      }
    }
    for (int i = 0; i < index; i++) {
      kept.add(new Segment(storage, names.get(i), null, 0));
    }
    if (from.exact) {
      position = from.from;
      previousHeaderCrc = from.headerCrc;
    } else {
      position = names.get(index);
    }
    firstScanned = names.get(index);
    onlyKept = index;
    return index;
  }

  private void measure(List<Long> names) {
    begun = position;
    if (!names.isEmpty()) {
      Segment last = new Segment(storage, names.get(names.size() - 1), null, 0);
      try (ReadableFile in = storage.open(last.file())) {
        long content = in.length() - SegmentLayout.HEADER_LENGTH;
        total = Math.max(0, last.firstPosition + content - position);
      }
    }
  }

  private List<Long> names() {
    List<Long> names = new ArrayList<>();
    for (String name : storage.list(Segment.DIRECTORY)) {
      if (name.matches("[0-9a-f]{16}\\.log")) {
        names.add(Long.parseUnsignedLong(name.substring(0, 16), 16));
      }
    }
    return names;
  }

  private RecoveredLog.@Nullable Cut scan(List<Long> names, int index) {
    long first = names.get(index);
    boolean last = index == names.size() - 1;
    Segment segment = new Segment(storage, first, null, 0);
    String file = storage.describe(segment.file());
    String torn;
    long offset;
    try (ReadableFile in = storage.open(segment.file())) {
      SegmentReader reader = new SegmentReader(in);
      if (!readHeader(reader, segment, file, last)) {
        storage.delete(segment.file());
        storage.syncDirectory(Segment.DIRECTORY);
        return null;
      }
      torn = scanRecords(reader, first, file);
      offset = segment.fileOffset(position);
      if (torn == null && !last && names.get(index + 1) != position) {
        torn = "the log goes on at position " + names.get(index + 1) + ", not at " + position;
      }
      if (torn != null) {
        refuseDamage(reader, segment, offset, torn);
      }
    }
    if (torn != null) {
      return cut(names, index, segment, offset, torn);
    }
    keep(segment, offset, last);
    return null;
  }

  /** Keeps a segment up to {@code offset}; what is behind it is reserve. */
  private void keep(Segment segment, long offset, boolean last) {
    if (last && offset == SegmentLayout.HEADER_LENGTH) {
      // Without records: its name is needed for the segment that this opening begins.
      storage.delete(segment.file());
      storage.syncDirectory(Segment.DIRECTORY);
      return;
    }
    kept.add(segment);
  }

  /**
   * Makes everything that is kept durable: the log that goes on behind it says that it is. Only
   * what no record claims to be synced is in question, and that is written anew before the sync,
   * since the pages of an earlier sync that failed may be taken for clean and never reach the
   * device.
   */
  private void settle() {
    for (int i = onlyKept; i < kept.size(); i++) {
      Segment segment = kept.get(i);
      boolean last = i == kept.size() - 1;
      long end = last ? position : kept.get(i + 1).firstPosition;
      if (claimed < end) {
        long from = segment.fileOffset(Math.max(claimed, segment.firstPosition));
        storage.rewrite(segment.file(), from, segment.fileOffset(end));
      } else if (last) {
        storage.truncate(segment.file(), segment.fileOffset(end));
      }
    }
  }

  /** Whether there is a header; false if the creation of the last segment was not finished. */
  private boolean readHeader(SegmentReader reader, Segment segment, String file, boolean last) {
    byte[] header = new byte[SegmentLayout.HEADER_LENGTH];
    if (!reader.copy(0, header) || !isIntact(header)) {
      // The header is synced before the first record is accepted.
      if (last && reader.isZero(SegmentLayout.HEADER_LENGTH)) {
        return false;
      }
      throw new CorruptionException(file, 0, "this is not the header of a log segment");
    }
    checkHeader(header, segment, file);
    return true;
  }

  private void checkHeader(byte[] header, Segment segment, String file) {
    int version = BigEndian.getInt(header, SegmentLayout.VERSION);
    if (version != SegmentLayout.FORMAT_VERSION) {
      throw new FormatVersionException(
          file, version, SegmentLayout.FORMAT_VERSION, SegmentLayout.FORMAT_VERSION);
    }
    UUID id = SegmentLayout.storeId(header);
    if (storeId == null) {
      storeId = id;
      salt = SegmentLayout.salt(id);
    } else if (!id.equals(storeId)) {
      throw new CorruptionException(
          file, SegmentLayout.STORE_ID, "the segment is of store " + id + ", not of " + storeId);
    }
    long first = BigEndian.getLong(header, SegmentLayout.FIRST_POSITION);
    boolean begins = start != null && first == firstScanned;
    if (begins && !isExact()) {
      previousHeaderCrc = BigEndian.getInt(header, SegmentLayout.PREVIOUS_HEADER_CRC);
    }
    if (first != segment.firstPosition || (begins ? first > position : first != position)) {
      throw new CorruptionException(
          file,
          SegmentLayout.FIRST_POSITION,
          "the segment begins at position " + first + ", expected " + position);
    }
    int crc = BigEndian.getInt(header, SegmentLayout.PREVIOUS_HEADER_CRC);
    if (crc != previousHeaderCrc && first == position) {
      throw new CorruptionException(
          file,
          SegmentLayout.PREVIOUS_HEADER_CRC,
          "the segment does not follow the last record of the one before it");
    }
  }

  private boolean isExact() {
    Start from = start;
    return from != null && from.exact;
  }

  /** Why the record at the position where the scan ended was not accepted, or null at the end. */
  private @Nullable String scanRecords(SegmentReader reader, long first, String file) {
    while (true) {
      long offset = position - first + SegmentLayout.HEADER_LENGTH;
      if (reader.isZero(offset)) {
        return null;
      }
      byte[] header = new byte[RecordLayout.HEADER_LENGTH];
      if (!reader.copy(offset, header)) {
        return "a record's header is cut off";
      }
      String problem = checkHeader(header);
      if (problem != null) {
        return problem;
      }
      int bodyLength = BigEndian.getInt(header, RecordLayout.BODY_LENGTH);
      byte[] record = new byte[RecordLayout.HEADER_LENGTH + bodyLength];
      if (!reader.copy(offset, record)) {
        return "a record's body is cut off";
      }
      if (BigEndian.getInt(record, RecordLayout.BODY_CRC)
          != Crc.of(record, RecordLayout.HEADER_LENGTH, bodyLength)) {
        return "the checksum of a record's body does not fit";
      }
      accept(record, file, offset);
    }
  }

  private void accept(byte[] record, String file, long offset) {
    long start = position;
    position += record.length;
    claimed = Math.max(claimed, BigEndian.getLong(record, RecordLayout.SYNCED_POSITION));
    previousHeaderCrc = BigEndian.getInt(record, RecordLayout.HEADER_CRC);
    if (position - begun - told >= TELL_EVERY) {
      told = position - begun;
      progress.scanned(told, total);
    }
    try {
      handler.record(record[RecordLayout.KIND], start, position, record);
    } catch (MalformedException e) {
      throw new CorruptionException(
          file, offset, "an intact record has a body that makes no sense: " + e.getMessage());
    }
  }

  private @Nullable String checkHeader(byte[] header) {
    if (BigEndian.getInt(header, RecordLayout.HEADER_CRC)
        != RecordLayout.headerCrc(header, 0, salt)) {
      return "the checksum of a record's header does not fit";
    }
    if (BigEndian.getLong(header, RecordLayout.POSITION) != position
        || BigEndian.getInt(header, RecordLayout.PREVIOUS_HEADER_CRC) != previousHeaderCrc) {
      return "a record does not follow the one before it";
    }
    int bodyLength = BigEndian.getInt(header, RecordLayout.BODY_LENGTH);
    if (bodyLength < 0 || bodyLength > RecordLayout.MAX_BODY_LENGTH) {
      return "a record's body has " + bodyLength + " bytes";
    }
    return null;
  }

  /** Throws if a header behind the end of the scan claims that more than this was synced. */
  private void refuseDamage(SegmentReader reader, Segment segment, long offset, String cause) {
    if (claimsMore(reader, segment.firstPosition, offset)) {
      throw new CorruptionException(
          storage.describe(segment.file()),
          offset,
          cause + ", but a later record says that this one was synced");
    }
    for (String name : storage.list(Segment.DIRECTORY)) {
      if (!name.matches("[0-9a-f]{16}\\.log")) {
        continue;
      }
      long first = Long.parseUnsignedLong(name.substring(0, 16), 16);
      if (first > segment.firstPosition) {
        try (ReadableFile in = storage.open(Segment.DIRECTORY + "/" + name)) {
          SegmentReader later = new SegmentReader(in);
          if (headerClaimsMore(later) || claimsMore(later, first, SegmentLayout.HEADER_LENGTH)) {
            throw new CorruptionException(
                storage.describe(segment.file()),
                offset,
                cause + ", but " + name + " says that this was synced");
          }
        }
      }
    }
  }

  private boolean headerClaimsMore(SegmentReader reader) {
    byte[] header = new byte[SegmentLayout.HEADER_LENGTH];
    return reader.copy(0, header)
        && isIntact(header)
        && SegmentLayout.storeId(header).equals(storeId)
        && BigEndian.getLong(header, SegmentLayout.SYNCED_POSITION) > position;
  }

  private static boolean isIntact(byte[] header) {
    return BigEndian.getLong(header, SegmentLayout.MAGIC_OFFSET) == SegmentLayout.MAGIC
        && BigEndian.getInt(header, SegmentLayout.CRC) == Crc.of(header, 0, SegmentLayout.CRC);
  }

  private boolean claimsMore(SegmentReader reader, long first, long from) {
    byte[] header = new byte[RecordLayout.HEADER_LENGTH];
    long length = reader.length();
    for (long at = from; at + RecordLayout.HEADER_LENGTH <= length; at++) {
      // A cheap look first: almost no place has its own position where a header would have it.
      if (reader.getLong(at + RecordLayout.POSITION) == first + at - SegmentLayout.HEADER_LENGTH
          && reader.copy(at, header)
          && BigEndian.getInt(header, RecordLayout.HEADER_CRC)
              == RecordLayout.headerCrc(header, 0, salt)
          && BigEndian.getLong(header, RecordLayout.SYNCED_POSITION) > position) {
        return true;
      }
    }
    return false;
  }

  private RecoveredLog.Cut cut(
      List<Long> names, int index, Segment segment, long offset, String cause) {
    long bytes;
    try (ReadableFile in = storage.open(segment.file())) {
      bytes = new SegmentReader(in).lengthWithoutZeros() - offset;
    }
    // The last first: a crash in between leaves a log that ends here all the same.
    for (int i = names.size() - 1; i > index; i--) {
      String file = Segment.DIRECTORY + "/" + SegmentLayout.fileName(names.get(i));
      try (ReadableFile in = storage.open(file)) {
        bytes += Math.max(0, new SegmentReader(in).lengthWithoutZeros());
      }
      storage.delete(file);
      storage.syncDirectory(Segment.DIRECTORY);
    }
    storage.truncate(segment.file(), offset);
    keep(segment, offset, true);
    return new RecoveredLog.Cut(storage.describe(segment.file()), offset, bytes, cause);
  }
}
