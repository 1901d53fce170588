package org.macekv.internal.log;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.macekv.error.StoreClosedException;
import org.macekv.error.StoreFailedException;
import org.macekv.error.StoreIOException;
import org.macekv.internal.format.RecordLayout;
import org.macekv.internal.format.SegmentLayout;
import org.macekv.internal.io.Storage;
import org.macekv.internal.io.WritableFile;

/**
 * Accepts records and makes them durable. Records are accepted under the {@link #section()}, which
 * is also where commits are ordered, and go into buffers; whoever needs them written or synced
 * leads a flush of all that is there, or follows the one who does.
 */
public final class CommitLog implements AutoCloseable {
  private static final int FIRST_BUFFER = 16 << 10;
  private static final int LAST_BUFFER = 256 << 10;
  private static final int SPARE_BUFFERS = 2;
  private static final int MAX_READERS = 256;
  private static final int FIRST_RESERVE = 1 << 20;
  private static final int SMALL_RESERVE = 64 << 10;
  private static final int MOST_FOR_DELETIONS = 1 << 20;
  private static final String SPARE_FILE = Segment.DIRECTORY + "/SPARE";

  /** As many bytes as are accepted and not written at the most, but for a few. */
  private static final int SPARE_BYTES = 16 << 20;

  private static final long NO_STRAY = -1;
  private static final byte[] ZEROS = new byte[64 << 10];

  /** Unwritten bytes at which whoever wants to commit first helps to write. */
  private static final long THROTTLE_BYTES = 16 << 20;

  /** Unwritten bytes at which the background is asked to write. */
  private static final long WRITE_BEHIND_BYTES = 1 << 20;

  private final Storage storage;
  private final UUID storeId;
  private final int salt;
  private final int segmentBytes;
  private final LongSupplier clockMillis;
  private final Background background;

  private final ReentrantLock section = new ReentrantLock();
  // Guarded by section.
  private long tail;
  private int previousHeaderCrc;
  private @Nullable Segment current;
  private @Nullable LogBuffer active;
  private List<LogBuffer> sealed = new ArrayList<>();
  private List<Segment> ended = new ArrayList<>(); // full ones that the leader shall finish
  private final ArrayDeque<LogBuffer> spare = new ArrayDeque<>();
  private int bufferBytes = FIRST_BUFFER;
  private boolean closed;

  private final ReentrantLock reserving = new ReentrantLock();
  // Guarded by reserving: the first position of a segment whose creation began and did not end. Its
  // file has to be gone before a record is accepted elsewhere, or the next opening would take it
  // for a part of the log.
  private long stray = NO_STRAY;
  // Kept for records that were accepted into reserve without space, and then find none. With it the
  // log can do without space of its own ahead of its end, which costs as many written bytes as the
  // log itself.
  private final ReservedFile spareSpace;
  private final Headroom headroom;
  private final boolean mayBeSparse;
  private final long begun; // where this opening's first record went

  private final LogFlusher flusher;
  private final ConcurrentSkipListMap<Long, Segment> segments = new ConcurrentSkipListMap<>();
  private final ArrayDeque<Segment> readers = new ArrayDeque<>(); // guarded by itself

  /** The engine's background thread. Its methods never throw. */
  public interface Background {
    /** Asks for {@link #runBackground} without a sync soon. */
    void writeSoon();

    /** Asks for {@link #runBackground} with a sync before long. */
    void syncSoon();

    /** Tells that a segment begins at {@code position}. */
    void segmentBegun(long position);

    /** At most about how many bytes a checkpoint would write now. */
    long checkpointBytes();

    /** Asks for a checkpoint, which gives space back. */
    void checkpointSoon();
  }

  /** Told by the leader, with the section held, that more is written or synced. */
  public interface Progress {
    /**
     * More is written or synced.
     *
     * @param written all below it is handed to the operating system
     * @param synced all below it is on the device
     */
    void progressed(long written, long synced);
  }

