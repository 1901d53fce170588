package org.macekv.internal.format;

/**
 * The header of a page image; the low fence and the body follow. All integers are big-endian.
 *
 * <pre>
 *  offset  length  field
 *       0       4  CRC32C of bytes 4 to the image's end
 *       4       4  length of the image in bytes, header included
 *       8       1  level: 0 a leaf, above it inner nodes
 *       9       1  1 if it only has what changed since the images before it, else 0
 *      10       1  compression of the body: 0 none, 1 Zstandard
 *      11       1  zero
 *      12       4  bucket id
 *      16       8  position: the image has every commit at or below it, and none above
 *      24       4  length of the low fence l
 *      28       l  low fence: the least key that may be below this node
 * </pre>
 *
 * <p>A compressed body: 4 B length of the body that it stands for, and a Zstandard frame.
 *
 * <p>A leaf's body:
 *
 * <pre>
 *   4 B: length of the page, then the page: base and delta
 *   4 B: number of delta entries, for each:
 *        4 B code, 4 B offset in the page, 8 B position
 *   for each base entry, then each delta entry, whose value is kept beside the page:
 *        1 B: 0 and varint length, bytes; or 1 and a large value's pointer
 * </pre>
 *
 * <p>An image with changes has, of each key that changed, all that a full image would have of it; a
 * key that is gone is a delta entry that deletes it. It takes the place of what the images before
 * it say of these keys.
 *
 * <p>An inner node's body:
 *
 * <pre>
 *   4 B: number of children n, for each: 1 B number of its images, the full one first, for each
 *        varint file, offset, length
 *   n - 1 separators: varint length, bytes
 * </pre>
 *
 * <p>With changes:
 *
 * <pre>
 *   4 B: number of children whose images are others now, for each: varint index, then as above
 * </pre>
 */
public final class ImageLayout {
  /** Offset of the CRC. */
  public static final int CRC = 0;

  /** Offset of the image's length. */
  public static final int LENGTH = 4;

  /** Offset of the level. */
  public static final int LEVEL = 8;

  /** Offset of the mark of an image that only has changes. */
  public static final int CHANGES = 9;

  /** Offset of the kind of compression. */
  public static final int COMPRESSION = 10;

  /** Marks a body that is as it is. */
  public static final byte NOT_COMPRESSED = 0;

  /** Marks a body that is compressed with Zstandard. */
  public static final byte ZSTD = 1;

  /** Bytes of the length that stands before a compressed body. */
  public static final int EXPANDED_LENGTH_LENGTH = 4;

  /** Offset of the bucket id. */
  public static final int BUCKET_ID = 12;

  /** Offset of the position. */
  public static final int POSITION = 16;

  /** Offset of the low fence's length. */
  public static final int LOW_LENGTH = 24;

  /** Offset of the low fence. */
  public static final int LOW = 28;

  /** Bytes that a delta entry takes beside the page. */
  public static final int DELTA_ENTRY_LENGTH = 16;

  /** Marks a value beside the page that is bytes. */
  public static final byte VALUE_BYTES = 0;

  /** Marks a value beside the page that is a large value's pointer. */
  public static final byte VALUE_LARGE = 1;

  private ImageLayout() {}

  /** The offset of the body. */
  public static int body(byte[] image) {
    return LOW + BigEndian.getInt(image, LOW_LENGTH);
  }

  /** Fills the header of an image whose body is complete. */
  public static void seal(byte[] image, int level, int bucketId, long position, byte[] low) {
    BigEndian.putInt(image, LENGTH, image.length);
    image[LEVEL] = (byte) level;
    BigEndian.putInt(image, BUCKET_ID, bucketId);
    BigEndian.putLong(image, POSITION, position);
    BigEndian.putInt(image, LOW_LENGTH, low.length);
    System.arraycopy(low, 0, image, LOW, low.length);
    sealCrc(image);
  }

  /** Fills the CRC in of an image that is complete otherwise. */
  public static void sealCrc(byte[] image) {
    BigEndian.putInt(image, CRC, Crc.of(image, LENGTH, image.length - LENGTH));
  }
}
