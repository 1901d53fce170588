package org.macekv.internal.io;

import java.util.List;

/** A storage that does what another one does; what differs is overridden. */
abstract class ForwardingStorage implements Storage {
  private final Storage inner;

  /** In front of {@code inner}. */
  ForwardingStorage(Storage inner) {
    this.inner = inner;
  }

  /** The storage that does it. */
  final Storage inner() {
    return inner;
  }

  @Override
  public String name() {
    return inner.name();
  }

  @Override
  public String describe(String file) {
    return inner.describe(file);
  }

  @Override
  public void lock() {
    inner.lock();
  }

  @Override
  public void createDirectory(String directory) {
    inner.createDirectory(directory);
  }

  @Override
  public boolean exists(String name) {
    return inner.exists(name);
  }

  @Override
  public List<String> list(String directory) {
    return inner.list(directory);
  }

  @Override
  public WritableFile create(String file) {
    return inner.create(file);
  }

  @Override
  public WritableFile openForWriting(String file) {
    return inner.openForWriting(file);
  }

  @Override
  public ReadableFile open(String file) {
    return inner.open(file);
  }

  @Override
  public void truncate(String file, long length) {
    inner.truncate(file, length);
  }

  @Override
  public void rewrite(String file, long from, long to) {
    inner.rewrite(file, from, to);
  }

  @Override
  public void rename(String from, String to) {
    inner.rename(from, to);
  }

  @Override
  public void delete(String file) {
    inner.delete(file);
  }

  @Override
  public void syncDirectory(String directory) {
    inner.syncDirectory(directory);
  }

  @Override
  public boolean isOnDevice() {
    return inner.isOnDevice();
  }

  @Override
  public long usableBytes() {
    return inner.usableBytes();
  }

  @Override
  public long writtenBytes() {
    return inner.writtenBytes();
  }

  @Override
  public void close() {
    inner.close();
  }
}