  /**
   * A log that goes on behind what recovery found.
   *
   * @param recovered where and after what the next record goes
   * @param segmentBytes the size at which a segment ends
   * @param mayBeSparse whether reserve may be a length without space, as long as there is spare
   *     space: it is written only once then, but syncs take longer
   * @param headroom space for what gives space back
   * @param background asked to run {@link #runBackground}, on a thread of the engine
   */
  public CommitLog(
      Storage storage,
      RecoveredLog recovered,
      int segmentBytes,
      boolean mayBeSparse,
      Headroom headroom,
      LongSupplier clockMillis,
      Background background) {
    this.storage = storage;
    this.spareSpace = new ReservedFile(storage, SPARE_FILE);
    this.headroom = headroom;
    this.mayBeSparse = mayBeSparse;
    this.begun = recovered.end();
    this.storeId = recovered.storeId();
    this.salt = SegmentLayout.salt(storeId);
    this.segmentBytes = segmentBytes;
    this.clockMillis = clockMillis;
    this.background = background;
    this.tail = recovered.end();
    this.flusher = new LogFlusher(storage.name(), this, tail);
    this.previousHeaderCrc = recovered.lastHeaderCrc();
    for (Segment segment : recovered.segments()) {
      segments.put(segment.firstPosition, segment);
    }
  }

  /** What the store is called in messages. */
  public String storeName() {
    return storage.name();
  }

  /** Sets who is told of progress. To be called before the first record. */
  public void setProgress(Progress newListener) {
    flusher.setProgress(newListener);
  }

  /** Space that is kept for what gives space back. */
  public Headroom headroom() {
    return headroom;
  }

  /** The lock under which records are accepted and commits are ordered. */
  public ReentrantLock section() {
    return section;
  }

  /** All below it is on the device. */
  public long synced() {
    return flusher.synced();
  }

  /** All below it is handed to the operating system. */
  public long written() {
    return flusher.written();
  }

  /** How many syncs there were. */
  public long syncs() {
    return flusher.syncs();
  }

  /** Where the next record will begin. */
  public long tail() {
    section.lock();
    try {
      return tail;
    } finally {
      section.unlock();
    }
  }

  /** Throws if the log takes no more records. */
  public void checkUsable() {
    Throwable cause = flusher.failure();
    if (cause != null) {
      throw new StoreFailedException(
          storage.name()
              + " takes no more commits, since its log could not be written: close and open it"
              + " again",
          false,
          cause);
    }
  }

  /** Throws if the log was closed. */
  void checkNotClosed() {
    section.lock();
    try {
      if (closed) {
        throw new StoreClosedException(storage.name());
      }
    } finally {
      section.unlock();
    }
  }

  /** Whether the log has failed. */
  public boolean hasFailed() {
    return flusher.failure() != null;
  }

  /**
   * Returns with the section held and space reserved for a record of this length.
   *
   * @param givesSpace whether the record is one of what gives space back, such as deletions; if
   *     there is none, it may take what is kept for that
   * @throws org.macekv.error.StoreIOException if there is no space; nothing was accepted
   */
  public void enter(int recordLength, boolean givesSpace) {
    while (true) {
      section.lock();
      boolean entered = false;
      try {
        checkUsable();
        if (closed) {
          throw new StoreClosedException(storage.name());
        }
        entered = fits(current, recordLength);
      } finally {
        if (!entered) {
          section.unlock();
        }
      }
      if (entered) {
        return;
      }
      if (!givesSpace) {
        requireSpaceForCheckpoint(recordLength);
      }
      int seen = headroom.changes();
      try {
        reserve(recordLength, headroom.isSpent() || isSpaceShort());
      } catch (StoreIOException e) {
        checkNotClosed(); // a storage that is being closed refuses, too
        if (!canReserveLittle(recordLength)
            && !(givesSpace && spendHeadroom(seen) && canReserveLittle(recordLength))) {
          throw e;
        }
      }
    }
  }

  /**
   * Gives what is kept to whoever gives space back and found none, as {@link Headroom#spend} does.
   * A part of it goes to the log, whatever takes the rest, so that deletions are accepted.
   *
   * @param seen what {@link Headroom#changes} gave before the try that found no space
   */
  public boolean spendHeadroom(int seen) {
    long held = headroom.held();
    if (!headroom.spend(seen)) {
      return false;
    }
    canReserveLittle((int) Math.min(held / 4, MOST_FOR_DELETIONS));
    return true;
  }

  /**
   * The space that the next checkpoint may write is not for the log: without that checkpoint
   * nothing gives space back.
   *
   * @throws StoreIOException if there is no other space
   */
  public void requireSpaceForCheckpoint(long recordLength) {
    long usable = storage.usableBytes();
    long needed = neededByCheckpoint() + 2L * Math.max(recordLength, SMALL_RESERVE);
    if (usable / 2 < needed) {
      background.checkpointSoon();
    }
    if (usable < needed) {
      throw new StoreIOException(
          storage.name()
              + ": the device has only "
              + usable
              + " bytes left, and the next checkpoint may write up to "
              + needed
              + ". Only deletions are accepted until that is done, which may give space back, or"
              + " until there is more space");
    }
  }

