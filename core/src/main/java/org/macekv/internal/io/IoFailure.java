package org.macekv.internal.io;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;
import org.macekv.error.StoreIOException;

/** Turns what the file system says into what the store says. */
final class IoFailure {
  private IoFailure() {}

  /**
   * @param operation what was asked for, as in "cannot ...": a verb, with its amounts
   * @param file the file, as {@link Storage#describe} names it
   */
  static StoreIOException of(String operation, String file, IOException cause) {
    return new StoreIOException("cannot " + operation + " " + file + ": " + reason(cause), cause);
  }

  /** The failure of an operation on a file or storage that was closed before. */
  static StoreIOException closed(String operation, String file) {
    return of(operation, file, new IOException("it was closed"));
  }

  /** The messages of file system exceptions are often a bare path, and their class is the news. */
  private static String reason(IOException cause) {
    if (cause instanceof NoSuchFileException) {
      return "no such file or directory";
    }
    if (cause instanceof FileAlreadyExistsException) {
      return "it exists already";
    }
    if (cause instanceof AccessDeniedException) {
      return "access denied";
    }
    @Nullable String said =
        cause instanceof FileSystemException refusal ? refusal.getReason() : cause.getMessage();
    return said == null ? cause.getClass().getSimpleName() : said;
  }
}
