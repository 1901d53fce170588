package org.macekv.internal.io;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import org.macekv.error.StoreIOException;
import org.macekv.error.StoreLockedException;

/**
 * A store that lives in memory and forgets nothing until the object itself is forgotten: closing it
 * only releases the lock, and it may be locked again. For tests, and for stores that need not last.
 */
public final class MemoryStorage implements Storage {
  private final String name;
  private final OpenFiles openFiles;
  private final ReentrantLock structure = new ReentrantLock();

  @GuardedBy("structure")
  private final NavigableMap<String, MemoryFile> files = new TreeMap<>();

  /** Without the store's own, "". */
  @GuardedBy("structure")
  private final Set<String> directories = new TreeSet<>();

  @GuardedBy("structure")
  private boolean locked;

  /**
   * An empty storage.
   *
   * @param name what the store is called in messages
   */
  public MemoryStorage(String name) {
    this.name = name;
    this.openFiles = new OpenFiles(name);
  }

  /**
   * A storage with the content that this one has now, byte for byte, unlocked: what a crash leaves
   * that loses nothing. Neither sees later changes of the other. A write that is under way in
   * another thread is in the copy as a whole or not at all; writes to two files are not compared.
   *
   * @param copyName what the copy is called in messages
   */
  public MemoryStorage copy(String copyName) {
    MemoryStorage copy = new MemoryStorage(copyName);
    structure.lock();
    copy.structure.lock();
    try {
      copy.directories.addAll(directories);
      files.forEach((file, content) -> copy.files.put(file, content.copy()));
      return copy;
    } finally {
      copy.structure.unlock();
      structure.unlock();
    }
  }

  /**
   * Opens a file that is there already for writing, which no store does: tests damage files so.
   *
   * @throws StoreIOException if it is not there
   */
  public WritableFile openForDamage(String file) {
    return opened("open", file);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String describe(String file) {
    return file.isEmpty() ? name : name + "/" + file;
  }

  @Override
  public void lock() {
    structure.lock();
    try {
      if (locked) {
        throw new StoreLockedException(name, "this process (the storage object is open already)");
      }
      locked = true;
      openFiles.reopen();
    } finally {
      structure.unlock();
    }
  }

  @Override
  public void createDirectory(String directory) {
    enter("create directory", FileName.require(directory));
    try {
      requireParent("create directory", directory);
      if (files.containsKey(directory)) {
        throw alreadyThere("create directory", directory);
      }
      directories.add(directory);
    } finally {
      structure.unlock();
    }
  }

  @Override
  public boolean exists(String file) {
    enter("look for", FileName.require(file));
    try {
      return files.containsKey(file) || directories.contains(file);
    } finally {
      structure.unlock();
    }
  }

  @Override
  public List<String> list(String directory) {
    enter("list", FileName.requireDirectory(directory));
    try {
      if (files.containsKey(directory)) {
        throw IoFailure.of("list", describe(directory), new IOException("not a directory"));
      }
      return files.keySet().stream()
          .filter(file -> FileName.directoryOf(file).equals(directory))
          .map(file -> file.substring(file.lastIndexOf('/') + 1))
          .toList();
    } finally {
      structure.unlock();
    }
  }

  @Override
  public WritableFile create(String file) {
    enter("create", FileName.require(file));
    try {
      requireParent("create", file);
      if (files.containsKey(file) || directories.contains(file)) {
        throw alreadyThere("create", file);
      }
      MemoryFile created = new MemoryFile();
      files.put(file, created);
      return handle(file, created);
    } finally {
      structure.unlock();
    }
  }

  @Override
  public WritableFile openForWriting(String file) {
    return opened("open for writing", file);
  }

  @Override
  public ReadableFile open(String file) {
    return opened("open", file);
  }

  @Override
  public void truncate(String file, long length) {
    Range.requireLength(length);
    enter("truncate", FileName.require(file));
    try {
      MemoryFile content = existing("truncate", file);
      if (length > content.length()) {
        throw IoFailure.of(
            "truncate to " + length + " bytes",
            describe(file),
            new IOException("it has " + content.length() + " bytes only"));
      }
      content.setLength(length);
    } finally {
      structure.unlock();
    }
  }

  @Override
  public void rewrite(String file, long from, long to) {
    Range.requireLength(from);
    Range.requireLength(to - from);
    truncate(file, to);
  }

  @Override
  public void rename(String from, String to) {
    FileName.require(to);
    enter("rename", FileName.require(from));
    try {
      MemoryFile content = existing("rename", from);
      requireParent("rename " + describe(from) + " to", to);
      if (directories.contains(to)) {
        throw alreadyThere("rename " + describe(from) + " to", to);
      }
      files.remove(from);
      files.put(to, content);
    } finally {
      structure.unlock();
    }
  }

  @Override
  public void delete(String file) {
    enter("delete", FileName.require(file));
    try {
      existing("delete", file);
      files.remove(file);
    } finally {
      structure.unlock();
    }
  }

  @Override
  public void syncDirectory(String directory) {
    enter("sync directory", FileName.requireDirectory(directory));
    try {
      if (!directory.isEmpty() && !directories.contains(directory)) {
        throw notThere("sync directory", directory);
      }
    } finally {
      structure.unlock();
    }
  }

  @Override
  public boolean isOnDevice() {
    return false;
  }

  @Override
  public long usableBytes() {
    return Long.MAX_VALUE;
  }

  @Override
  public long writtenBytes() {
    return openFiles.writtenBytes();
  }

  @Override
  public void close() {
    structure.lock();
    try {
      openFiles.closeAll();
      locked = false;
    } finally {
      structure.unlock();
    }
  }

  private MemoryHandle opened(String operation, String file) {
    enter(operation, FileName.require(file));
    try {
      return handle(file, existing(operation, file));
    } finally {
      structure.unlock();
    }
  }

  private MemoryHandle handle(String file, MemoryFile content) {
    return openFiles.add(new MemoryHandle(content, describe(file), openFiles), describe(file));
  }

  /** Takes the lock, unless the storage is closed. */
  private void enter(String operation, String file) {
    openFiles.requireOpen(operation, describe(file));
    structure.lock();
  }

  @GuardedBy("structure")
  private MemoryFile existing(String operation, String file) {
    MemoryFile content = files.get(file);
    if (content == null) {
      throw notThere(operation, file);
    }
    return content;
  }

  @GuardedBy("structure")
  private void requireParent(String operation, String file) {
    String parent = FileName.directoryOf(file);
    if (!parent.isEmpty() && !directories.contains(parent)) {
      throw notThere(operation, file);
    }
  }

  private StoreIOException notThere(String operation, String file) {
    return IoFailure.of(operation, describe(file), new NoSuchFileException(describe(file)));
  }

  private StoreIOException alreadyThere(String operation, String file) {
    return IoFailure.of(operation, describe(file), new FileAlreadyExistsException(describe(file)));
  }
}