  /**
   * How many bytes of the device cleaning may take before it gives others back: with half of what
   * is kept for that, since not all goes to it, and without what the next checkpoint may write.
   */
  public long bytesForMoves() {
    return Math.min(storage.usableBytes(), Long.MAX_VALUE / 2)
        - neededByCheckpoint()
        + headroom.held() / 2;
  }

  /** What is dirty, and somewhat more for the nodes above. */
  private long neededByCheckpoint() {
    long bytes = background.checkpointBytes();
    return bytes + bytes / 8;
  }

  /**
   * Whether what would be reserved ahead, and the pages into which what goes there is written after
   * all, may take what the next checkpoint needs.
   */
  private boolean isSpaceShort() {
    return storage.usableBytes() - 2L * segmentBytes < neededByCheckpoint();
  }

  private boolean canReserveLittle(int recordLength) {
    try {
      reserve(recordLength, true);
      return true;
    } catch (StoreIOException e) {
      return false; // the caller has the exception of his first try
    }
  }

  private static boolean fits(@Nullable Segment segment, int recordLength) {
    return segment != null && segment.end() + recordLength <= segment.reserved();
  }

  /**
   * Accepts a record that {@link RecordLayout#prepare} completed but for its place.
   *
   * <p>Requires: entered for its length.
   *
   * @return the position of its end
   */
  public long append(byte[] record) {
    Segment segment = current;
    if (segment == null) {
      throw new IllegalStateException("not entered");
    }
    // What can fail comes first: from the seal on, the record is in the chain.
    LogBuffer buffer = active;
    if (buffer == null || !buffer.accepts(segment, record.length)) {
      buffer = nextBuffer(segment, record.length);
    }
    previousHeaderCrc = RecordLayout.seal(record, tail, flusher.synced(), previousHeaderCrc, salt);
    buffer.append(record);
    segment.advance(record.length);
    tail += record.length;
    if (segment.end() > segment.reserved() / 4 * 3 && segment.reserved() < segmentBytes) {
      background.writeSoon();
    }
    return tail;
  }

  private LogBuffer nextBuffer(Segment segment, int needed) {
    LogBuffer full = active != null && active.length() > 0 ? active : null;
    LogBuffer buffer = spare.poll();
    if (buffer == null || buffer.bytes.length < Math.max(needed, bufferBytes / 4)) {
      int grown = full == null ? bufferBytes : Math.min(LAST_BUFFER, 2 * bufferBytes);
      buffer = new LogBuffer(Math.max(needed, grown), segment, segment.end());
      bufferBytes = grown;
    } else {
      buffer.restart(segment, segment.end());
    }
    if (full != null) {
      sealed.add(full);
    }
    active = buffer; // at once: a buffer that is sealed must not be active any more
    if (full != null && tail - flusher.written() > WRITE_BEHIND_BYTES) {
      background.writeSoon();
    }
    return buffer;
  }

  /** Takes no more records: something went wrong after one was accepted. */
  public void fail(Throwable cause) {
    flusher.fail(cause);
  }

  /** Helps to write if more than a bounded number of bytes waits for it. */
  public void throttle() {
    if (roughTail() - flusher.written() > THROTTLE_BYTES) {
      awaitAhead(flusher.written() + 1);
    }
  }

  /**
   * Like {@link #await}, for what comes before a commit record: a failure leaves no doubt that the
   * commit did not happen.
   */
  void awaitAhead(long position) {
    try {
      await(position, false);
    } catch (StoreFailedException e) {
      checkUsable();
      throw e;
    }
  }

  /** Where the next record will begin, or some would have begun shortly before. Takes no lock. */
  @SuppressWarnings("GuardedBy") // an old value only delays what is done because of it
  public long roughTail() {
    return tail;
  }

  // ---- Space ----------------------------------------------------------------------------------

