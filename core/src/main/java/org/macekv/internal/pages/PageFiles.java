package org.macekv.internal.pages;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.macekv.error.CorruptionException;
import org.macekv.error.StoreClosedException;
import org.macekv.error.StoreIOException;
import org.macekv.internal.format.BigEndian;
import org.macekv.internal.format.Crc;
import org.macekv.internal.format.ImageLayout;
import org.macekv.internal.format.PageAddress;
import org.macekv.internal.format.PageFileLayout;
import org.macekv.internal.io.ReadableFile;
import org.macekv.internal.io.Storage;
import org.macekv.internal.io.WritableFile;

/**
 * The page files: images are appended by one thread at a time, the checkpoint's, and read by any.
 * What was appended can be read after {@link #sync}. A file whose writing failed is given up: the
 * next image goes into a new one.
 *
 * <p>Images that will soon be replaced go into other files than those that will stay, so that the
 * former's files become empty by themselves, and the latter need not be moved out of them (the
 * separation of hot and cold data of log-structured stores, Rosenblum and Ousterhout, 1992).
 */
public final class PageFiles implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 20;
  private static final int MAX_READERS = 256;
  private static final int WINDOW = 1 << 18;

  /** A load's files are twice as large after each so many. */
  private static final int FILES_OF_A_SIZE = 256;

  private static final int LARGEST_FILE = 1 << 30;

  /** Of how many files a store is made at least, if they are not smaller than the least then. */
  private static final int FILES = 64;

  private static final int LEAST_FILE = 4 << 20;

  private final Storage storage;
  private final Supplier<UUID> storeId;
  private final int fileBytes;
  private final ConcurrentSkipListMap<Integer, PageFile> files = new ConcurrentSkipListMap<>();
  private final ArrayDeque<PageFile> readers = new ArrayDeque<>(); // guarded by itself
  private final AtomicLong reads = new AtomicLong();

  private final AtomicInteger lastNumber;
  private final ConcurrentLinkedQueue<Loaded> loaded = new ConcurrentLinkedQueue<>();

  // What follows belongs to the thread that appends.
  private final TreeMap<Integer, Integer> lengths = new TreeMap<>();
  private TreeMap<Integer, Integer> durable;
  private final List<WritableFile> unsynced = new ArrayList<>();
  private final Stream lasting = new CheckpointStream();
  private final Stream passing = new CheckpointStream();
  private volatile boolean closed;
  private final AtomicLong written = new AtomicLong();

  /**
   * The page files of a store.
   *
   * @param storeId gives the store's identity, which is known before the first image is written
   * @param known the files that the manifest names, by number, with their lengths
   * @param lastNumber the highest number that was ever used
   * @param fileBytes the size at which a file ends; in a small store they end earlier, since a file
   *     goes as a whole: the fewer there are, the more garbage is in those that are being cleaned
   */
  public PageFiles(
      Storage storage,
      Supplier<UUID> storeId,
      Map<Integer, Integer> known,
      int lastNumber,
      int fileBytes) {
    this.storage = storage;
    this.storeId = storeId;
    this.fileBytes = fileBytes;
    this.lastNumber = new AtomicInteger(lastNumber);
    this.lengths.putAll(known);
    this.durable = new TreeMap<>(known);
    for (int each : known.keySet()) {
      files.put(each, new PageFile(storage, each));
    }
  }

  /** Bytes written since the store was opened. */
  public long written() {
    return written.get();
  }

  /** Images read since the store was opened. */
  public long reads() {
    return reads.get();
  }

  /** The files there are, by number, with their lengths. For the thread that appends. */
  public Map<Integer, Integer> lengths() {
    return new TreeMap<>(lengths);
  }

  /** The highest number that was used. */
  public int lastNumber() {
    return lastNumber.get();
  }

  // ---- Writing --------------------------------------------------------------------------------

  /**
   * Appends an image and tells where it is.
   *
   * @param isPassing whether it will probably be replaced soon
   */
  public PageAddress append(byte[] image, boolean isPassing) {
    return (isPassing ? passing : lasting).append(image);
  }

  /** One file after the other, each until it is full. */
  private abstract class Stream {
    private byte[] buffer = {};
    private int buffered;
    private @Nullable WritableFile out;
    private int number;
    private int end; // of what was appended to the current file

    PageAddress append(byte[] image) {
      if (out == null
          || (end > PageFileLayout.HEADER_LENGTH && end + (long) image.length > mostBytes())) {
        begin();
      }
      PageAddress address = new PageAddress(number, end, image.length);
      if (buffered + image.length > buffer.length) {
        flush();
      }
      if (image.length > buffer.length) {
        write(image, image.length);
      } else {
        System.arraycopy(image, 0, buffer, buffered, image.length);
        buffered += image.length;
      }
      end += image.length;
      grown(number, end);
      return address;
    }

    private void begin() {
      flush();
      ended(out);
      storage.createDirectory(PageFile.DIRECTORY);
      if (buffer.length == 0) {
        buffer = new byte[Math.min(BUFFER_BYTES, fileBytes)];
      }
      number = lastNumber.incrementAndGet();
      out = null;
      WritableFile file = storage.create(PageFile.path(number));
      begun(file);
      out = file;
      byte[] header = PageFileLayout.encode(storeId.get(), number);
      end = 0;
      write(header, header.length);
      end = header.length;
      grown(number, end);
      files.put(number, new PageFile(storage, number));
    }

    void flush() {
      if (buffered > 0) {
        write(buffer, buffered);
        buffered = 0;
      }
    }

    private void write(byte[] bytes, int length) {
      WritableFile file = out;
      if (file == null) {
        throw new IllegalStateException("no page file is being written");
      }
      file.write(end - buffered, bytes, 0, length);
      written.addAndGet(length);
    }

    void giveUp() {
      buffered = 0;
      out = null;
    }

    boolean isWriting(int file) {
      return out != null && file == number;
    }

    /** The size at which the current file ends. */
    abstract int mostBytes();

    /** A file was begun. */
    abstract void begun(WritableFile file);

    /** The current file, if there is one, has all that it will have. */
    abstract void ended(@Nullable WritableFile file);

    /** A file is so long now. */
    abstract void grown(int file, int length);
  }

  /** What a checkpoint writes: synced with all else that it writes. */
  private final class CheckpointStream extends Stream {
    private int mostBytes; // of the current file

    @Override
    int mostBytes() {
      return mostBytes;
    }

    @Override
    void begun(WritableFile file) {
      unsynced.add(file);
      mostBytes = checkpointFileBytes();
    }

    @Override
    void ended(@Nullable WritableFile file) {
      // Closed after the next sync.
    }

    @Override
    void grown(int file, int length) {
      lengths.put(file, length);
    }
  }

  /** The size at which a file ends that a checkpoint begins now. For the thread that appends. */
  public int checkpointFileBytes() {
    long total = 0;
    for (int length : lengths.values()) {
      total += length;
    }
    return (int) Math.min(fileBytes, Math.max(LEAST_FILE, total / FILES));
  }

  /** Returns when all that was appended, and that its files exist, is on the device. */
  public void sync() {
    if (unsynced.isEmpty()) {
      return;
    }
    lasting.flush();
    passing.flush();
    for (WritableFile file : unsynced) {
      file.sync();
    }
    storage.syncDirectory(PageFile.DIRECTORY);
    List<WritableFile> goOn = new ArrayList<>();
    for (WritableFile file : unsynced) {
      if (file == lasting.out || file == passing.out) {
        goOn.add(file); // syncing it once more costs little
      } else {
        file.close();
      }
    }
    unsynced.clear();
    unsynced.addAll(goOn);
    durable = new TreeMap<>(lengths);
  }

  /**
   * Gives up what was appended since the last sync, after a failure: no image goes into these files
   * any more.
   */
  public void abandon() {
    stopWriting();
    List<Integer> strays = new ArrayList<>(lengths.keySet());
    strays.removeAll(durable.keySet());
    for (Map.Entry<Integer, Integer> each : durable.entrySet()) {
      if (lengths.getOrDefault(each.getKey(), 0) > each.getValue()) {
        cutOff(each.getKey(), each.getValue());
      }
    }
    lengths.clear();
    lengths.putAll(durable);
    for (int each : strays) {
      files.remove(each);
    }
    try {
      for (int each : strays) {
        storage.delete(PageFile.path(each));
      }
    } catch (StoreIOException e) {
      // The next opening deletes them.
      System.getLogger(PageFiles.class.getName())
          .log(System.Logger.Level.DEBUG, "could not delete an unfinished page file", e);
    }
  }

  /** Gives back what was written behind what is needed. */
  private void cutOff(int file, int length) {
    try {
      storage.truncate(PageFile.path(file), length);
    } catch (StoreIOException e) {
      System.getLogger(PageFiles.class.getName())
          .log(System.Logger.Level.DEBUG, "could not cut a page file off", e);
    }
  }

  /** Closes what is open for writing, also if that fails with some of it. */
  private void stopWriting() {
    lasting.giveUp();
    passing.giveUp();
    while (!unsynced.isEmpty()) {
      try {
        unsynced.remove(unsynced.size() - 1).close();
      } catch (StoreIOException e) {
        // What was written to it and not synced is given up in any case.
        System.getLogger(PageFiles.class.getName())
            .log(System.Logger.Level.DEBUG, "could not close a page file", e);
      }
    }
  }

  // ---- Loading --------------------------------------------------------------------------------

  /** Files that a load has written, and the position at which they came to be needed. */
  private record Loaded(long position, Map<Integer, Integer> files) {}

  /**
   * Files of their own for what is to be in the store as a whole or not at all. Checkpoints do not
   * know of them before {@link PageFiles#loaded}. Confined to one thread at a time.
   */
  public final class Load extends Stream {
    private final TreeMap<Integer, Integer> own = new TreeMap<>();
    private @Nullable WritableFile current;

    private Load() {}

    /** Appends an image and tells where it will be read. */
    @Override
    public PageAddress append(byte[] image) {
      return super.append(image);
    }

    /** The files become larger when there are many, so that a list of them stays short. */
    @Override
    int mostBytes() {
      int doublings = Math.min(own.size() / FILES_OF_A_SIZE, 30);
      return (int) Math.min(LARGEST_FILE, (long) fileBytes << doublings);
    }

    @Override
    void begun(WritableFile file) {
      current = file;
    }

    @Override
    void ended(@Nullable WritableFile file) {
      if (file != null) {
        file.sync();
        file.close();
        current = null;
      }
    }

    @Override
    void grown(int file, int length) {
      own.put(file, length);
    }

    /** Returns when all is on the device; then nothing is to be appended any more. */
    public void finish() {
      flush();
      ended(current);
      giveUp();
      if (!own.isEmpty()) {
        storage.syncDirectory(PageFile.DIRECTORY);
      }
    }

    /** The files by number, with their lengths. */
    public Map<Integer, Integer> lengths() {
      return own;
    }

    /** What of the files is needed: all of it. */
    public LiveBytes live() {
      LiveBytes live = new LiveBytes();
      own.forEach(
          (file, length) -> live.addPages(file, (long) length - PageFileLayout.HEADER_LENGTH));
      return live;
    }

    /** Deletes what was written; what is left if that fails goes with the next opening. */
    public void discard() {
      giveUp();
      try {
        WritableFile open = current;
        current = null;
        if (open != null) {
          open.close();
        }
        for (int each : own.keySet()) {
          PageFile file = files.remove(each);
          if (file != null) {
            file.delete();
          } else {
            storage.delete(PageFile.path(each));
          }
        }
        if (!own.isEmpty()) {
          storage.syncDirectory(PageFile.DIRECTORY);
        }
      } catch (StoreIOException e) {
        System.getLogger(PageFiles.class.getName())
            .log(System.Logger.Level.DEBUG, "could not delete what was loaded for nothing", e);
      }
    }
  }

  /** Begins a load. */
  public Load load() {
    return new Load();
  }

  /**
   * Tells that files of a load are needed by whatever is committed at a position: a checkpoint
   * below it leaves them alone, and one at or above it knows them.
   */
  public void loaded(long position, Map<Integer, Integer> lengthsByNumber) {
    loaded.add(new Loaded(position, Map.copyOf(lengthsByNumber)));
  }

  /**
   * Makes files known that were loaded before the store was opened, and since the checkpoint that
   * it was opened with.
   */
  public void recoverLoaded(Map<Integer, Integer> lengthsByNumber) {
    lengthsByNumber.keySet().forEach(each -> files.put(each, new PageFile(storage, each)));
    loaded(0, lengthsByNumber);
  }

  /**
   * Returns if all files that were recovered so are there as they were, when the store's identity
   * is known.
   *
   * @throws CorruptionException if not
   */
  public void checkLoaded() {
    for (Loaded each : loaded) {
      String problem = problem(storage, storeId.get(), each.files);
      if (problem != null) {
        throw new CorruptionException(
            storage.describe(PageFile.DIRECTORY), 0, "of what a bulk load wrote, " + problem);
      }
    }
  }

  /** Takes in what was loaded up to a position. For the thread that appends. */
  public void takeLoaded(long position) {
    for (Loaded each : List.copyOf(loaded)) {
      if (each.position <= position && loaded.remove(each)) {
        lengths.putAll(each.files);
        durable.putAll(each.files);
      }
    }
  }

  // ---- Reading --------------------------------------------------------------------------------

  /**
   * The image at an address, without compression.
   *
   * @throws CorruptionException if it does not fit its checksum
   * @throws org.macekv.error.CompressionUnavailableException if it is compressed, and the library
   *     for that is not there
   * @throws PageGoneException if its file was deleted
   * @throws StoreClosedException if the store was closed meanwhile
   */
  public byte[] read(PageAddress address) {
    PageFile file = files.get(address.file());
    if (file == null) {
      throw new PageGoneException(describe(address));
    }
    byte[] image = new byte[address.length()];
    reads.incrementAndGet();
    int count;
    try {
      count = file.read(this, address.offset(), image);
    } catch (StoreIOException e) {
      if (closed) {
        throw new StoreClosedException(storage.name()); // files that were closed under a read
      }
      throw e;
    }
    if (count < image.length
        || image.length < ImageLayout.LOW
        || BigEndian.getInt(image, ImageLayout.LENGTH) != image.length) {
      throw new CorruptionException(
          describe(address),
          address.offset(),
          "there is no page image of " + image.length + " bytes");
    }
    if (BigEndian.getInt(image, ImageLayout.CRC)
        != Crc.of(image, ImageLayout.LENGTH, image.length - ImageLayout.LENGTH)) {
      throw new CorruptionException(
          describe(address), address.offset(), "the checksum of a page image does not fit");
    }
    return image[ImageLayout.COMPRESSION] == ImageLayout.NOT_COMPRESSED
        ? image
        : expanded(image, address);
  }

  private byte[] expanded(byte[] image, PageAddress address) {
    byte[] expanded = ImageCompression.expand(image, "a page image in " + describe(address));
    if (expanded == null) {
      throw new CorruptionException(
          describe(address), address.offset(), "an intact image's compressed body makes no sense");
    }
    return expanded;
  }

  /** What an address is called in messages. */
  public String describe(PageAddress address) {
    return storage.describe(PageFile.path(address.file()));
  }

  void readerOpened(PageFile file) {
    PageFile oldest = null;
    synchronized (readers) {
      readers.add(file);
      if (readers.size() > MAX_READERS) {
        oldest = readers.poll();
      }
    }
    if (oldest != null) {
      oldest.closeReader();
    }
  }

  /** The offsets and headers of a file's images, for the cleaner. */
  public interface ImageVisitor {
    /** Takes an image's address, level, bucket and low fence; false ends the walk. */
    boolean image(PageAddress address, int level, int bucketId, byte[] low);
  }

  /**
   * Walks over the images of a file that is complete.
   *
   * @param from where an image begins, as this returned; 0: the first
   * @return where the image behind the last that was visited begins, or the file ends
   * @throws CorruptionException if the images do not lie one behind the other
   */
  public int visit(int file, int from, ImageVisitor visitor) {
    Integer length = lengths.get(file);
    if (length == null) {
      return 0;
    }
    String path = PageFile.path(file);
    try (ReadableFile in = storage.open(path)) {
      int at = Math.max(from, PageFileLayout.HEADER_LENGTH);
      byte[] window = new byte[Math.min(length, WINDOW)];
      int windowStart = 0;
      int windowLength = 0;
      while (at < length) {
        // Images are small: with one read come the headers of many.
        if (at + ImageLayout.LOW > windowStart + windowLength) {
          windowStart = at;
          windowLength = in.read(at, window, 0, window.length);
        }
        boolean whole = at + ImageLayout.LOW <= windowStart + windowLength;
        int headerAt = whole ? at - windowStart : 0;
        byte[] header = Arrays.copyOfRange(window, headerAt, headerAt + ImageLayout.LOW);
        int imageLength = BigEndian.getInt(header, ImageLayout.LENGTH);
        int lowLength = BigEndian.getInt(header, ImageLayout.LOW_LENGTH);
        if (!whole
            || lowLength < 0
            || imageLength < ImageLayout.LOW + lowLength
            || imageLength > length - at) {
          throw new CorruptionException(
              storage.describe(path), at, "there is no header of a page image");
        }
        byte[] low = new byte[lowLength];
        int lowAt = at + ImageLayout.LOW;
        if (lowAt + lowLength <= windowStart + windowLength) {
          System.arraycopy(window, lowAt - windowStart, low, 0, lowLength);
        } else {
          in.read(lowAt, low, 0, lowLength);
        }
        at += imageLength;
        if (!visitor.image(
            new PageAddress(file, at - imageLength, imageLength),
            header[ImageLayout.LEVEL],
            BigEndian.getInt(header, ImageLayout.BUCKET_ID),
            low)) {
          break;
        }
      }
      return at;
    }
  }

  // ---- End ------------------------------------------------------------------------------------

  /** Lets no more images go into a file. Requires: all that was appended is synced. */
  public void endFile(int file) {
    if (lasting.isWriting(file)) {
      lasting.giveUp();
    }
    if (passing.isWriting(file)) {
      passing.giveUp();
    }
  }

  /** Whether images still go into a file. */
  public boolean isBeingWritten(int file) {
    return lasting.isWriting(file) || passing.isWriting(file);
  }

  /**
   * Forgets files and then deletes them, for the thread that appends.
   *
   * <p>Requires: a durable manifest record does not need them, and nobody reads them any more.
   */
  public void delete(Collection<Integer> numbers) {
    for (int each : numbers) {
      lengths.remove(each);
      durable.remove(each);
      PageFile file = files.remove(each);
      if (file != null) {
        file.delete();
      }
    }
    if (!numbers.isEmpty()) {
      storage.syncDirectory(PageFile.DIRECTORY);
    }
  }

  /** Deletes what checkpoints left that did not come to an end; when a store is opened. */
  public void deleteStrays() {
    List<Integer> strays = new ArrayList<>();
    for (String name : storage.list(PageFile.DIRECTORY)) {
      if (name.matches("[0-9]{10}\\.pages")) {
        int found = Integer.parseInt(name.substring(0, 10));
        lastNumber.accumulateAndGet(found, Math::max);
        if (!files.containsKey(found)) {
          strays.add(found);
          storage.delete(PageFile.path(found));
        }
      }
    }
    if (!strays.isEmpty()) {
      storage.syncDirectory(PageFile.DIRECTORY);
    }
  }

  /** Whether every file is there with its length and header. */
  static @Nullable String problem(Storage storage, UUID storeId, Map<Integer, Integer> known) {
    for (Map.Entry<Integer, Integer> each : known.entrySet()) {
      String path = PageFile.path(each.getKey());
      if (!storage.exists(path)) {
        return storage.describe(path) + " is missing";
      }
      try (ReadableFile in = storage.open(path)) {
        byte[] header = new byte[PageFileLayout.HEADER_LENGTH];
        int count = in.read(0, header, 0, header.length);
        if (count < header.length
            || !Arrays.equals(header, PageFileLayout.encode(storeId, each.getKey()))) {
          return storage.describe(path) + " has not the header of this page file";
        }
        if (in.length() < each.getValue()) {
          return storage.describe(path)
              + " has "
              + in.length()
              + " bytes, expected "
              + each.getValue();
        }
      }
    }
    return null;
  }

  @Override
  public void close() {
    closed = true;
    stopWriting();
    files.values().forEach(PageFile::closeReader);
  }
}
