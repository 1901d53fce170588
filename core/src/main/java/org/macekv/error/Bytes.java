package org.macekv.error;

/** How byte strings are shown in messages. */
final class Bytes {
  private static final int SHOWN = 32;

  private Bytes() {}

  /** Printable ASCII as text, else hexadecimal; long ones are cut and their length is said. */
  static String describe(byte[] bytes) {
    int shown = Math.min(bytes.length, SHOWN);
    boolean printable = bytes.length > 0;
    for (int i = 0; i < shown; i++) {
      printable &= bytes[i] >= 0x20 && bytes[i] < 0x7f;
    }
    StringBuilder text = new StringBuilder(printable ? "\"" : "0x");
    for (int i = 0; i < shown; i++) {
      if (printable) {
        text.append((char) bytes[i]);
      } else {
        text.append(Character.forDigit((bytes[i] >> 4) & 15, 16));
        text.append(Character.forDigit(bytes[i] & 15, 16));
      }
    }
    if (printable) {
      text.append('"');
    }
    if (shown < bytes.length) {
      text.append("... (").append(bytes.length).append(" bytes)");
    }
    return text.toString();
  }
}