  /**
   * Makes room for a record, in the current segment or by beginning the next.
   *
   * @param little whether not more than need be
   */
  private void reserve(int recordLength, boolean little) {
    reserving.lock();
    try {
      removeStray();
      Segment segment;
      long end;
      section.lock();
      try {
        segment = current;
        end = tail;
        if (fits(segment, recordLength)) {
          return;
        }
        if (segment != null && !belongsInto(segment, recordLength)) {
          segment.setReserved(segment.end()); // nobody appends to it any more: the end is known
          segment = null;
        }
      } finally {
        section.unlock();
      }
      if (segment == null) {
        begin(end, recordLength, little);
      } else {
        extend(segment, recordLength, little);
      }
    } finally {
      reserving.unlock();
    }
  }

  /** A segment without records takes any record, however small segments are chosen. */
  private boolean belongsInto(Segment segment, int recordLength) {
    return segment.end() == SegmentLayout.HEADER_LENGTH
        || (segment.end() + recordLength <= segmentBytes && segment.reserved() < segmentBytes);
  }

  /** Requires: reserving. */
  private void extend(Segment segment, int recordLength, boolean little) {
    long from = segment.reserved();
    long more = little ? SMALL_RESERVE : Math.max(from, FIRST_RESERVE);
    long to = Math.max(Math.min(segmentBytes, from + more), from + recordLength);
    // A store with little in its log shall be small.
    boolean sparse = mayBeSparse && segment.firstPosition + from - begun >= SPARE_BYTES;
    if (sparse && hasSpareSpace(little)) {
      segment.out().setLength(to);
    } else {
      boolean filled = false;
      try {
        fill(segment.out(), from, to);
        filled = true;
      } finally {
        if (!filled) {
          cutBack(segment, from);
        }
      }
    }
    section.lock();
    try {
      segment.setReserved(to);
    } finally {
      section.unlock();
    }
  }

  /** Requires: reserving. */
  private boolean hasSpareSpace(boolean little) {
    return little ? spareSpace.held() == SPARE_BYTES : spareSpace.resize(SPARE_BYTES);
  }

  /** What could be had of too much is for others. Requires: reserving. */
  private static void cutBack(Segment segment, long to) {
    try {
      segment.out().setLength(to);
    } catch (StoreIOException e) {
      complain("what was reserved in part could not be given back", e);
    }
  }

  private static void complain(String message, StoreIOException cause) {
    System.getLogger(CommitLog.class.getName()).log(System.Logger.Level.DEBUG, message, cause);
  }

  /** Requires: reserving, and no record can be accepted before this is done. */
  private void begin(long position, int recordLength, boolean little) {
    storage.createDirectory(Segment.DIRECTORY);
    stray = position;
    Segment segment;
    try {
      segment = create(position, recordLength, little ? SMALL_RESERVE : FIRST_RESERVE);
    } catch (StoreIOException e) {
      try {
        removeStray(); // now, since it may take the last space there is
      } catch (StoreIOException again) {
        e.addSuppressed(again);
      }
      throw e;
    }
    Segment before;
    boolean begun = false;
    try {
      segments.put(position, segment);
      section.lock();
      try {
        before = current;
        if (before != null) {
          ended.add(before);
        }
        current = segment;
        begun = true;
      } finally {
        section.unlock();
      }
    } finally {
      if (!begun) {
        segments.remove(position);
        segment.close();
      }
    }
    stray = NO_STRAY;
    background.segmentBegun(position);
    if (before != null) {
      background.syncSoon(); // so that full segments are finished however weak the commits are
    }
  }

  private Segment create(long position, int recordLength, int reserve) {
    String file = Segment.DIRECTORY + "/" + SegmentLayout.fileName(position);
    WritableFile out = storage.create(file);
    boolean created = false;
    try {
      byte[] header =
          SegmentLayout.encode(
              storeId, position, clockMillis.getAsLong(), headerCrcBeforeNext(), flusher.synced());
      out.write(0, header, 0, header.length);
      long reserved =
          Math.max(Math.min(reserve, segmentBytes), SegmentLayout.HEADER_LENGTH + recordLength);
      fill(out, header.length, reserved);
      out.sync();
      storage.syncDirectory(Segment.DIRECTORY);
      Segment segment = new Segment(storage, position, out, header.length);
      segment.setReserved(reserved);
      created = true;
      return segment;
    } finally {
      if (!created) {
        out.close();
      }
    }
  }

  private int headerCrcBeforeNext() {
    section.lock();
    try {
      return previousHeaderCrc;
    } finally {
      section.unlock();
    }
  }

  /** Requires: reserving. */
  private void removeStray() {
    if (stray == NO_STRAY) {
      return;
    }
    String file = Segment.DIRECTORY + "/" + SegmentLayout.fileName(stray);
    if (storage.exists(file)) {
      storage.delete(file);
    }
    storage.syncDirectory(Segment.DIRECTORY);
    stray = NO_STRAY;
  }

