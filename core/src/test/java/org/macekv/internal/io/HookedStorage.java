package org.macekv.internal.io;

/** A storage that asks a hook before each operation that writes; the hook may throw or wait. */
public final class HookedStorage extends ForwardingStorage {
  private volatile Hook hook = (operation, file) -> {};

  /**
   * Called before an operation: write, sync, setLength, create, openForWriting, rename, delete,
   * syncDirectory.
   */
  public interface Hook {
    void before(String operation, String file);
  }

  public HookedStorage(Storage inner) {
    super(inner);
  }

  public void setHook(Hook newHook) {
    hook = newHook;
  }

  @Override
  public WritableFile create(String file) {
    hook.before("create", file);
    return hooked(inner().create(file), file);
  }

  @Override
  public WritableFile openForWriting(String file) {
    hook.before("openForWriting", file);
    return hooked(inner().openForWriting(file), file);
  }

  private WritableFile hooked(WritableFile out, String file) {
    return new WritableFile() {
      @Override
      public void write(long offset, byte[] source, int from, int length) {
        hook.before("write", file);
        out.write(offset, source, from, length);
      }

      @Override
      public void sync() {
        hook.before("sync", file);
        out.sync();
      }

      @Override
      public void setLength(long length) {
        hook.before("setLength", file);
        out.setLength(length);
      }

      @Override
      public void close() {
        out.close();
      }
    };
  }

  @Override
  public void rewrite(String file, long from, long to) {
    hook.before("rewrite", file);
    inner().rewrite(file, from, to);
  }

  @Override
  public void rename(String from, String to) {
    hook.before("rename", from);
    inner().rename(from, to);
  }

  @Override
  public void delete(String file) {
    hook.before("delete", file);
    inner().delete(file);
  }

  @Override
  public void syncDirectory(String directory) {
    hook.before("syncDirectory", directory);
    inner().syncDirectory(directory);
  }
}
