package org.macekv.error;

/** A file of the store has a format that this release does not read: too old or too new. */
public class FormatVersionException extends MaceException {
  private static final long serialVersionUID = 1L;

  /**
   * @param file the file
   * @param found the format version in the file
   * @param oldest the oldest version that this release reads
   * @param newest the newest version that this release reads
   */
  public FormatVersionException(String file, int found, int oldest, int newest) {
    super(
        file
            + " has format version "
            + found
            + ", which is too "
            + (found > newest ? "new" : "old")
            + ": this release reads "
            + oldest
            + " to "
            + newest);
  }
}