  /**
   * A write of accepted records found no space: gives the spare space back for it, and takes back
   * what was reserved without any.
   *
   * @return whether there was spare space, so that it is worth while to write again
   */
  boolean giveUpSpareSpace() {
    reserving.lock();
    try {
      if (!spareSpace.release()) {
        return false;
      }
      section.lock();
      try {
        Segment segment = current;
        if (segment != null) {
          segment.setReserved(segment.end());
        }
      } finally {
        section.unlock();
      }
      return true;
    } finally {
      reserving.unlock();
    }
  }

  private static void fill(WritableFile out, long from, long to) {
    for (long at = from; at < to; at += ZEROS.length) {
      out.write(at, ZEROS, 0, (int) Math.min(ZEROS.length, to - at));
    }
  }

  // ---- Writing and syncing --------------------------------------------------------------------

  /**
   * Returns when all below {@code position} is written, or synced.
   *
   * @throws StoreFailedException if that failed; whether it is durable is unknown then
   */
  public void await(long position, boolean sync) {
    flusher.await(position, sync);
  }

  /** Hands what is accepted and not taken yet to the leader of a write. */
  LogFlusher.Batch takeBatch() {
    section.lock();
    try {
      List<LogBuffer> buffers = sealed;
      List<Segment> full = ended;
      sealed = new ArrayList<>();
      ended = new ArrayList<>();
      LogBuffer buffer = active;
      if (buffer != null && buffer.length() > 0) {
        buffers.add(buffer);
        active = null;
      }
      return new LogFlusher.Batch(buffers, full, tail);
    } finally {
      section.unlock();
    }
  }

  /** Takes written buffers back for use. Requires: section. */
  void giveBack(List<LogBuffer> buffers) {
    for (LogBuffer buffer : buffers) {
      if (spare.size() < SPARE_BUFFERS && buffer.bytes.length <= LAST_BUFFER) {
        spare.add(buffer);
      }
    }
  }

  /** Writes, perhaps syncs, and reserves ahead: for the engine's background thread. */
  public void runBackground(boolean sync) {
    if (flusher.failure() != null) {
      return;
    }
    await(tail(), sync);
    Segment segment;
    section.lock();
    try {
      segment = current;
      if (closed
          || segment == null
          || segment.end() <= segment.reserved() / 4 * 3
          || !belongsInto(segment, 1)) {
        return;
      }
    } finally {
      section.unlock();
    }
    try {
      reserveAhead(segment);
    } catch (StoreIOException e) {
      // No space yet. Nothing is lost: the commit that needs it asks again and is told.
      System.getLogger(CommitLog.class.getName())
          .log(System.Logger.Level.DEBUG, "could not reserve log space ahead", e);
    }
  }

  private void reserveAhead(Segment segment) {
    reserving.lock();
    try {
      boolean still;
      section.lock();
      try {
        still = current == segment && belongsInto(segment, 1);
      } finally {
        section.unlock();
      }
      if (still && stray == NO_STRAY && !isSpaceShort()) {
        extend(segment, 1, false);
      }
    } finally {
      reserving.unlock();
    }
  }

  // ---- Reading --------------------------------------------------------------------------------

  /**
   * The segment that has the byte at {@code position}.
   *
   * @throws ValueGoneException if it was deleted
   */
  Segment segmentOf(long position) {
    var entry = segments.floorEntry(position);
    if (entry == null) {
      throw new ValueGoneException(Segment.DIRECTORY + "/, with position " + position + ",");
    }
    return entry.getValue();
  }

  int salt() {
    return salt;
  }

  boolean beginsSegment(long position) {
    return segments.containsKey(position);
  }

  /** The first position of the segment that has the byte at {@code position}. */
  public long segmentStart(long position) {
    return segmentOf(position).firstPosition;
  }

  /**
   * Where the log is, so that it can be read from there.
   *
   * @param newest what the caller asks for under the section
   * @param tail where the next record will begin
   * @param headerCrc the header CRC of the last record
   */
  public record Place(long newest, long tail, int headerCrc) {}

  /** Where the log is now. Requires: the section is held. */
  public Place place(long newest) {
    return new Place(newest, tail, previousHeaderCrc);
  }

