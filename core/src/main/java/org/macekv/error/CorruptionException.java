package org.macekv.error;

/**
 * Bytes on disk are not what the store wrote. The store refuses to go on with them: damage is never
 * skipped in silence and never returned as data.
 */
public class CorruptionException extends MaceException {
  private static final long serialVersionUID = 1L;

  private final String file;
  private final long offset;

  /**
   * @param file the damaged file
   * @param offset where in it, in bytes
   * @param cause what was expected and what was found
   */
  public CorruptionException(String file, long offset, String cause) {
    super("damage in " + file + " at offset " + offset + ": " + cause);
    this.file = file;
    this.offset = offset;
  }

  /** The damaged file. */
  public String file() {
    return file;
  }

  /** The offset in the file, in bytes, at which the damage was noticed. */
  public long offset() {
    return offset;
  }
}
