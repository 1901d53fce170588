package org.macekv.internal.io;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.macekv.error.StoreIOException;

/**
 * A storage on a device of limited size. A write that does not fit is done as far as it does, and
 * fails, as on a real one. A length without content takes no space.
 */
public final class LimitedStorage extends ForwardingStorage {
  private final Map<String, Long> taken = new HashMap<>(); // guarded by this
  private long capacity = Long.MAX_VALUE; // guarded by this

  public LimitedStorage(Storage inner) {
    super(inner);
  }

  /** Sets how many bytes the device has. */
  public synchronized void setCapacity(long bytes) {
    capacity = bytes;
  }

  /** How many bytes of it are taken. */
  public synchronized long taken() {
    return taken.values().stream().mapToLong(Long::longValue).sum();
  }

  @Override
  public synchronized String toString() {
    return taken() + " of " + capacity + " bytes taken: " + taken;
  }

  @Override
  public boolean isOnDevice() {
    return true;
  }

  @Override
  public synchronized long usableBytes() {
    return capacity - taken();
  }

  /** How many bytes of a write fit. */
  private synchronized int take(String file, long offset, int length) {
    long before = taken.getOrDefault(file, 0L);
    long end = Math.min(offset + length, before + Math.max(0, capacity - taken()));
    if (end > before) {
      taken.put(file, end);
    }
    return (int) Math.max(0, Math.min(length, Math.max(end, before) - offset));
  }

  private synchronized void cut(String file, long length) {
    taken.computeIfPresent(file, (name, before) -> Math.min(before, length));
  }

  @Override
  public WritableFile create(String file) {
    return limited(inner().create(file), file);
  }

  @Override
  public WritableFile openForWriting(String file) {
    return limited(inner().openForWriting(file), file);
  }

  private WritableFile limited(WritableFile out, String file) {
    return new WritableFile() {
      @Override
      public void write(long offset, byte[] source, int from, int length) {
        int fits = take(file, offset, length);
        if (fits > 0) {
          out.write(offset, source, from, fits);
        }
        if (fits < length) {
          throw new StoreIOException("no space left for " + file, new IOException("simulated"));
        }
      }

      @Override
      public void sync() {
        out.sync();
      }

      @Override
      public void setLength(long length) {
        out.setLength(length);
        cut(file, length);
      }

      @Override
      public void close() {
        out.close();
      }
    };
  }

  @Override
  public void truncate(String file, long length) {
    super.truncate(file, length);
    cut(file, length);
  }

  @Override
  public synchronized void rename(String from, String to) {
    super.rename(from, to);
    Long bytes = taken.remove(from);
    taken.put(to, bytes == null ? 0 : bytes);
  }

  @Override
  public void delete(String file) {
    super.delete(file);
    synchronized (this) {
      taken.remove(file);
    }
  }
}