  /** How many bytes the segment files take, as far as they are known. */
  public long fileBytes() {
    long bytes = 0;
    for (Segment each : segments.values()) {
      if (each.isBeingWritten()) {
        Long next = segments.higherKey(each.firstPosition);
        bytes += (next == null ? tail() : next) - each.firstPosition;
      } else {
        bytes += each.contentLength();
      }
    }
    return bytes;
  }

  /**
   * A segment that takes no more records.
   *
   * @param first the position where it begins
   * @param end the position where it ends; behind its last record there may be zeros
   */
  public record Extent(long first, long end) {
    /** Its length in bytes. */
    public long length() {
      return end - first;
    }
  }

  /** The segments that end at or below a position and are there. */
  public List<Extent> endedBelow(long position) {
    List<Extent> extents = new ArrayList<>();
    for (Segment each : segments.headMap(position).values()) {
      long length = each.isBeingWritten() ? 0 : each.contentLength();
      if (length > 0 && each.firstPosition + length <= position) {
        extents.add(new Extent(each.firstPosition, each.firstPosition + length));
      }
    }
    return extents;
  }

  /**
   * Deletes the segments that end below a position, but for those that are needed. One that ends
   * right there stays: the segment behind it may have no record yet, and go at the next opening.
   *
   * <p>Requires: a durable manifest record needs no other below it.
   *
   * @param needed the first positions of segments that stay
   */
  public void deleteBelow(long position, Set<Long> needed) {
    List<Segment> needless = new ArrayList<>();
    for (Segment each : segments.headMap(position).values()) {
      Long next = segments.higherKey(each.firstPosition);
      if (next == null || next >= position) {
        break;
      }
      if (!needed.contains(each.firstPosition) && !each.isBeingWritten() && !each.isDeleted()) {
        needless.add(each);
      }
    }
    if (needless.isEmpty()) {
      return;
    }
    claimSynced();
    needless.forEach(Segment::delete);
    storage.syncDirectory(Segment.DIRECTORY);
    forgetDeleted();
  }

  /**
   * Leaves a record behind that says how far the log was synced: if the manifest record for which
   * segments go is damaged later, the one before it counts, and what it misses of the log must not
   * look like a torn tail.
   */
  private void claimSynced() {
    byte[] record = new byte[RecordLayout.HEADER_LENGTH];
    RecordLayout.prepare(record, RecordLayout.MARK);
    long end;
    try {
      enter(record.length, true);
      try {
        end = append(record);
      } finally {
        section.unlock();
      }
    } catch (StoreIOException e) {
      // There is no space for it. What is deleted now gives some.
      complain("log segments are deleted without a mark", e);
      return;
    }
    await(end, true);
  }

  /**
   * Forgets deleted segments below all that are there. The others stay known, so that whoever comes
   * for a value in them is told.
   */
  private void forgetDeleted() {
    for (Segment each : segments.values()) {
      if (!each.isDeleted()) {
        return;
      }
      segments.remove(each.firstPosition);
    }
  }

  /** Called when a segment was opened for reading: closes the one that was opened longest ago. */
  void readerOpened(Segment segment) {
    Segment oldest = null;
    synchronized (readers) {
      readers.add(segment);
      if (readers.size() > MAX_READERS) {
        oldest = readers.poll();
      }
    }
    if (oldest != null) {
      oldest.closeReader();
    }
  }

  Storage storage() {
    return storage;
  }

  // ---- End ------------------------------------------------------------------------------------

  /**
   * Makes all durable, gives back the unused reserve, and closes the files. The log takes no more
   * records from the first moment on.
   */
  @Override
  public void close() {
    section.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
    } finally {
      section.unlock();
    }
    try {
      if (flusher.failure() == null) {
        await(tail(), true);
        giveBackReserve();
      }
    } finally {
      segments.values().forEach(Segment::close);
    }
    Throwable cause = flusher.failure();
    if (cause != null && flusher.synced() < tail()) {
      throw new StoreFailedException(
          storage.name()
              + " is closed, but its log could not be written: commits that were not synced may be"
              + " lost",
          true,
          cause);
    }
  }

  private void giveBackReserve() {
    reserving.lock();
    try {
      spareSpace.release();
      Segment segment;
      long end;
      section.lock();
      try {
        segment = current;
        end = segment == null ? 0 : segment.end();
        current = null;
      } finally {
        section.unlock();
      }
      if (segment != null) {
        segment.out().setLength(end);
        segment.out().sync();
      }
    } finally {
      reserving.unlock();
    }
  }
}
