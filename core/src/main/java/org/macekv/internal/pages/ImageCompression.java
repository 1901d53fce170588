package org.macekv.internal.pages;

import org.jspecify.annotations.Nullable;
import org.macekv.error.CompressionUnavailableException;
import org.macekv.internal.format.BigEndian;
import org.macekv.internal.format.ImageLayout;

/** Page images with compressed bodies ({@link ImageLayout}). */
public final class ImageCompression {
  /** The library's own default: a good deal of the savings, at some hundred MB a second. */
  private static final int LEVEL = 3;

  /** Images stay as they are if they would not become smaller by this part. */
  private static final int LEAST_SAVING = 8;

  private static final int MAX_BODY_BYTES = 1 << 30;

  private ImageCompression() {}

  /**
   * Returns if the library can be used.
   *
   * @param needs what needs it, for the message
   * @throws CompressionUnavailableException if it is not there or does not load
   */
  public static void require(String needs) {
    try {
      ZstdLibrary.touch();
    } catch (LinkageError e) {
      throw new CompressionUnavailableException(needs, e);
    }
  }

  /**
   * An image with its body compressed, or the same image if that saves too little.
   *
   * @param image complete, not compressed
   */
  public static byte[] compress(byte[] image) {
    int body = ImageLayout.body(image);
    byte[] compressed =
        ZstdLibrary.compress(image, body, body + ImageLayout.EXPANDED_LENGTH_LENGTH, LEVEL);
    if (compressed.length > image.length - image.length / LEAST_SAVING) {
      return image;
    }
    System.arraycopy(image, 0, compressed, 0, body);
    compressed[ImageLayout.COMPRESSION] = ImageLayout.ZSTD;
    BigEndian.putInt(compressed, body, image.length - body);
    BigEndian.putInt(compressed, ImageLayout.LENGTH, compressed.length);
    ImageLayout.sealCrc(compressed);
    return compressed;
  }

  /**
   * The image without compression; its CRC is not filled in. Null if it makes no sense.
   *
   * @param image an image that says it is compressed, and whose checksum fits
   * @param name what the image is called in messages
   * @throws CompressionUnavailableException if the library can't be used
   */
  static byte @Nullable [] expand(byte[] image, String name) {
    int body = ImageLayout.body(image);
    int from = body + ImageLayout.EXPANDED_LENGTH_LENGTH;
    if (image[ImageLayout.COMPRESSION] != ImageLayout.ZSTD
        || body < ImageLayout.LOW
        || from > image.length) {
      return null;
    }
    int length = BigEndian.getInt(image, body);
    if (length < 0 || length > MAX_BODY_BYTES) {
      return null;
    }
    require(name);
    byte[] expanded = new byte[body + length];
    if (!ZstdLibrary.expand(image, from, expanded, body)) {
      return null;
    }
    System.arraycopy(image, 0, expanded, 0, body);
    expanded[ImageLayout.COMPRESSION] = ImageLayout.NOT_COMPRESSED;
    BigEndian.putInt(expanded, ImageLayout.LENGTH, expanded.length);
    return expanded;
  }
}
