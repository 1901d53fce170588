package org.macekv.internal.format;

import java.util.zip.CRC32C;

/** CRC32C (Castagnoli, RFC 3720 appendix B.4), the checksum of all that the store writes. */
public final class Crc {
  private Crc() {}

  /** The checksum of {@code length} bytes from {@code offset}. */
  public static int of(byte[] bytes, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, offset, length);
    return (int) crc.getValue();
  }
}
