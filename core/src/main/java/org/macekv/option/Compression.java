package org.macekv.option;

/** How page images are compressed on disk. */
public enum Compression {
  /** Not at all. */
  NONE(0),

  /**
   * With Zstandard (RFC 8878), where that saves an eighth or more. Needs the library {@code
   * com.github.luben:zstd-jni} at run time, which is an optional dependency with native code: on
   * the class path, or as module {@code com.github.luben.zstd_jni}.
   */
  ZSTD(1);

  private final int code;

  Compression(int code) {
    this.code = code;
  }

  /** The number that stands for it in files. */
  public int code() {
    return code;
  }

  /**
   * The one with a code.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Compression of(int code) {
    for (Compression each : values()) {
      if (each.code == code) {
        return each;
      }
    }
    throw new IllegalArgumentException("unknown compression: " + code);
  }
}
