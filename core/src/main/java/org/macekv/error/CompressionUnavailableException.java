package org.macekv.error;

/** A compression was asked for, or met in a file, whose library is not there or does not load. */
public final class CompressionUnavailableException extends MaceException {
  private static final long serialVersionUID = 1L;

  /** With what needs the library, and why it can't be used. */
  public CompressionUnavailableException(String needs, Throwable cause) {
    super(
        needs
            + " is compressed with Zstandard, whose library can't be used: add"
            + " com.github.luben:zstd-jni to the class path, or its module to the module graph",
        cause);
  }
}
