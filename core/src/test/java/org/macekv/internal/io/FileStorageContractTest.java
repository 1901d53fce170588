package org.macekv.internal.io;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class FileStorageContractTest extends StorageContractTest {
  @TempDir Path directory;

  @Override
  Storage newStorage() {
    return new FileStorage(directory.resolve("store"), true);
  }
}
