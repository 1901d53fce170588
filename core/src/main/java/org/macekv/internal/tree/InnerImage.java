package org.macekv.internal.tree;

import org.jspecify.annotations.Nullable;
import org.macekv.error.CorruptionException;
import org.macekv.internal.format.BigEndian;
import org.macekv.internal.format.ByteReader;
import org.macekv.internal.format.ByteReader.MalformedException;
import org.macekv.internal.format.ImageChain;
import org.macekv.internal.format.ImageLayout;
import org.macekv.internal.format.PageAddress;
import org.macekv.internal.format.Varint;

/** Inner nodes as images on disk ({@link ImageLayout}). */
final class InnerImage {
  private static final byte[] NO_BYTES = {};

  private InnerImage() {}

  /** The image of a node whose children's images are at {@code children}. */
  static byte[] encode(Inner node, ImageChain[] children, int bucketId, long position, byte[] low) {
    int body = ImageLayout.LOW + low.length;
    int length = body + 4;
    for (ImageChain child : children) {
      length += child.encodedLength();
    }
    for (int i = 0; i < children.length - 1; i++) {
      byte[] separator = node.separator(i);
      length += Varint.length(separator.length) + separator.length;
    }
    byte[] image = new byte[length];
    BigEndian.putInt(image, body, children.length);
    int at = body + 4;
    for (ImageChain child : children) {
      at = child.put(image, at);
    }
    for (int i = 0; i < children.length - 1; i++) {
      byte[] separator = node.separator(i);
      at = Varint.put(image, at, separator.length);
      System.arraycopy(separator, 0, image, at, separator.length);
      at += separator.length;
    }
    assert at == length;
    ImageLayout.seal(image, node.level(), bucketId, position, low);
    return image;
  }

  /**
   * The node of an image whose checksum was checked; its children are on disk.
   *
   * @param ref what stands for the node
   * @throws CorruptionException if the image makes no sense all the same
   */
  static Inner decode(byte[] image, PageAddress address, InnerRef ref) {
    try {
      return decode(image, ref);
    } catch (MalformedException | IndexOutOfBoundsException e) {
      throw new CorruptionException(
          ref.tree().store().pages().describe(address),
          address.offset(),
          "an intact image of an inner node makes no sense: " + e.getMessage());
    }
  }

  private static Inner decode(byte[] image, InnerRef ref) throws MalformedException {
    int level = image[ImageLayout.LEVEL];
    int body = ImageLayout.body(image);
    int count = BigEndian.getInt(image, body);
    ByteReader reader = new ByteReader(image, body + 4, image.length);
    if (level != ref.level() || count < 1 || count > Inner.MAX_CHILDREN) {
      throw reader.malformed(count + " children at level " + level);
    }
    ImageChain[] chains = new ImageChain[count];
    for (int i = 0; i < count; i++) {
      ImageChain chain = ImageChain.read(reader);
      if (level > 1 && chain.count() > 1) {
        throw reader.malformed("an inner node has " + chain.count() + " images");
      }
      chains[i] = chain;
    }
    byte[][] separators = new byte[count - 1][];
    for (int i = 0; i < count - 1; i++) {
      int length = reader.readInt("length of a separator", image.length);
      separators[i] = length == 0 ? NO_BYTES : reader.readBytes(length);
    }
    Object[] children = new Object[count];
    for (int i = 0; i < count; i++) {
      byte[] childLow = i == 0 ? ref.low() : separators[i - 1];
      byte @Nullable [] childHigh = i == count - 1 ? ref.high() : separators[i];
      children[i] =
          level == 1
              ? new Cell(childLow, childHigh, chains[i])
              : new InnerRef(ref.tree(), chains[i].newest(), level - 1, childLow, childHigh);
    }
    return new Inner(separators, children);
  }
}
