package org.macekv.internal.tree;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.macekv.error.CorruptionException;
import org.macekv.internal.format.BigEndian;
import org.macekv.internal.format.ByteReader;
import org.macekv.internal.format.ByteReader.MalformedException;
import org.macekv.internal.format.ImageChain;
import org.macekv.internal.format.ImageLayout;
import org.macekv.internal.format.LargeValue;
import org.macekv.internal.format.LeafPage;
import org.macekv.internal.format.PageAddress;
import org.macekv.internal.format.Varint;

/** Leaves as images on disk ({@link ImageLayout}). */
final class LeafImage {
  private LeafImage() {}

  /**
   * The image of a leaf.
   *
   * <p>Requires: the leaf was folded, nobody appends to it, and no version in it is undecided.
   */
  static byte[] encode(Leaf leaf, int bucketId, long position, byte[] low) {
    List<Object> beside = new ArrayList<>();
    for (Object value : leaf.beside) {
      if (value != null) {
        beside.add(value);
      }
    }
    int count = leaf.count();
    for (int i = 0; i < count; i++) {
      if (isBeside(leaf.page, leaf.offset(i))) {
        beside.add(leaf.besideValue(i));
      }
    }
    int pageLength = leaf.usedBytes();
    int body = ImageLayout.LOW + low.length;
    int length = body + 4 + pageLength + 4 + count * ImageLayout.DELTA_ENTRY_LENGTH;
    for (Object value : beside) {
      length += encodedLength(value);
    }
    byte[] image = new byte[length];
    BigEndian.putInt(image, body, pageLength);
    System.arraycopy(leaf.page, 0, image, body + 4, pageLength);
    int at = body + 4 + pageLength;
    BigEndian.putInt(image, at, count);
    at += 4;
    for (int i = 0; i < count; i++) {
      BigEndian.putInt(image, at, leaf.code(i));
      BigEndian.putInt(image, at + 4, leaf.offset(i));
      BigEndian.putLong(image, at + 8, leaf.position(i));
      at += ImageLayout.DELTA_ENTRY_LENGTH;
    }
    for (Object value : beside) {
      at = put(image, at, value);
    }
    assert at == length;
    ImageLayout.seal(image, 0, bucketId, position, low);
    return image;
  }

  private static boolean isBeside(byte[] page, int entry) {
    return LeafPage.tag(page, entry) == LeafPage.BESIDE_TAG;
  }

  private static int encodedLength(Object value) {
    if (value instanceof byte[] bytes) {
      return 1 + Varint.length(bytes.length) + bytes.length;
    }
    return 1 + ((LargeValue) value).encodedLength();
  }

  private static int put(byte[] image, int offset, Object value) {
    if (value instanceof byte[] bytes) {
      image[offset] = ImageLayout.VALUE_BYTES;
      int at = Varint.put(image, offset + 1, bytes.length);
      System.arraycopy(bytes, 0, image, at, bytes.length);
      return at + bytes.length;
    }
    image[offset] = ImageLayout.VALUE_LARGE;
    return ((LargeValue) value).encode(image, offset + 1);
  }

  /**
   * A leaf as its images say.
   *
   * @param leaf without room for more
   * @param position every commit at or below it is in the images
   */
  record Read(Leaf leaf, long position) {}

  /**
   * Reads a leaf.
   *
   * @throws CorruptionException if an image is damaged
   */
  static Read read(ImageChain chain, TreeStore store) {
    byte[] image = store.pages().read(chain.image(0));
    Leaf leaf = decode(image, chain.image(0), false, store);
    for (int i = 1; i < chain.count(); i++) {
      image = store.pages().read(chain.image(i));
      leaf = LeafFold.overlay(leaf, decode(image, chain.image(i), true, store));
    }
    return new Read(leaf, BigEndian.getLong(image, ImageLayout.POSITION));
  }

  /**
   * The leaf as the full image says, without the changes since.
   *
   * @throws CorruptionException if the image is damaged
   */
  static Leaf readFull(ImageChain chain, TreeStore store) {
    return decode(store.pages().read(chain.image(0)), chain.image(0), false, store);
  }

  /** Marks an image as one that only has changes. */
  static void markAsChanges(byte[] image) {
    image[ImageLayout.CHANGES] = 1;
    ImageLayout.sealCrc(image);
  }

  /**
   * The leaf of an image whose checksum was checked, without room for more.
   *
   * @throws CorruptionException if it makes no sense all the same
   */
  private static Leaf decode(byte[] image, PageAddress address, boolean changes, TreeStore store) {
    try {
      if (image[ImageLayout.LEVEL] != 0 || image[ImageLayout.CHANGES] != (changes ? 1 : 0)) {
        throw new CorruptionException(
            store.pages().describe(address),
            address.offset(),
            changes
                ? "the image is not one of a leaf's changes"
                : "the image is not one of a whole leaf");
      }
      return decode(image);
    } catch (MalformedException | IndexOutOfBoundsException | NegativeArraySizeException e) {
      throw new CorruptionException(
          store.pages().describe(address),
          address.offset(),
          "an intact image of a leaf makes no sense: " + e.getMessage());
    }
  }

  private static Leaf decode(byte[] image) throws MalformedException {
    int body = ImageLayout.body(image);
    int pageLength = BigEndian.getInt(image, body);
    ByteReader reader = new ByteReader(image, body + 4, image.length);
    byte[] page = reader.readBytes(pageLength);
    int list = reader.offset() + 4;
    int deltaCount = BigEndian.getInt(image, reader.offset());
    reader =
        new ByteReader(
            image,
            Math.addExact(list, Math.multiplyExact(deltaCount, ImageLayout.DELTA_ENTRY_LENGTH)),
            image.length);
    int count = LeafPage.count(page);
    Object[] beside = Leaf.NOTHING_BESIDE;
    for (int i = 0; i < count; i++) {
      if (isBeside(page, LeafPage.entryOffset(page, i))) {
        if (beside.length == 0) {
          beside = new Object[count];
        }
        beside[i] = value(reader);
      }
    }
    Object[] deltaValues = new Object[deltaCount];
    int live = count;
    for (int i = 0; i < deltaCount; i++) {
      int entry = BigEndian.getInt(image, list + i * ImageLayout.DELTA_ENTRY_LENGTH + 4);
      if (isBeside(page, entry)) {
        deltaValues[i] = value(reader);
      }
    }
    if (reader.hasMore()) {
      throw reader.malformed("there is more behind the values");
    }
    Leaf leaf =
        new Leaf(
            page, beside, LeafPage.baseEnd(page), deltaCount, deltaCount, live, beside(beside));
    for (int i = 0; i < deltaCount; i++) {
      int at = list + i * ImageLayout.DELTA_ENTRY_LENGTH;
      int entry = BigEndian.getInt(image, at + 4);
      leaf.adopt(
          BigEndian.getInt(image, at),
          entry,
          LeafPage.entryLength(page, entry),
          BigEndian.getLong(image, at + 8),
          null,
          deltaValues[i]);
    }
    leaf.countLive();
    return leaf;
  }

  private static int beside(@Nullable Object[] values) {
    int bytes = 0;
    for (Object value : values) {
      bytes += value == null ? 0 : Leaf.valueSize(value);
    }
    return bytes;
  }

  private static Object value(ByteReader reader) throws MalformedException {
    return switch (reader.readByte()) {
      case ImageLayout.VALUE_BYTES ->
          reader.readBytes(reader.readInt("length of a value", Integer.MAX_VALUE));
      case ImageLayout.VALUE_LARGE -> reader.readLargeValue();
      default -> throw reader.malformed("unknown kind of value");
    };
  }
}
