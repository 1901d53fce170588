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
    return encode(node.level(), node.separators(), children, bucketId, position, low);
  }

  /** The image of a node of a level, whose children's images are at {@code children}. */
  static byte[] encode(
      int level,
      Separators separators,
      ImageChain[] children,
      int bucketId,
      long position,
      byte[] low) {
    int body = ImageLayout.LOW + low.length;
    int length = body + 4;
    for (ImageChain child : children) {
      length += child.encodedLength();
    }
    for (int i = 0; i < separators.count(); i++) {
      length += Varint.length(separators.length(i)) + separators.length(i);
    }
    byte[] image = new byte[length];
    BigEndian.putInt(image, body, children.length);
    int at = body + 4;
    for (ImageChain child : children) {
      at = child.put(image, at);
    }
    for (int i = 0; i < separators.count(); i++) {
      at = separators.copy(i, image, Varint.put(image, at, separators.length(i)));
    }
    assert at == length;
    ImageLayout.seal(image, level, bucketId, position, low);
    return image;
  }

  /**
   * The image of what has changed of a node.
   *
   * @param changed for each child where its images are now, null if that has not changed
   */
  static byte[] encodeChanges(
      Inner node, @Nullable ImageChain[] changed, int bucketId, long position, byte[] low) {
    int body = ImageLayout.LOW + low.length;
    int length = body + 4;
    int count = 0;
    for (int i = 0; i < changed.length; i++) {
      ImageChain child = changed[i];
      if (child != null) {
        length += Varint.length(i) + child.encodedLength();
        count++;
      }
    }
    byte[] image = new byte[length];
    BigEndian.putInt(image, body, count);
    int at = body + 4;
    for (int i = 0; i < changed.length; i++) {
      ImageChain child = changed[i];
      if (child != null) {
        at = child.put(image, Varint.put(image, at, i));
      }
    }
    assert at == length;
    image[ImageLayout.CHANGES] = 1;
    ImageLayout.seal(image, node.level(), bucketId, position, low);
    return image;
  }

  /**
   * The node of images; its children are on disk.
   *
   * @param ref what stands for the node
   * @throws CorruptionException if an image is damaged
   */
  static Inner read(ImageChain images, InnerRef ref) {
    PageAddress address = images.image(0);
    try {
      byte[] image = ref.tree().store().pages().read(address);
      Content content = decode(image, ref);
      for (int i = 1; i < images.count(); i++) {
        address = images.image(i);
        change(content, ref.tree().store().pages().read(address), ref);
      }
      return content.node(ref);
    } catch (MalformedException | IndexOutOfBoundsException e) {
      throw new CorruptionException(
          ref.tree().store().pages().describe(address),
          address.offset(),
          "an intact image of an inner node makes no sense: " + e.getMessage());
    }
  }

  /** What images say. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Content(ImageChain[] chains, byte[][] separators) {
    Inner node(InnerRef ref) {
      Separators between = Separators.of(separators);
      if (ref.level() == 1) {
        return Inner.of(between, chains);
      }
      int count = chains.length;
      NodeLock[] children = new NodeLock[count];
      for (int i = 0; i < count; i++) {
        byte[] low = i == 0 ? ref.low() : separators[i - 1];
        byte @Nullable [] high = i == count - 1 ? ref.high() : separators[i];
        children[i] = new InnerRef(ref.tree(), chains[i], ref.level() - 1, low, high);
      }
      return Inner.of(between, children);
    }
  }

  private static ByteReader open(byte[] image, InnerRef ref, boolean changes)
      throws MalformedException {
    ByteReader reader = new ByteReader(image, ImageLayout.body(image) + 4, image.length);
    int level = image[ImageLayout.LEVEL];
    if (level != ref.level()) {
      throw reader.malformed("it is of level " + level + ", not " + ref.level());
    }
    if (image[ImageLayout.CHANGES] != (changes ? 1 : 0)) {
      throw reader.malformed(changes ? "it is not one of changes" : "it is not a full one");
    }
    return reader;
  }

  private static Content decode(byte[] image, InnerRef ref) throws MalformedException {
    ByteReader reader = open(image, ref, false);
    int count = BigEndian.getInt(image, ImageLayout.body(image));
    if (count < 1 || count > Inner.MAX_CHILDREN) {
      throw reader.malformed(count + " children");
    }
    ImageChain[] chains = new ImageChain[count];
    for (int i = 0; i < count; i++) {
      chains[i] = ImageChain.read(reader);
    }
    byte[][] separators = new byte[count - 1][];
    for (int i = 0; i < count - 1; i++) {
      int length = reader.readInt("length of a separator", image.length);
      separators[i] = length == 0 ? NO_BYTES : reader.readBytes(length);
    }
    return new Content(chains, separators);
  }

  private static void change(Content content, byte[] image, InnerRef ref)
      throws MalformedException {
    ByteReader reader = open(image, ref, true);
    int count = BigEndian.getInt(image, ImageLayout.body(image));
    for (int i = 0; i < count; i++) {
      int index = reader.readInt("index of a child", content.chains.length - 1);
      content.chains[index] = ImageChain.read(reader);
    }
  }
}
