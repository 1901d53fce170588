package org.macekv.internal.io;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.macekv.error.StoreLockedException;

/**
 * The ownership of one store directory: an operating system lock on the file {@code LOCK}, which
 * dies with the process, whatever kills it. An exclusive one for an owner who may write; shared
 * ones for any number of those who only read, who change nothing in the directory.
 *
 * <p>POSIX locks belong to a process, not to a channel, and closing <em>any</em> channel on the
 * file drops them. Hence the rules here:
 *
 * <ul>
 *   <li>The registry of this process is asked before {@code LOCK} is opened; only who is in it may
 *       touch the file. It is the one static state of the engine, as the lock is the process's own.
 *   <li>If the lock turns out to be held in this process all the same (by another class loader's
 *       copy of this class, with a registry of its own), the channel that found out stays open, for
 *       its closing would take the lock from its holder. The next attempt uses it again.
 *   <li>The channel stays in here, and the call that may be interrupted runs on a thread of its
 *       own.
 *   <li>Those who share the lock in this process share the channel, too.
 *   <li>{@code LOCK} is never read; who holds it stands in {@code OWNER}, unless he only reads.
 * </ul>
 */
final class DirectoryLock {
  private static final String FILE = Storage.LOCK;

  /** The locks that this process holds, by canonical directory. */
  private static final Map<Path, DirectoryLock> HELD = new ConcurrentHashMap<>();

  /** Channels on files that another class loader of this process has locked. */
  private static final Map<Kept, FileChannel> KEPT_OPEN = new ConcurrentHashMap<>();

  /** Whose lock a channel was opened for. */
  private record Kept(Path directory, boolean shared) {}

  private final Path directory;
  private final String owner;
  private final boolean shared;

  private final ReentrantLock holding = new ReentrantLock();

  @GuardedBy("holding")
  private int holders;

  @GuardedBy("holding")
  private @Nullable FileChannel channel;

  private DirectoryLock(Path directory, String owner, boolean shared) {
    this.directory = directory;
    this.owner = owner;
    this.shared = shared;
  }

  /**
   * Takes the lock, or leaves nothing behind.
   *
   * @param directory the canonical path
   * @throws StoreLockedException if it is held, by this process or another one
   */
  static DirectoryLock acquire(Path directory, Clock clock) throws IOException {
    return acquire(new DirectoryLock(directory, LockOwner.describeThisProcess(clock), false));
  }

  /** Takes a part in the lock of those who only read, or leaves nothing behind. */
  static DirectoryLock acquireShared(Path directory, Clock clock) throws IOException {
    return acquire(
        new DirectoryLock(
            directory, LockOwner.describeThisProcess(clock) + ", for reading only", true));
  }

  private static DirectoryLock acquire(DirectoryLock wanted) throws IOException {
    while (true) {
      DirectoryLock earlier = HELD.putIfAbsent(wanted.directory, wanted);
      DirectoryLock lock = earlier == null ? wanted : earlier;
      if (earlier != null && !(earlier.shared && wanted.shared)) {
        throw heldHere(wanted.directory, earlier.owner);
      }
      if (lock.join()) {
        return lock;
      }
    }
  }

  /** Takes the lock, or a part in it; false if all others have left it meanwhile. */
  private boolean join() throws IOException {
    holding.lock();
    try {
      if (HELD.get(directory) != this) {
        return false;
      }
      if (channel == null) {
        take();
      }
      holders++;
      return true;
    } finally {
      holding.unlock();
    }
  }

  @GuardedBy("holding")
  private void take() throws IOException {
    boolean locked = false;
    try {
      channel = openLocked(directory, shared);
      locked = true;
      if (!shared) {
        announce(directory, owner);
      }
    } finally {
      if (!locked) {
        HELD.remove(directory, this);
      }
    }
  }

  /**
   * Lets go: the last holder of everything, also if the file system refuses a part of it. To be
   * called once by each holder.
   */
  void release() throws IOException {
    holding.lock();
    try {
      FileChannel held = channel;
      if (--holders > 0 || held == null) {
        return;
      }
      if (!shared) {
        LockOwner.delete(directory);
      }
      try {
        channel = null;
        held.close(); // releases the lock
      } finally {
        HELD.remove(directory, this); // only now may this process open the file again
      }
    } finally {
      holding.unlock();
    }
  }

  private static FileChannel openLocked(Path directory, boolean shared) throws IOException {
    FileChannel channel = openChannel(directory, shared);
    boolean close = true;
    try {
      if (!PrivateThread.call(
          "mace-lock", () -> channel.tryLock(0, Long.MAX_VALUE, shared) != null)) {
        throw new StoreLockedException(directory.toString(), LockOwner.read(directory));
      }
      close = false;
      return channel;
    } catch (OverlappingFileLockException e) {
      close = false;
      KEPT_OPEN.put(new Kept(directory, shared), channel);
      throw heldHere(directory, LockOwner.read(directory));
    } finally {
      if (close) {
        channel.close();
      }
    }
  }

  private static FileChannel openChannel(Path directory, boolean shared) throws IOException {
    FileChannel kept = KEPT_OPEN.remove(new Kept(directory, shared));
    if (kept != null) {
      return kept;
    }
    Path file = directory.resolve(FILE);
    if (shared) {
      return FileChannel.open(file, StandardOpenOption.READ);
    }
    return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  /** A store on a full disk can be opened without an announcement, but not with a stale one. */
  private static void announce(Path directory, String owner) {
    try {
      LockOwner.write(directory, owner);
    } catch (IOException e) {
      LockOwner.delete(directory);
    }
  }

  private static StoreLockedException heldHere(Path directory, String owner) {
    return new StoreLockedException(directory.toString(), "this process (" + owner + ")");
  }
}
