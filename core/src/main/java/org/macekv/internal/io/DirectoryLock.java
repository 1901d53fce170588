package org.macekv.internal.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.macekv.error.StoreLockedException;

/**
 * The ownership of one store directory: an operating system lock on the file {@code LOCK}, which
 * dies with the process, whatever kills it.
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
 *   <li>{@code LOCK} is never read; who holds it stands in {@code OWNER}.
 * </ul>
 */
final class DirectoryLock {
  private static final String FILE = Storage.LOCK;

  /** Canonical directory to the line that describes the owner. */
  private static final Map<Path, String> HELD = new ConcurrentHashMap<>();

  /** Channels on files that another class loader of this process has locked. */
  private static final Map<Path, FileChannel> KEPT_OPEN = new ConcurrentHashMap<>();

  private final Path directory;
  private final String owner;
  private final FileChannel channel;

  private DirectoryLock(Path directory, String owner, FileChannel channel) {
    this.directory = directory;
    this.owner = owner;
    this.channel = channel;
  }

  /**
   * Takes the lock, or leaves nothing behind.
   *
   * @param directory the canonical path
   * @throws StoreLockedException if it is held, by this process or another one
   */
  static DirectoryLock acquire(Path directory, Clock clock) throws IOException {
    String owner = LockOwner.describeThisProcess(clock);
    String earlier = HELD.putIfAbsent(directory, owner);
    if (earlier != null) {
      throw heldHere(directory, earlier);
    }
    boolean locked = false;
    try {
      FileChannel channel = openLocked(directory);
      locked = true;
      announce(directory, owner);
      return new DirectoryLock(directory, owner, channel);
    } finally {
      if (!locked) {
        HELD.remove(directory, owner);
      }
    }
  }

  /** Lets go of everything, also if the file system refuses a part of it. Only once. */
  void release() throws IOException {
    LockOwner.delete(directory);
    try {
      channel.close(); // releases the lock
    } finally {
      HELD.remove(directory, owner); // only now may this process open the file again
    }
  }

  private static FileChannel openLocked(Path directory) throws IOException {
    FileChannel channel = openChannel(directory);
    boolean close = true;
    try {
      if (!PrivateThread.call("mace-lock", () -> channel.tryLock() != null)) {
        throw new StoreLockedException(directory.toString(), LockOwner.read(directory));
      }
      close = false;
      return channel;
    } catch (OverlappingFileLockException e) {
      close = false;
      KEPT_OPEN.put(directory, channel);
      throw heldHere(directory, LockOwner.read(directory));
    } finally {
      if (close) {
        channel.close();
      }
    }
  }

  private static FileChannel openChannel(Path directory) throws IOException {
    FileChannel kept = KEPT_OPEN.remove(directory);
    return kept != null
        ? kept
        : FileChannel.open(
            directory.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
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
