package org.macekv.internal.load;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.macekv.error.CorruptionException;
import org.macekv.internal.format.BigEndian;
import org.macekv.internal.format.ByteReader;
import org.macekv.internal.format.ByteReader.MalformedException;
import org.macekv.internal.format.Crc;
import org.macekv.internal.format.LargeValue;
import org.macekv.internal.format.Varint;
import org.macekv.internal.io.ReadableFile;
import org.macekv.internal.io.Storage;
import org.macekv.internal.io.WritableFile;

/**
 * Entries in ascending order in a file: blocks of 64 KiB or a little more, each a length and a
 * CRC32C of 4 bytes, big-endian, and then whole entries. An entry is: varint key length, key, a
 * byte that is 0 for bytes and 1 for a pointer, varint value length and value, or the pointer.
 */
final class Run {
  private static final int BLOCK_BYTES = 64 << 10;
  private static final int BLOCK_HEADER = 8;
  private static final byte BYTES = 0;
  private static final byte LARGE = 1;

  private Run() {}

  /** Writes a run. Its file is not synced: nobody needs it after a crash. */
  static final class Writer implements AutoCloseable {
    private final WritableFile file;
    private byte[] block = new byte[BLOCK_HEADER + BLOCK_BYTES];
    private int at = BLOCK_HEADER;
    private long offset;

    Writer(Storage storage, String path) {
      this.file = storage.create(path);
    }

    void add(Entry entry) {
      byte[] key = entry.key();
      int length = Varint.MAX_LONG_BYTES * 2 + 1 + key.length;
      if (entry.value() instanceof byte[] bytes) {
        reserve(length + bytes.length);
        putKey(key, BYTES);
        at = Varint.put(block, at, bytes.length);
        System.arraycopy(bytes, 0, block, at, bytes.length);
        at += bytes.length;
      } else {
        LargeValue large = (LargeValue) entry.value();
        reserve(length + large.encodedLength());
        putKey(key, LARGE);
        at = large.encode(block, at);
      }
      if (at >= BLOCK_BYTES) {
        flush();
      }
    }

    private void putKey(byte[] key, byte kind) {
      at = Varint.put(block, at, key.length);
      System.arraycopy(key, 0, block, at, key.length);
      at += key.length;
      block[at++] = kind;
    }

    private void reserve(int length) {
      if (at + length > block.length) {
        block = Arrays.copyOf(block, at + length);
      }
    }

    private void flush() {
      if (at > BLOCK_HEADER) {
        BigEndian.putInt(block, 0, at - BLOCK_HEADER);
        BigEndian.putInt(block, 4, Crc.of(block, BLOCK_HEADER, at - BLOCK_HEADER));
        file.write(offset, block, 0, at);
        offset += at;
        at = BLOCK_HEADER;
      }
    }

    /** Writes what is left. */
    void finish() {
      flush();
    }

    @Override
    public void close() {
      file.close();
    }
  }

  /** Reads a run. */
  static final class Reader implements Source {
    private final Storage storage;
    private final String path;
    private final ReadableFile file;
    private long offset;
    private ByteReader block = new ByteReader(new byte[0], 0, 0);

    Reader(Storage storage, String path) {
      this.storage = storage;
      this.path = path;
      this.file = storage.open(path);
    }

    @Override
    public @Nullable Entry next() {
      if (!block.hasMore() && !readBlock()) {
        return null;
      }
      try {
        byte[] key = block.readBytes(block.readInt("key length", Integer.MAX_VALUE));
        byte kind = block.readByte();
        return new Entry(
            key,
            kind == LARGE
                ? block.readLargeValue()
                : block.readBytes(block.readInt("value length", Integer.MAX_VALUE)));
      } catch (MalformedException e) {
        throw damaged("an intact block makes no sense: " + e.getMessage());
      }
    }

    private boolean readBlock() {
      byte[] header = new byte[BLOCK_HEADER];
      int read = file.read(offset, header, 0, BLOCK_HEADER);
      if (read == 0) {
        return false;
      }
      int length = BigEndian.getInt(header, 0);
      if (read < BLOCK_HEADER || length <= 0 || length > file.length() - offset - BLOCK_HEADER) {
        throw damaged("there is no header of a block");
      }
      byte[] bytes = new byte[length];
      if (file.read(offset + BLOCK_HEADER, bytes, 0, length) < length
          || BigEndian.getInt(header, 4) != Crc.of(bytes, 0, length)) {
        throw damaged("the checksum of a block does not fit");
      }
      offset += BLOCK_HEADER + length;
      block = new ByteReader(bytes, 0, length);
      return true;
    }

    private CorruptionException damaged(String problem) {
      return new CorruptionException(storage.describe(path), offset, problem);
    }

    @Override
    public void close() {
      file.close();
    }
  }

  /** Where entries come from in ascending order. */
  interface Source extends AutoCloseable {
    /** The next entry, or null at the end. */
    @Nullable Entry next();

    @Override
    void close();
  }
}
